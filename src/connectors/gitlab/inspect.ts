import { z } from 'zod';
import { type ConnectorError, isConnectorError } from '../errors.ts';
import type { HttpAnswer } from '../http.ts';
import { failureOf } from './failure.ts';
import { createCaller, segment, type Access, type Caller } from './inspect-call.ts';
import {
  CurrentUser,
  Group,
  LabelName,
  ListedMergeRequest,
  Membership,
  OwnToken,
  Project,
  Server,
  UserName,
  type SeenGroup,
  type SeenProject,
} from './inspect-schema.ts';
import { readMembers } from './people.ts';
import { parseAnswer } from './read.ts';
import { Approvals } from './schema.ts';

/** A group or a project, by its number. */
export interface Place {
  readonly kind: 'group' | 'project';
  readonly id: number;
}

export interface GitLabIdentity {
  /** Null where the token's scopes do not reach so far. */
  readonly user: CurrentUser | null;
  /** Null where the server does not tell a token about itself, as before 15.5. */
  readonly token: OwnToken | null;
  /** Null where the server does not say. */
  readonly server: Server | null;
  /** Seconds by which our clock is ahead of GitLab's; negative where it is behind, null where GitLab names no time. */
  readonly clockAheadSeconds: number | null;
}

export interface MergeRequestSeen {
  readonly projectId: number;
  readonly iid: number;
}

/** What one token is, may and sees in GitLab. Reads only; every failure is a `ConnectorError`. */
export interface GitLabInspector {
  whoAmI(): Promise<GitLabIdentity>;
  /** Groups that the token's user is a member of, each with its role there. */
  listGroups(search?: string): Promise<SeenGroup[]>;
  /** Projects that the token's user is a member of, each with its role there. */
  listProjects(search?: string): Promise<SeenProject[]>;
  /** Null where it is gone or hidden. Its path is another than the one asked for, where it was renamed or moved. */
  findGroup(path: string): Promise<SeenGroup | null>;
  findProject(path: string): Promise<SeenProject | null>;
  /** The role of a user in a group, inherited ones included; null for who is no member. */
  levelInGroup(groupId: number, userId: number): Promise<number | null>;
  /** Every project of a group and of the groups below it that is not archived. */
  listProjectsOf(groupId: number): Promise<SeenProject[]>;
  /** Titles of the labels of a group, of all below it, or of a project; those that hold a text, where one is given. */
  listLabels(place: Place, search?: string): Promise<string[]>;
  /** Null where there is none that the token may see. Throws `forbidden` or `not_found` where none may be seen at all. */
  newestMergeRequest(place: Place, state?: 'all' | 'merged'): Promise<MergeRequestSeen | null>;
  /** Whether the licence has approval rules; null where this token cannot tell. */
  hasApprovalRules(place: Place): Promise<boolean | null>;
  /** Whether approvals come with their times; null where there is no approval to look at. */
  showsApprovalTimes(place: Place): Promise<boolean | null>;
  mayReadSettings(projectId: number): Promise<boolean>;
  /** Whether there is a user of this name. */
  hasUser(username: string): Promise<boolean>;
  /** How many are in a group itself; null where it is hidden. */
  countMembers(group: string): Promise<number | null>;
}

