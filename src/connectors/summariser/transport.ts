import { isConnectorError } from '../errors.ts';
import { codeOfStatus, createHttp, type HttpRequest } from '../http.ts';
import type { NoSummary } from './reasons.ts';

/** What the packages that speak to models take in place of the platform's own. */
export type Carry = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** One call to a model, and what became of it. */
export interface Transport {
  readonly carry: Carry;
  /** Why the call failed, with a sentence for people; undefined where an answer of status 200 came whole. */
  failure(): { readonly reason: NoSummary; readonly detail: string } | undefined;
}

/** An answer with one sentence has about 1 kB. In pieces, each word may bring some hundred bytes along. */
const mostBytes = 4 * 1024 * 1024;

/**
 * Carries one call. The package's own errors quote requests and answers, so they are not looked at: what went wrong is told
 * from what went over the line. The time is for everything, the last byte included; a redirection is not followed.
 */
export function createTransport(url: string, timeoutMs: number): Transport {
  const http = createHttp({ vendor: 'model', timeoutMs, maxBytes: mostBytes });
  const host = new URL(url).host;
  let failed: ReturnType<Transport['failure']>;

  return {
    failure: () => failed,
    async carry(input, init) {
      const answer = await http(requestOf(input, init)).catch((error: unknown) => {
        failed = lost(error);
      });
      // Not the error itself: the package would wrap it, and look into its causes.
      if (answer === undefined) throw new Error('the call failed');
      if (answer.status !== 200) failed = failureOf(answer.status, host);
      // A coding of the body has been undone, and a length would be that of before.
      const type = answer.headers.get('content-type');
      return new Response(Uint8Array.from(answer.bytes), {
        status: answer.status,
        headers: type === null ? {} : { 'content-type': type },
      });
    },
  };
}

// Only what our packages send: a POST with a JSON text.
function requestOf(input: string | URL | Request, init: RequestInit = {}): HttpRequest {
  if (typeof init.body !== 'string' || init.method !== 'POST' || input instanceof Request) {
    throw new TypeError('A model is asked by POST, with JSON');
  }
  return {
    method: 'POST',
    url: String(input),
    headers: Object.fromEntries(new Headers(init.headers)),
    body: init.body,
  };
}

function failureOf(status: number, host: string): { reason: NoSummary; detail: string } {
  const code = codeOfStatus(status);
  const detail = `The model at ${host} answered with HTTP status ${status}`;
  if (code === 'unauthorized' || code === 'forbidden') return { reason: 'unauthorized', detail };
  if (code === 'rate_limited' || code === 'timeout') return { reason: code, detail };
  return { reason: 'error', detail };
}

function lost(error: unknown): { reason: NoSummary; detail: string } {
  if (!isConnectorError(error)) return { reason: 'error', detail: 'The model could not be asked' };
  const { code, message } = error;
  return { reason: code === 'timeout' || code === 'unreachable' ? code : 'error', detail: message };
}
