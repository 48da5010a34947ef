import type { ZodType } from 'zod';
import { createHttp, parseJson, type HttpAnswer } from '../http.ts';
import { failureOf, largestRequest, tooLarge } from './failure.ts';

export type Auth =
  | { readonly kind: 'basic'; readonly email: string; readonly token: string }
  | { readonly kind: 'bearer'; readonly token: string };

export interface CallOptions {
  /** Address of the API, without a slash at its end. */
  readonly base: string;
  readonly auth: Auth;
  readonly now: () => Date;
  /** Milliseconds for a call; an update gets more, by its size. */
  readonly timeoutMs?: number | undefined;
  readonly readOnly?: boolean | undefined;
  /** Is shown every answer, before it is judged. */
  readonly onAnswer?: ((answer: HttpAnswer) => void) | undefined;
}

export interface CallRequest<T> {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly schema: ZodType<T>;
  /** What the call is about, in messages: `page 4711`. */
  readonly subject: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: unknown;
}

export type Call = <T>(request: CallRequest<T>) => Promise<T>;

/** Makes one request to Confluence and parses its answer; any other answer is a coded error. */
export function createCall(options: CallOptions): Call {
  const { base, auth, now, timeoutMs = 30_000, onAnswer } = options;
  const http = createHttp({ vendor: 'confluence', now, readOnly: options.readOnly });
  const headers = {
    authorization: authorization(auth),
    accept: 'application/json',
    // Some versions of Data Center want it on GET too.
    'content-type': 'application/json',
  };

  return async ({ method, path, schema, subject, query = [], body }) => {
    const search = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    // As bytes: the body of a page is large, and is measured and sent as they are.
    const json = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const size = json?.length ?? 0;
    if (size > largestRequest) throw tooLarge(subject);
    const answer = await http({
      method,
      url: `${base}${path}${search === '' ? '' : `?${search}`}`,
      headers,
      // Pages over a megabyte were seen to take long: a second more for every 50 kB.
      timeoutMs: timeoutMs + Math.floor(size / 50),
      ...(json === undefined ? {} : { body: json }),
    });
    onAnswer?.(answer);
    if (answer.status < 200 || answer.status > 299) throw failureOf(answer, subject, now());
    return parseJson('confluence', schema, answer);
  };
}

function authorization(auth: Auth): string {
  if (auth.kind === 'bearer') return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.email}:${auth.token}`, 'utf8').toString('base64')}`;
}
