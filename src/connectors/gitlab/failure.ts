import { ConnectorError, type ConnectorErrorCode } from '../errors.ts';
import { type AnswerHeaders, codeOfStatus, retryAfterSeconds, type HttpAnswer } from '../http.ts';

/** The error that an answer other than 200 stands for. Its body is not read: on 429 it may be plain text. */
export function failureOf(answer: HttpAnswer, now: Date): ConnectorError {
  const code = codeOfStatus(answer.status);
  const wait = code === 'rate_limited' ? secondsToWait(answer.headers, now) : retryAfterSeconds(answer.headers, now);
  return new ConnectorError({
    vendor: 'gitlab',
    code,
    status: answer.status,
    message: `GitLab answered ${answer.status} to ${new URL(answer.url).pathname}${advice[code] ?? ''}`,
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  });
}

/**
 * True for what time or a new token may heal. Such a part is never taken for one that GitLab does not show:
 * the whole change is read again later. 409 is GitLab's lock conflict.
 */
export function isOutage(code: ConnectorErrorCode): boolean {
  return outages.has(code);
}

const outages: ReadonlySet<ConnectorErrorCode> = new Set([
  'unreachable',
  'timeout',
  'lost',
  'server_error',
  'rate_limited',
  'conflict',
  'unauthorized',
]);

// `Retry-After` where there is one; some limits send only `RateLimit-Reset`, seconds since 1970, and some nothing.
function secondsToWait(headers: AnswerHeaders, now: Date): number | undefined {
  const asked = retryAfterSeconds(headers, now);
  if (asked !== undefined) return asked;
  const reset = headers.get('ratelimit-reset')?.trim() ?? '';
  if (!/^\d{1,12}$/.test(reset)) return undefined;
  // By the sender's own clock, since it is the sender's moment.
  const sent = Date.parse(headers.get('date') ?? '');
  return Math.max(0, Math.ceil(Number(reset) - (Number.isNaN(sent) ? now.getTime() : sent) / 1000));
}

const advice: Readonly<Partial<Record<ConnectorErrorCode, string>>> = {
  unauthorized: ': the token is wrong, expired or revoked',
  forbidden: ': the token needs the scope read_api and at least the role Reporter',
  not_found: ': it is gone, or hidden from this token',
  refused: '. Is the address of GitLab right, with its path and https?',
};
