import { z } from 'zod';
import { ConnectorError } from '../errors.ts';
import type { HttpAnswer } from '../http.ts';
import { connect, type GitLabOptions, type MergeRequestKey } from './client.ts';
import { failureOf } from './failure.ts';
import { id, text } from './fields.ts';
import { parseAnswer, type Connection } from './read.ts';

/** The project of a merge request, as it is called now. */
export interface FoundProject {
  readonly id: number;
  readonly path: string;
  readonly webUrl: string;
}

/** What became of looking for a merge request. `hidden` stands for gone as well: GitLab answers both alike. */
export type FoundChange =
  | { readonly kind: 'merged'; readonly key: MergeRequestKey; readonly project: FoundProject }
  | { readonly kind: 'not_merged'; readonly state: string; readonly project: FoundProject }
  | { readonly kind: 'hidden'; readonly what: 'project' | 'merge_request' };

/** Looks for a merge request by the path or number of its project and its own number there. */
export type FindChange = (name: { readonly project: string; readonly iid: number }) => Promise<FoundChange>;

const Project = z
  .object({ id, path_with_namespace: text, web_url: text })
  .transform((shown): FoundProject => ({ id: shown.id, path: shown.path_with_namespace, webUrl: shown.web_url }));

const State = z.object({ iid: id, project_id: id, state: text });

/** Connects to GitLab for finding merge requests by name. Reads only. */
export function createFindChange(options: GitLabOptions): FindChange {
  const connection = connect(options, options.now ?? (() => new Date()));
  return async ({ project: name, iid }) => {
    const projectAnswer = await ask(connection, `/projects/${encodeURIComponent(name)}`);
    if (projectAnswer === undefined) return { kind: 'hidden', what: 'project' };
    const project = parseAnswer(Project, projectAnswer);

    const answer = await ask(connection, `/projects/${project.id}/merge_requests/${iid}`);
    if (answer === undefined) return { kind: 'hidden', what: 'merge_request' };
    const shown = parseAnswer(State, answer);
    if (shown.iid !== iid || shown.project_id !== project.id) throw anotherOne(answer);
    if (shown.state !== 'merged') return { kind: 'not_merged', state: shown.state, project };
    return { kind: 'merged', key: { projectId: project.id, iid }, project };
  };
}

/**
 * Asks for what may have another name now: a project that was moved is asked for once more, under its number, which
 * GitLab then answers with. Undefined where it is not there, or hidden.
 */
export async function ask(connection: Connection, path: string): Promise<HttpAnswer | undefined> {
  const { api, http, token, now } = connection;
  const headers = { 'private-token': token, accept: 'application/json' };
  const url = `${api}${path}`;
  let answer = await http({ url, headers });
  const moved = movedTo(answer, api);
  if (moved !== undefined) answer = await http({ url: moved, headers });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw failureOf(answer, now());
  return answer;
}

// The token goes nowhere but to the API that it is for.
function movedTo({ status, url, headers }: HttpAnswer, api: string): string | undefined {
  const location = headers.get('location');
  if (status !== 301 || location === null || !URL.canParse(location, url)) return undefined;
  const { origin, pathname, search } = new URL(location, url);
  const base = new URL(api);
  const path = pathname.startsWith(base.pathname) ? pathname.slice(base.pathname.length) : '';
  return origin === base.origin && /^\/projects\/\d+(?:\/|$)/.test(path) ? `${api}${path}${search}` : undefined;
}

// A cache on the way may mix answers up.
function anotherOne(answer: HttpAnswer): ConnectorError {
  return new ConnectorError({
    vendor: 'gitlab',
    code: 'bad_response',
    status: answer.status,
    message: `GitLab answered ${new URL(answer.url).pathname} with another merge request`,
  });
}