/** Looks around in GitLab with one token. */
export function createGitLabInspector(access: Access): GitLabInspector {
  const caller = createCaller(access);
  const { read, list, ask } = caller;
  const now = access.now ?? (() => new Date());

  const newestMergeRequest: GitLabInspector['newestMergeRequest'] = async (place, state = 'all') => {
    const query = `state=${state}&scope=all&order_by=updated_at&sort=desc&per_page=1`;
    const [newest] = await read(`${pathOf(place)}/merge_requests?${query}`, z.array(ListedMergeRequest));
    return newest ?? null;
  };

  const approvalsOf = ({ projectId, iid }: MergeRequestSeen) =>
    read(`/projects/${projectId}/merge_requests/${iid}/approvals`, Approvals);

  const firstProjectOf = async ({ kind, id }: Place): Promise<number | null> => {
    if (kind === 'project') return id;
    const rows = await read(`/groups/${id}/projects?${below}&per_page=1`, z.array(Project));
    return rows[0]?.id ?? null;
  };

  return {
    whoAmI: () => whoAmI(caller, now),

    async listGroups(search) {
      const listed = await Promise.all(
        levels.map((level) => list(`/groups?min_access_level=${level}${searchFor(search)}`, Group)),
      );
      const found = new Map<number, SeenGroup>();
      listed.forEach((groups, index) => {
        for (const group of groups) found.set(group.id, { ...group, accessLevel: levels[index] ?? null });
      });
      return [...found.values()].toSorted(byPath);
    },

    async listProjects(search) {
      const query = `membership=true&order_by=id&sort=asc${searchFor(search)}`;
      return (
        await list(`/projects?${query}${search === undefined ? '' : '&search_namespaces=true'}`, Project)
      ).toSorted(byPath);
    },

    async findGroup(path) {
      const found = await findMoved(caller, 'groups', path, Group);
      return found === null ? null : { ...found, accessLevel: null };
    },
    findProject: (path) => findMoved(caller, 'projects', path, Project),

    levelInGroup: (groupId, userId) => hiddenAsNull(read(`/groups/${groupId}/members/all/${userId}`, Membership)),

    listProjectsOf: (groupId) => list(`/groups/${groupId}/projects?${below}&order_by=id&sort=asc`, Project),

    async listLabels(place, search) {
      const all = place.kind === 'group' ? 'include_descendant_groups=true&only_group_labels=false' : '';
      return [...new Set(await list(`${pathOf(place)}/labels?${all}${searchFor(search)}`, LabelName))];
    },

    newestMergeRequest,

    async hasApprovalRules(place) {
      const newest = await newestMergeRequest(place);
      if (newest !== null) return (await approvalsOf(newest)).approvalsRequired !== null;
      const project = await firstProjectOf(place);
      if (project === null) return null;
      const { status } = await asked(ask(`/projects/${project}/approvals`), [403, 404], now);
      // The project itself can be seen: so this is not there at all.
      return status === 403 ? null : status === 200;
    },

    async showsApprovalTimes(place) {
      const newest = await newestMergeRequest(place, 'merged');
      const approvedBy = newest === null ? [] : (await approvalsOf(newest)).approvedBy;
      return approvedBy.length === 0 ? null : approvedBy.every(({ approvedAt }) => approvedAt !== null);
    },

    async mayReadSettings(projectId) {
      return (await asked(ask(`/projects/${projectId}/approvals`), [403, 404], now)).status === 200;
    },

    async hasUser(username) {
      const found = await read(`/users?username=${encodeURIComponent(username)}`, z.array(UserName));
      return found.some((user) => user.username.toLowerCase() === username.toLowerCase());
    },

    async countMembers(group) {
      const { reading, error } = await readMembers(caller.connection, group);
      if (reading.ok) return reading.value.length;
      if (error !== undefined && !isHidden(error)) throw error;
      return null;
    },
  };
}

const levels = [10, 20, 30, 40, 50] as const;
// Projects that are only shared with the group are not of its path: nothing about them is watched.
const below = 'include_subgroups=true&with_shared=false&archived=false';

async function whoAmI(caller: Caller, now: () => Date): Promise<GitLabIdentity> {
  const began = now().getTime();
  const self = await asked(caller.ask('/personal_access_tokens/self'), [403, 404], now);
  const clockAheadSeconds = clockAhead(self, began);
  const token = self.status === 200 ? parseAnswer(OwnToken, self) : null;
  const [user, server] = await Promise.all([
    asked(caller.ask('/user'), token === null ? [] : [403], now),
    readServer(caller, now),
  ]);
  return {
    user: user.status === 200 ? parseAnswer(CurrentUser, user) : null,
    token,
    server,
    clockAheadSeconds,
  };
}

async function readServer({ ask }: Caller, now: () => Date): Promise<Server | null> {
  for (const path of ['/metadata', '/version']) {
    const answer = await asked(ask(path), [403, 404], now);
    if (answer.status === 200) return parseAnswer(Server, answer);
  }
  return null;
}

// The header has whole seconds, cut off; it was written some time between question and answer.
function clockAhead({ headers, observedAt }: HttpAnswer, began: number): number | null {
  const theirs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return null;
  return Math.round(((began + Date.parse(observedAt)) / 2 - (theirs + 500)) / 1000);
}

// 301 names the number under which the thing can still be read; only that number is taken from it.
async function findMoved<T extends { readonly path: string }>(
  { ask, read, connection }: Caller,
  kind: 'groups' | 'projects',
  path: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const answer = await asked(ask(`/${kind}/${segment(path)}`), [301, 403, 404], connection.now);
  if (answer.status === 200) return parseAnswer(schema, answer);
  if (answer.status !== 301) return null;
  const number = new RegExp(`/api/v4/${kind}/(\\d{1,15})(?:[?#]|$)`).exec(answer.headers.get('location') ?? '')?.[1];
  if (number === undefined) throw failureOf(answer, connection.now());
  return hiddenAsNull(read(`/${kind}/${number}`, schema));
}

/** An answer of status 200, or of one that means something here. Anything else is thrown. */
async function asked(answer: Promise<HttpAnswer>, also: readonly number[], now: () => Date): Promise<HttpAnswer> {
  const come = await answer;
  if (come.status === 200 || also.includes(come.status)) return come;
  throw failureOf(come, now());
}

async function hiddenAsNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isConnectorError(error) && isHidden(error)) return null;
    throw error;
  }
}

function isHidden({ code }: ConnectorError): boolean {
  return code === 'not_found' || code === 'forbidden';
}

function pathOf({ kind, id }: Place): string {
  return `/${kind}s/${id}`;
}

function searchFor(search: string | undefined): string {
  return search === undefined ? '' : `&search=${encodeURIComponent(search)}`;
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}
