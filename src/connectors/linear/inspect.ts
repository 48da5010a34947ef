import { type AnswerHeaders, createHttp, type Http, type HttpAnswer } from '../http.ts';
import { ConnectorError } from '../errors.ts';
import { createCredential, type LinearAuth } from './auth.ts';
import { completedStates, createLabel } from './documents.ts';
import { createGraphql, readField, tryField, unreadable, type Graphql } from './graphql.ts';
import { integrations, labelsNamed, securitySettings, teamsAfter, viewer, workspace } from './inspect-documents.ts';
import {
  Granted,
  Integrations,
  NamedLabels,
  Organization,
  Security,
  TeamPage,
  Viewer,
  type FoundTeam,
} from './inspect-schema.ts';
import { CreatedLabel, States } from './schema.ts';

export interface LinearIdentity {
  /** An OAuth application, or a person whose key it is. */
  readonly kind: 'app' | 'person';
  readonly name: string;
  readonly workspace: { readonly name: string; readonly urlKey: string };
  /** What a token was given; null for a key, of which Linear does not say what it may do. */
  readonly scopes: readonly string[] | null;
  /** Whether the workspace leaves making labels to people of this kind; null where that is not told. */
  readonly mayMakeLabels: boolean | null;
  /** Seconds by which our clock is ahead of Linear's; negative where it is behind, null where Linear names no time. */
  readonly clockAheadSeconds: number | null;
  /** What is left of this hour; empty where Linear does not say. */
  readonly quotas: readonly LinearQuota[];
}

export interface LinearTeam {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly private: boolean;
  /** The names of the states that mean done, in their order. */
  readonly completedStates: readonly string[];
}

export interface LinearLabel {
  readonly id: string;
  readonly name: string;
  /** Null for a label of the workspace. */
  readonly team: { readonly id: string; readonly key: string } | null;
  /** Why it cannot be put on an issue; null where it can. */
  readonly unusable: 'group' | 'retired' | 'in_group' | null;
}

export interface LinearQuota {
  readonly of: 'requests' | 'complexity';
  readonly allowed: number;
  readonly remaining: number;
}

export interface LinearInspector {
  whoAmI(): Promise<LinearIdentity>;
  /** Every team that the credential reaches, by key. */
  listTeams(): Promise<LinearTeam[]>;
  /** Every label of this name, in whatever case. */
  findLabels(name: string): Promise<LinearLabel[]>;
  /** Makes a label for the whole workspace: all that is ever written here. */
  createLabel(name: string): Promise<LinearLabel>;
  /** Whether the workspace is connected with GitLab; null where that is not told. */
  hasGitlab(): Promise<boolean | null>;
}

