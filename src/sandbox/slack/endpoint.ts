import type { SandboxAnswer, SandboxRequest } from '../http.ts';
import { LimitError, missingScope, refuse, SlackError, type Answer } from './answers.ts';
import { readArguments, type Arguments } from './arguments.ts';
import type { Limits } from './limits.ts';
import { authMethods, kindOf, requireKind } from './methods/auth.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { historyMethods } from './methods/history.ts';
import type { Invocation, Method } from './methods/method.ts';
import type { SlackSwitches } from './switches.ts';
import { postDue, type Workspace } from './workspace.ts';

const methods = new Map<string, Method>(
  Object.entries({ ...authMethods, ...chatMethods, ...conversationMethods, ...historyMethods }),
);

/** An error that the next call of this method answers with. */
export interface PlannedError {
  readonly method: string;
  readonly error: string;
  /** Whether it is done all the same, as with `internal_error`. */
  readonly committed?: boolean;
}

export interface Endpoint {
  readonly workspace: Workspace;
  readonly switches: SlackSwitches;
  readonly limits: Limits;
  /** Why the token is refused, where it is. */
  readonly refused: (token: string) => string | undefined;
  readonly scopes: () => ReadonlySet<string>;
  readonly planned: (method: string) => PlannedError | undefined;
}

/** Whether a method changes something. */
export function writes(name: string): boolean {
  return methods.get(name)?.writes ?? false;
}

/** Answers `/api/<method>`. Refusals are HTTP 200. */
export function answerMethod(endpoint: Endpoint, name: string, request: SandboxRequest): SandboxAnswer {
  const scopes = endpoint.scopes();
  const method = methods.get(name);
  const headers = {
    'x-oauth-scopes': [...scopes].join(','),
    ...(method === undefined || method.scopes.length === 0
      ? {}
      : { 'x-accepted-oauth-scopes': method.scopes.join(',') }),
  };
  let known = false;
  try {
    const given = readArguments(request, method?.takesJson ?? true);
    const token = authenticate(endpoint, request, given);
    known = true;
    if (method === undefined) {
      throw new SlackError('unknown_method', 'slack 1 errors are HTTP 200 with ok false', { req_method: name });
    }
    const { body, fact } = run(endpoint, name, method, { given, scopes, token: kindOf(token) });
    return { status: 200, headers, body: { ok: true, ...body, ...warnOfCharset(given, body) }, fact };
  } catch (error) {
    return {
      ...answerError(endpoint, error),
      ...(known ? { headers: { ...headers, ...headersOf(endpoint, error) } } : {}),
    };
  }
}

function authenticate(endpoint: Endpoint, request: SandboxRequest, given: Arguments): string {
  const header = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  // A form may carry the token, JSON may not.
  const token = header ?? (given.json ? undefined : given.text('token'));
  if (token === undefined) throw refuse('not_authed', 'slack 1 bearer token');
  const reason = endpoint.refused(token);
  if (reason !== undefined) throw refuse(reason, 'slack 1 bearer token');
  return token;
}

type Caller = Pick<Invocation, 'given' | 'scopes' | 'token'>;

function run(endpoint: Endpoint, name: string, method: Method, { given, scopes, token }: Caller): Answer {
  const { workspace, switches, limits } = endpoint;
  postDue(workspace);
  const planned = endpoint.planned(name);
  if (planned !== undefined && planned.committed !== true) throw toldTo(planned);
  requireKind(method, token);
  if (method.scopes.length > 0 && !method.scopes.some((scope) => scopes.has(scope))) {
    throw missingScope(method.scopes.join(','), scopes);
  }
  if (method.tier > 0) limits.countCall(name, method.tier);
  const answer = method.run({ workspace, switches, limits, scopes, token, given });
  if (planned !== undefined) throw toldTo(planned);
  return answer;
}

function toldTo({ error }: PlannedError): SlackError {
  return refuse(error, 'sandbox answers as it was told to');
}

function answerError({ switches }: Endpoint, error: unknown): SandboxAnswer {
  if (error instanceof SlackError) {
    return { status: 200, body: { ok: false, error: error.code, ...error.more }, fact: error.fact };
  }
  if (!(error instanceof LimitError)) throw error;
  return switches.limitedAnswers === 'http_429'
    ? { status: 429, body: { ok: false, error: 'ratelimited' }, fact: error.fact }
    : { status: 200, body: { ok: false, error: 'rate_limited' }, fact: 'slack 1 rate limited may be HTTP 200' };
}

function headersOf({ switches }: Endpoint, error: unknown): Record<string, string> {
  if (!(error instanceof LimitError) || switches.limitedAnswers !== 'http_429') return {};
  return { 'retry-after': String(error.retryAfter) };
}

// JSON without a charset is taken, with a warning.
function warnOfCharset({ json, charset }: Arguments, body: Answer['body']): Record<string, unknown> {
  if (!json || charset || body['warning'] !== undefined) return {};
  const before = body['response_metadata'] as Readonly<Record<string, unknown>> | undefined;
  return { warning: 'missing_charset', response_metadata: { ...before, warnings: ['missing_charset'] } };
}
