import type { ZodType } from 'zod';
import { isConnectorError, type ConnectorError } from '../errors.ts';
import {
  issueByBranch,
  issueById,
  issueByNumber,
  issuesByUrl,
  teamsByKey,
  workspaceNames,
  type Field,
} from './documents.ts';
import { readField, type Graphql } from './graphql.ts';
import { keyOf, readMentions, type Mention, type Mentions } from './mentions.ts';
import { FoundAttachments, FoundIssue, FoundIssues, KnownTeams, Workspace } from './schema.ts';
import type { Teams } from './teams.ts';

/** What is known of a merge request when its issue is looked for. */
export interface TicketQuery {
  readonly mergeRequestUrl: string;
  readonly sourceBranch: string;
  readonly title: string;
  readonly description: string;
}

/** What is to be asked for one merge request. */
export interface Plan {
  readonly urls: readonly string[];
  /** How many issues with such an address are asked for at most. */
  readonly mostLinked: number;
  readonly branch: string;
  readonly mentions: Mentions;
}

/** The issues that one way of looking found, or why it could not be told. */
export type Found =
  | { readonly kind: 'issues'; readonly issues: readonly FoundIssue[] }
  | { readonly kind: 'error'; readonly error: ConnectorError };

/** The answers for a group of merge requests. */
export interface Lookups {
  byUrls(urls: readonly string[]): Found;
  byBranch(branch: string): Found;
  byMentions(mentions: readonly Mention[]): Promise<Found>;
}

const operation = 'FindTickets';

// Each costs a request of its own, and a text may name any number of issues that never were.
const mostMoved = 5;

// More than one is all that has to be known, unless there may be some among them that do not count.
const mostLinked = { ofAny: 3, ofSome: 10 };

/** Reads what a merge request says about its issue. */
export function planOf(query: TicketQuery, teams: Teams): Plan {
  return {
    urls: formsOf(query.mergeRequestUrl),
    mostLinked: teams.keys.length === 0 ? mostLinked.ofAny : mostLinked.ofSome,
    branch: query.sourceBranch.trim(),
    mentions: readMentions(query),
  };
}

/** The points that the look-ups of these merge requests cost at most in one document. */
export function costOf(plans: readonly Plan[]): number {
  return [...fieldsOf(plans).values()].reduce((sum, { cost }) => sum + cost, 0);
}

/** Asks in one document all that these merge requests need; what several of them need is asked once. */
export async function lookUp(graphql: Graphql, plans: readonly Plan[]): Promise<Lookups> {
  const fields = fieldsOf(plans);
  const asked = await graphql.ask(operation, [...fields.values()]);
  const answers = new Map([...fields.keys()].map((name, index) => [name, asked[index]]));

  const read = <T>(name: string, schema: ZodType<T>): T | null => readField(answers.get(name), schema, operation);

  // Without such a team it is no identifier at all: UTF-8, SHA-256.
  function isTeam(key: string): boolean {
    return read('teams', KnownTeams)?.nodes.some((team) => team.key.toUpperCase() === key) ?? false;
  }

  // An identifier says nothing about the workspace, a link does: SEC-1 of another workspace is not ours.
  function isOurs({ workspace }: Mention): boolean {
    const names = workspace === null ? null : read('workspace', Workspace);
    if (names === null) return true;
    return [names.urlKey, ...(names.previousUrlKeys ?? [])].some((name) => name.toLowerCase() === workspace);
  }

  return {
    byUrls: (urls) =>
      told(() => {
        const attachments = urls.flatMap((url) => read(`url ${url}`, FoundAttachments)?.nodes ?? []);
        return attachments.flatMap(({ issue }) => issue ?? []);
      }),

    byBranch: (branch) => told(() => read(`branch ${branch}`, FoundIssue) ?? []),

    async byMentions(mentions) {
      const unknown: string[] = [];
      const found = told(() =>
        mentions.filter(isOurs).flatMap(({ identifier }) => {
          const listed = read(`issue ${identifier}`, FoundIssues)?.nodes ?? [];
          const issue = listed.find((one) => isNamed(one, identifier));
          if (issue === undefined && isTeam(keyOf(identifier))) unknown.push(identifier);
          return issue ?? [];
        }),
      );
      if (found.kind === 'error' || unknown.length === 0) return found;

      // It may have moved to another team and number; only the look-up of a single issue knows old identifiers.
      const sought = unknown.slice(0, mostMoved);
      const single = await graphql.ask('FindTicket', sought.map(issueById));
      const moved = told(() =>
        single.flatMap((answer, index) => {
          const issue = readField(answer, FoundIssue, operation);
          return issue !== null && isNamed(issue, sought[index] ?? '') ? issue : [];
        }),
      );
      return moved.kind === 'error' ? moved : { kind: 'issues', issues: [...found.issues, ...moved.issues] };
    },
  };
}

/** Every field that these plans need, once, by a name of ours. */
function fieldsOf(plans: readonly Plan[]): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const { urls, mostLinked: most, branch, mentions } of plans) {
    for (const url of urls) fields.set(`url ${url}`, issuesByUrl(url, most));
    if (branch !== '') fields.set(`branch ${branch}`, issueByBranch(branch));
    for (const { identifier } of everyMention(mentions)) {
      const key = keyOf(identifier);
      fields.set(`issue ${identifier}`, issueByNumber(key, Number(identifier.slice(key.length + 1))));
    }
  }
  const all = plans.flatMap(({ mentions }) => everyMention(mentions));
  const keys = new Set(all.map(({ identifier }) => keyOf(identifier)));
  if (keys.size > 0) fields.set('teams', teamsByKey([...keys]));
  if (all.some(({ workspace }) => workspace !== null)) fields.set('workspace', workspaceNames);
  return fields;
}

function everyMention({ branch, closing, linking, links }: Mentions): Mention[] {
  return [branch, closing, linking, links].flat();
}

/** An attachment's address must match exactly, so the forms in which GitLab's own links were written are all asked. */
function formsOf(mergeRequestUrl: string): string[] {
  const plain = mergeRequestUrl.replace(/\/+$/, '');
  if (plain === '') return [];
  // GitLab before 12 wrote addresses without `/-/`, and still redirects them.
  return [...new Set([plain, `${plain}/`, plain.replace('/-/merge_requests/', '/merge_requests/')])];
}

function isNamed(issue: FoundIssue, identifier: string): boolean {
  return [issue.identifier, ...(issue.previousIdentifiers ?? [])].some((name) => name.toUpperCase() === identifier);
}

/** Turns one field's error into a value: it concerns one merge request, and must not end the others' search. */
function told(look: () => FoundIssue | FoundIssue[]): Found {
  try {
    return { kind: 'issues', issues: [look()].flat() };
  } catch (error) {
    if (isConnectorError(error)) return { kind: 'error', error };
    throw error;
  }
}
