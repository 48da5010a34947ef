import { createHash } from 'node:crypto';
import { ConnectorError } from '../errors.ts';
import { codeOfStatus, createHttp, retryAfterSeconds, type HttpAnswer } from '../http.ts';
import { makeNonce, timeStampRequest } from './request.ts';
import { checkResponse } from './response.ts';

export interface TsaOptions {
  /** The address of the authority, where requests are posted to. */
  readonly url: string;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

export interface Stamp {
  /** The TimeStampResp in DER, as it came. */
  readonly response: Buffer;
  /** The time that it states. */
  readonly statedAt: Date;
}

export interface Tsa {
  /** Has the SHA-256 of some bytes stamped. Nothing but that digest leaves the house. Safe to repeat. */
  stamp(data: Uint8Array): Promise<Stamp>;
}

/** Certificates make up most of an answer; the usual has 6 KiB. */
const mostBytes = 64 * 1024;

/** Speaks to a time-stamping authority: RFC 3161 over HTTP (§3.4). It never tries anything twice by itself. */
export function createTsa(options: TsaOptions): Tsa {
  const now = options.now ?? (() => new Date());
  const http = createHttp({ vendor: 'tsa', now, timeoutMs: options.timeoutMs ?? 15_000, maxBytes: mostBytes });

  return {
    async stamp(data) {
      const sha256 = createHash('sha256').update(data).digest();
      const nonce = makeNonce();
      const answer = await http({
        method: 'POST',
        url: options.url,
        headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
        body: timeStampRequest(sha256, nonce),
      });
      if (answer.status !== 200) throw failureOf(answer, now());
      const { statedAt } = checkResponse(answer.bytes, { sha256, nonce, now: now() });
      return { response: answer.bytes, statedAt };
    },
  };
}

// A redirection is not followed: it would be for another address than the one that was configured.
function failureOf(answer: HttpAnswer, now: Date): ConnectorError {
  const seconds = retryAfterSeconds(answer.headers, now);
  return new ConnectorError({
    vendor: 'tsa',
    code: codeOfStatus(answer.status),
    status: answer.status,
    message: `The time-stamping authority at ${new URL(answer.url).host} answered with HTTP status ${answer.status}`,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  });
}