export interface LinearInspectorOptions {
  readonly url: string;
  readonly auth: LinearAuth;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

const teamsPerDocument = 20;
// Ten thousand teams.
const mostPages = 100;

/** Looks at what a credential for Linear is, may and sees, by the code that works with it later. */
export function createLinearInspector(options: LinearInspectorOptions): LinearInspector {
  const now = options.now ?? (() => new Date());
  const plain = createHttp({
    vendor: 'linear',
    now,
    timeoutMs: options.timeoutMs ?? 20_000,
    maxBytes: 8 * 1024 * 1024,
  });
  let scopes: readonly string[] | null = null;
  let last: HttpAnswer | undefined;
  const http: Http = async (request) => {
    const answer = await plain(request);
    last = answer;
    // The only other address that is asked is the one that gives tokens.
    if (request.url !== options.url && answer.status === 200) scopes = grantedBy(answer);
    return answer;
  };
  const credential = createCredential(options.auth, options.url, http, now);
  const graphql = createGraphql({ url: options.url, http, credential, now });

  return {
    async whoAmI() {
      const operation = 'WhoAmI';
      const [one, place, security] = await graphql.ask(operation, [viewer, workspace, securitySettings]);
      const found = readField(one, Viewer, operation);
      const organization = readField(place, Organization, operation);
      if (found === null || organization === null) throw unreadable(operation);
      const settings = tryField(security, Security, operation);
      const role = settings.ok ? (settings.value?.securitySettings?.labelManagementRole ?? null) : null;
      return {
        kind: found.app ? 'app' : 'person',
        name: found.name,
        workspace: organization,
        scopes,
        mayMakeLabels: role === null ? null : mayAct(role, found.admin, found.owner ?? false),
        clockAheadSeconds: last === undefined ? null : aheadOf(last),
        quotas: last === undefined ? [] : quotasIn(last.headers),
      };
    },

    async listTeams() {
      const teams = (await readTeams(graphql)).filter(({ retiredAt }) => !retiredAt);
      const states = await readCompleted(graphql, teams);
      return teams
        .map(({ id, key, name, visibility }) => ({
          id,
          key,
          name,
          private: visibility !== 'public',
          completedStates: states.get(id) ?? [],
        }))
        .toSorted((one, other) => (one.key < other.key ? -1 : 1));
    },

    async findLabels(name) {
      const operation = 'FindLabels';
      const [answer] = await graphql.ask(operation, [labelsNamed(name)]);
      return (readField(answer, NamedLabels, operation)?.nodes ?? []).map((label) => ({
        id: label.id,
        name: label.name,
        team: label.team ?? null,
        unusable: label.isGroup ? 'group' : label.retiredAt ? 'retired' : label.parent ? 'in_group' : null,
      }));
    },

    async createLabel(name) {
      const operation = 'CreateLabel';
      const [answer] = await graphql.send('mutation', operation, [createLabel(name, null)]);
      const created = answer?.kind === 'none' ? null : readField(answer, CreatedLabel, operation);
      if (created?.success !== true || !created.issueLabel) throw unreadable(operation);
      return { id: created.issueLabel.id, name: created.issueLabel.name, team: null, unusable: null };
    },

    async hasGitlab() {
      const operation = 'ListIntegrations';
      const [answer] = await graphql.ask(operation, [integrations()]);
      const read = tryField(answer, Integrations, operation);
      // Not everybody may see them, and nothing depends on it.
      if (!read.ok) {
        if (read.error.code === 'forbidden' || read.error.code === 'refused') return null;
        throw read.error;
      }
      return read.value?.nodes.some(({ service }) => service.toLowerCase().startsWith('gitlab')) ?? null;
    },
  };
}

async function readTeams(graphql: Graphql): Promise<FoundTeam[]> {
  const operation = 'ListTeams';
  const teams: FoundTeam[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const [answer] = await graphql.ask(operation, [teamsAfter(cursor)]);
    const read: TeamPage | null = readField(answer, TeamPage, operation);
    teams.push(...(read?.nodes ?? []));
    if (read?.pageInfo.hasNextPage !== true) return teams;
    const next: string | null = read.pageInfo.endCursor ?? null;
    if (next === null || next === cursor) break;
    cursor = next;
  }
  throw new ConnectorError({
    vendor: 'linear',
    code: 'bad_response',
    message: `Linear's answers to ${operation} do not come to an end`,
  });
}

/** The names of each team's completed states, read as they are when an issue is closed. */
async function readCompleted(graphql: Graphql, teams: readonly FoundTeam[]): Promise<Map<string, string[]>> {
  const operation = 'TeamSettings';
  const states = new Map<string, string[]>();
  for (let from = 0; from < teams.length; from += teamsPerDocument) {
    const some = teams.slice(from, from + teamsPerDocument);
    const answers = await graphql.ask(
      operation,
      some.map(({ id }) => completedStates(id)),
    );
    for (const [index, { id }] of some.entries()) {
      const nodes = readField(answers[index], States, operation)?.nodes ?? [];
      const inOrder = nodes
        .filter(({ type }) => type === 'completed')
        .toSorted((one, other) => one.position - other.position);
      states.set(
        id,
        inOrder.map(({ name }) => name),
      );
    }
  }
  return states;
}

function grantedBy(answer: HttpAnswer): readonly string[] | null {
  try {
    const granted = Granted.safeParse(JSON.parse(answer.bytes.toString('utf8')));
    return granted.success ? granted.data.scope.split(/[\s,]+/).filter((scope) => scope !== '') : null;
  } catch {
    return null;
  }
}

// `admin` and `owner` are the roles that not everybody has.
function mayAct(role: string, admin: boolean, owner: boolean): boolean {
  if (role === 'owner') return owner;
  return role !== 'admin' || admin || owner;
}

function quotasIn(headers: AnswerHeaders): LinearQuota[] {
  return (['requests', 'complexity'] as const).flatMap((of) => {
    const [allowed, remaining] = ['limit', 'remaining'].map((what) => headers.get(`x-ratelimit-${of}-${what}`));
    if (!/^\d+$/.test(allowed ?? '') || !/^\d+$/.test(remaining ?? '')) return [];
    return { of, allowed: Number(allowed), remaining: Number(remaining) };
  });
}

function aheadOf({ headers, observedAt }: HttpAnswer): number | null {
  const told = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(told) ? null : Math.round((Date.parse(observedAt) - told) / 1000);
}
