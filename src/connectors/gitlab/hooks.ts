import { z } from 'zod';
import { readable } from '../../domain/text.ts';
import { ConnectorError, isConnectorError } from '../errors.ts';
import { failureOf } from './failure.ts';
import { text, textOrEmpty } from './fields.ts';
import { Hook } from './hooks-schema.ts';
import type { Place } from './inspect.ts';
import { createCaller, type Access, type Caller } from './inspect-call.ts';
import { Project, type SeenProject } from './inspect-schema.ts';
import { parseAnswer } from './read.ts';

/** The secret that a hook gets; without one, the one that it has stays. Its events and checks are always the same. */
export interface HookSecret {
  readonly signingToken?: string;
  readonly token?: string;
}

/** How a test event was answered. */
export type HookTest =
  | { readonly kind: 'delivered' }
  /** Refused with this status, or null where nobody answered; in the words of the other side, which are foreign. */
  | { readonly kind: 'refused'; readonly status: number | null; readonly said: string }
  /** There is no merge request that could be sent. */
  | { readonly kind: 'no_merge_request' }
  /** Five tests a minute are allowed. */
  | { readonly kind: 'too_many' };

/** How one delivery was answered. */
export interface Delivery {
  /** Null where nobody answered. */
  readonly status: number | null;
  /** In the words of the other side, which are foreign. */
  readonly said: string;
}

/** The hooks of groups and projects. Every failure is a `ConnectorError`. */
export interface GitLabHooks {
  list(place: Place): Promise<Hook[]>;
  create(place: Place, url: string, secret: HookSecret): Promise<Hook>;
  /** Changes a hook that is there. Its address stays as it is: a new one would clear its secret token. */
  update(place: Place, hook: Hook, secret: HookSecret): Promise<Hook>;
  /** Lets GitLab send the newest merge request to the hook. This also turns a disabled hook on again. */
  test(place: Place, hook: Hook): Promise<HookTest>;
  /** How the newest delivery was answered; null where there is none in the last days, or the server keeps no log. */
  lastDelivery(place: Place, hook: Hook): Promise<Delivery | null>;
  remove(place: Place, hook: Hook): Promise<void>;
  /** Every project of a group and of the groups below it that is not archived: all of them, or it fails. */
  projectsOf(groupId: number): Promise<SeenProject[]>;
}

/** Looks after the hooks of groups and projects. Needs the scope `api`; Maintainer of projects, Owner of groups. */
export function createGitLabHooks(access: Access): GitLabHooks {
  const { list, read, send, ask, connection } = explained(createCaller(access));

  return {
    list: (place) => list(pathOf(place), Hook),

    async create(place, url, secret) {
      const body = { url, name: 'Countersign', ...fieldsOf(secret, usualEvents) };
      return parseAnswer(Hook, await send('POST', pathOf(place), body));
    },

    async update(place, hook, secret) {
      const body = { url: hook.url, ...fieldsOf(secret, hook.otherEvents) };
      return parseAnswer(Hook, await send('PUT', `${pathOf(place)}/${hook.id}`, body));
    },

    async test(place, hook) {
      const answer = await ask(`${pathOf(place)}/${hook.id}/test/merge_requests_events`, { method: 'POST' });
      if (answer.status >= 200 && answer.status < 300) return { kind: 'delivered' };
      if (answer.status === 429) return { kind: 'too_many' };
      if (answer.status !== 422) throw failureOf(answer, connection.now());
      const anything = await read(
        `/${place.kind}s/${place.id}/merge_requests?state=all&scope=all&per_page=1`,
        z.array(z.unknown()),
      );
      if (anything.length === 0) return { kind: 'no_merge_request' };
      const logged = await lastDelivery(place, hook);
      return {
        kind: 'refused',
        status: logged?.status ?? null,
        said: readable(logged?.said ?? saidIn(answer.bytes), longestSaid),
      };
    },

    lastDelivery,

    async remove(place, hook) {
      await send('DELETE', `${pathOf(place)}/${hook.id}`);
    },

    projectsOf: (groupId) =>
      list(
        `/groups/${groupId}/projects?include_subgroups=true&with_shared=false&archived=false&order_by=id&sort=asc`,
        Project,
      ),
  };

  // GitLab's refusal has no status of its own; the log of deliveries, from 17.3 on, has what the other side answered.
  async function lastDelivery(place: Place, hook: Hook): Promise<Delivery | null> {
    try {
      const rows = await read(`${pathOf(place)}/${hook.id}/events?per_page=1`, z.array(LoggedDelivery));
      const [newest] = rows;
      return newest === undefined ? null : { ...newest, said: readable(newest.said, longestSaid) };
    } catch (error) {
      if (isBarred(error)) return null;
      throw error;
    }
  }
}

/** The same caller; a refusal says what looking after hooks needs, which is more than reading does. */
function explained(caller: Caller): Caller {
  const explain = async <T>(asking: Promise<T>): Promise<T> => {
    try {
      return await asking;
    } catch (error) {
      if (!isBarred(error)) throw error;
      const { vendor, code, status = 0, cause } = error;
      throw new ConnectorError({ vendor, code, status, cause, message: `GitLab answered ${status}: ${needed}` });
    }
  };
  return {
    ...caller,
    list: (path, schema) => explain(caller.list(path, schema)),
    read: (path, schema) => explain(caller.read(path, schema)),
    send: (method, path, body) => explain(caller.send(method, path, body)),
  };
}

const needed =
  'hooks can be looked after with a token of the scope api, as Maintainer of a project, or as Owner of a group with Premium';

/** True where GitLab has no hooks for such a place, or does not let this token look after them. */
export function isBarred(error: unknown): error is ConnectorError {
  return isConnectorError(error) && (error.code === 'not_found' || error.code === 'forbidden');
}

const longestSaid = 500;

const LoggedDelivery = z
  .object({ response_status: z.union([text, z.int().transform(String)]), response_body: textOrEmpty })
  .transform(({ response_status, response_body }) => ({
    // `internal error` where nobody answered.
    status: /^\d{3}$/.test(response_status) ? Number(response_status) : null,
    said: response_body,
  }));

const Said = z.object({ message: z.unknown().optional(), error: z.unknown().optional() });

function saidIn(bytes: Buffer): string {
  try {
    const { message, error } = Said.parse(JSON.parse(bytes.toString('utf8')));
    const said = message ?? error;
    return typeof said === 'string' ? said : JSON.stringify(said ?? '');
  } catch {
    return '';
  }
}

// A new hook hears of pushes unless it is told otherwise. Servers ignore events that they do not know.
const usualEvents = [
  'push_events',
  'tag_push_events',
  'issues_events',
  'confidential_issues_events',
  'note_events',
  'confidential_note_events',
  'job_events',
  'pipeline_events',
  'wiki_page_events',
  'deployment_events',
  'releases_events',
  'emoji_events',
  'resource_access_token_events',
];

function fieldsOf({ signingToken, token }: HookSecret, eventsOff: readonly string[]) {
  return {
    ...Object.fromEntries(eventsOff.map((event) => [event, false])),
    merge_requests_events: true,
    enable_ssl_verification: true,
    // It would take the place of the whole event.
    custom_webhook_template: '',
    ...(signingToken === undefined ? {} : { signing_token: signingToken }),
    ...(token === undefined ? {} : { token }),
  };
}

function pathOf({ kind, id }: Place): string {
  return `/${kind}s/${id}/hooks`;
}
