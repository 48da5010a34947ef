import { ConnectorError, type ConnectorErrorCode } from '../errors.ts';
import { type AnswerHeaders, codeOfStatus, retryAfterSeconds, type HttpAnswer } from '../http.ts';
import type { GraphqlError } from './schema.ts';

const byCode: Readonly<Record<string, ConnectorErrorCode>> = {
  RATELIMITED: 'rate_limited',
  AUTHENTICATION_ERROR: 'unauthorized',
  FORBIDDEN: 'forbidden',
  ENTITY_NOT_FOUND: 'not_found',
  INPUT_ERROR: 'refused',
  INVALID_INPUT: 'refused',
  USAGE_LIMIT_EXCEEDED: 'refused',
  INTERNAL_ERROR: 'server_error',
  GRAPHQL_VALIDATION_FAILED: 'refused',
};

const byType: Readonly<Record<string, ConnectorErrorCode>> = {
  ratelimited: 'rate_limited',
  'authentication error': 'unauthorized',
  forbidden: 'forbidden',
  'feature not accessible': 'forbidden',
  'invalid input': 'refused',
  'user error': 'refused',
  'graphql error': 'refused',
  'usage limit exceeded': 'refused',
  'internal error': 'server_error',
  'lock timeout': 'server_error',
  'network error': 'server_error',
  'bootstrap error': 'server_error',
};

const words: Partial<Record<ConnectorErrorCode, string>> = {
  rate_limited: 'has no requests left for now',
  unauthorized: 'does not accept the credential',
  forbidden: 'does not permit this; the credential needs the scopes read and write, and access to the team',
  not_found: 'does not know it, or hides it from this credential',
  refused: 'refused it',
  server_error: 'failed',
};

/** What an error in an answer means: by its code, then its type, then the HTTP status. */
export function failureOf(error: GraphqlError, answer: HttpAnswer, operation: string, now: Date): ConnectorError {
  const code = codeOf(error, answer.status);
  const vendorCode = error.extensions?.code ?? error.extensions?.type ?? undefined;
  return failure(code, answer, operation, now, vendorCode);
}

/** What an answer means that is no GraphQL answer, for instance a proxy's page. */
export function failureOfStatus(answer: HttpAnswer, operation: string, now: Date): ConnectorError {
  return failure(answer.status >= 400 ? codeOfStatus(answer.status) : 'bad_response', answer, operation, now);
}

function failure(
  code: ConnectorErrorCode,
  answer: HttpAnswer,
  operation: string,
  now: Date,
  vendorCode?: string,
): ConnectorError {
  const seconds = code === 'rate_limited' ? secondsToReset(answer.headers, now) : undefined;
  const known = vendorCode !== undefined && /^[\w -]{1,60}$/.test(vendorCode) ? vendorCode : undefined;
  return new ConnectorError({
    vendor: 'linear',
    code,
    status: answer.status,
    message: `Linear ${words[code] ?? 'answered in a way that cannot be read'} (${operation}, ${known ?? `HTTP ${answer.status}`})`,
    ...(known === undefined ? {} : { vendorCode: known }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  });
}

function codeOf({ message, extensions }: GraphqlError, status: number): ConnectorErrorCode {
  const known = byCode[extensions?.code ?? ''] ?? byType[extensions?.type?.toLowerCase() ?? ''];
  // "Entity not found: Issue" comes as INPUT_ERROR, as ENTITY_NOT_FOUND, or with no code at all: only the text tells.
  if ((known === undefined || known === 'refused') && /^(entity not found|could not find referenced)/i.test(message)) {
    return 'not_found';
  }
  if (known !== undefined) return known;
  const told = extensions?.statusCode ?? status;
  return told >= 400 ? codeOfStatus(told) : 'bad_response';
}

// Linear counts requests and complexity apart, some operations once more, and gives each reset in epoch milliseconds.
function secondsToReset(headers: AnswerHeaders, now: Date): number | undefined {
  const kinds = ['requests', 'complexity', 'endpoint-requests'];
  const usedUp = kinds.filter((kind) => headers.get(`x-ratelimit-${kind}-remaining`)?.trim() === '0');
  const resets = (usedUp.length > 0 ? usedUp : kinds.slice(0, 1))
    .map((kind) => Number(headers.get(`x-ratelimit-${kind}-reset`) ?? Number.NaN))
    .filter((reset) => Number.isFinite(reset));
  if (resets.length === 0) return retryAfterSeconds(headers, now);
  return Math.max(1, Math.ceil((Math.max(...resets) - now.getTime()) / 1000));
}
