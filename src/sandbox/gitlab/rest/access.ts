import type { Handler, SandboxAnswer, SandboxRequest } from '../../http.ts';
import { accessLevel, findGroup, findProject, maySee, userOf } from '../find.ts';
import { roles, type Group, type MergeRequest, type Project, type Role, type Token, type User } from '../model.ts';
import { isLicensed, type World } from '../world.ts';
import {
  forbidden,
  groupNotFound,
  notFound,
  projectNotFound,
  refuse,
  refuseEarly,
  Refusal,
  unlicensed,
} from './answers.ts';

/** A request whose sender is known, and allowed to ask. */
export interface Asked {
  readonly world: World;
  readonly request: SandboxRequest;
  readonly query: URLSearchParams;
  /** Null for a visitor without a token. */
  readonly user: User | null;
  readonly token: Token | null;
}

export interface AskedOfProject extends Asked {
  readonly project: Project;
}

export interface AskedOfGroup extends Asked {
  readonly group: Group;
}

export interface AskedOfMergeRequest extends AskedOfProject {
  readonly mr: MergeRequest;
}

export interface Needs {
  /** Needs the scope `api`; otherwise `read_api` is enough. */
  readonly writes?: boolean;
  /** Any scope is enough. */
  readonly anyScope?: boolean;
  /** Is not there on Free. */
  readonly licensed?: boolean;
  readonly role?: Role;
  /** How somebody below the role is refused; 403 unless said otherwise. */
  readonly denied?: (world: World) => SandboxAnswer;
  readonly signedIn?: boolean;
}

type Answer<Context> = (context: Context) => SandboxAnswer | Promise<SandboxAnswer>;

/** A route of the API: finds out who asks, and turns refusals into answers. */
export function route(world: World, needs: Needs, answer: Answer<Asked>): Handler {
  return async (request) => {
    try {
      const caller = identify(world, request);
      if (needs.signedIn === true && caller.user === null) throw new Refusal(unauthorized());
      if (needs.anyScope !== true) needScope(caller.token, needs.writes === true);
      if (needs.licensed === true && !isLicensed(world)) throw new Refusal(unlicensed);
      return await answer({ world, request, query: request.query, ...caller });
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  };
}

/** A route below `/projects/:id`. */
export function projectRoute(world: World, needs: Needs, answer: Answer<AskedOfProject>): Handler {
  return route(world, needs, (asked) => {
    const project = findProject(world, asked.request.params['id'] ?? '');
    if (project === undefined || !maySee(world, asked.user, project)) throw new Refusal(whereItWent(asked));
    needRole(asked, project, needs);
    return answer({ ...asked, project });
  });
}

/** A project that was moved can be read under its number; it is told to those only who may see it. */
function whereItWent({ world, request, user }: Asked): SandboxAnswer {
  const id = world.formerPaths.get(request.params['id'] ?? '');
  const project = id === undefined ? undefined : world.projects.get(id);
  if (project === undefined || !maySee(world, user, project)) return projectNotFound;
  if (request.method !== 'GET') return refuse('7 moved', 405, 'Non GET methods are not allowed for moved projects');
  const path = request.path.replace(/^(\/api\/v4\/projects\/)[^/]+/, `$1${project.id}`);
  const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
  const location = `${world.origin}${path}${query}`;
  return {
    status: 301,
    headers: { location },
    body: { message: 'This resource has been moved permanently', location },
    fact: 'gitlab 7 moved',
  };
}

/** A route below `/groups/:id`. */
export function groupRoute(world: World, needs: Needs, answer: Answer<AskedOfGroup>): Handler {
  return route(world, needs, (asked) => {
    const group = findGroup(world, asked.request.params['id'] ?? '');
    if (group === undefined || !maySee(world, asked.user, group)) throw new Refusal(groupNotFound);
    needRole(asked, group, needs);
    return answer({ ...asked, group });
  });
}

/** A route below `/projects/:id/merge_requests/:iid`. */
export function mergeRequestRoute(world: World, needs: Needs, answer: Answer<AskedOfMergeRequest>): Handler {
  return projectRoute(world, needs, (asked) => {
    const iid = asked.request.params['iid'] ?? '';
    if (!/^\d{1,15}$/.test(iid)) throw new Refusal(refuseEarly('6 parameters', 400, 'merge_request_iid is invalid'));
    const mr = asked.project.mergeRequests.get(Number(iid));
    if (mr === undefined || !mayReadCode(world, asked.user, asked.project)) throw new Refusal(notFound);
    return answer({ ...asked, mr });
  });
}

/** Whether a user may see the merge requests of a project that they know of. */
export function mayReadCode(world: World, user: User | null, project: Project): boolean {
  if (project.visibility !== 'private' || user?.admin === true) return true;
  return accessLevel(world, user, project) >= roles.reporter;
}

export function unauthorized(): SandboxAnswer {
  return refuse('7 unauthorized', 401, '401 Unauthorized');
}

/** Who asks, by the token they send; refused where the token is none. */
export function identify(world: World, { headers }: SandboxRequest): { user: User | null; token: Token | null } {
  const own = headers['private-token'];
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const given = typeof own === 'string' ? own : bearer;
  if (given === undefined) return { user: null, token: null };

  const token = world.tokens.get(given);
  if (token === undefined) throw new Refusal(unauthorized());
  if (token.revoked) throw new Refusal(badToken('Token was revoked. You have to re-authorize from the user.'));
  if (token.expiresAt !== null && token.expiresAt <= world.now().toISOString()) {
    throw new Refusal(badToken('Token is expired. You can either do re-authorization or token refresh.'));
  }
  const user = userOf(world, token.userId);
  if (user.state === 'blocked')
    throw new Refusal(refuse('7 blocked', 403, '403 Forbidden - Your account has been blocked.'));
  token.lastUsedAt = world.now().toISOString();
  return { user, token };
}

function badToken(description: string): SandboxAnswer {
  const body = { error: 'invalid_token', error_description: description };
  return { status: 401, body, fact: 'gitlab 7 unauthorized' };
}

/** Refuses a token that may not do it. */
export function needScope(token: Token | null, writes: boolean): void {
  if (token === null) return;
  const enough = writes ? ['api'] : ['api', 'read_api'];
  if (enough.some((scope) => token.scopes.includes(scope))) return;
  const body = {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: enough.join(' '),
  };
  throw new Refusal({ status: 403, body, fact: 'gitlab 7 scope' });
}

function needRole({ world, user }: Asked, where: Project | Group, { role, denied, writes }: Needs): void {
  if (role === undefined || user?.admin === true) return;
  if (accessLevel(world, user, where) >= roles[role]) return;
  if (user === null && writes === true) throw new Refusal(unauthorized());
  throw new Refusal(denied?.(world) ?? forbidden);
}
