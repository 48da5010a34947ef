import { validateHeaderValue, type IncomingHttpHeaders } from 'node:http';
import type { ZodType } from 'zod';
import { ConnectorError, type ConnectorErrorCode, type Vendor } from './errors.ts';
import { causeCode, exchange, type ExchangeFault } from './exchange.ts';
import { createFlow, type Went } from './flow.ts';
import { requireReading, type Reads } from './read-only.ts';

/** Headers by name, whatever its case; several of one name are joined. */
export interface AnswerHeaders {
  get(name: string): string | null;
  has(name: string): boolean;
}

/** One answer, whatever its status: its bytes are evidence, so they are kept as they came. */
export interface HttpAnswer {
  readonly url: string;
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly bytes: Buffer;
  /** When the last byte arrived, ISO 8601 with milliseconds. */
  readonly observedAt: string;
}

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | URLSearchParams;
  /** Milliseconds for the whole call, body included. */
  readonly timeoutMs?: number;
  /** Largest answer that is read, in bytes. */
  readonly maxBytes?: number;
  /** Says of a POST that it only reads: a client that refuses writes sends no other. */
  readonly reads?: Reads;
}

/** Makes one request and returns its answer. It does not retry, follow redirects or judge the status. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpOptions {
  readonly vendor: Vendor;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Refuses with `read_only` whatever may write, before it leaves. */
  readonly readOnly?: boolean | undefined;
  /** How many requests may be under way at the most; a vendor that is strained gets fewer. */
  readonly most?: number;
}

const usualMost = 16;

const userAgent = 'Countersign (+https://github.com/countersign/countersign)';

/** The one place that talks HTTP: time-out, size limit, user agent, coded errors. */
export function createHttp(options: HttpOptions): Http {
  const now = options.now ?? (() => new Date());
  const flow = createFlow(options.most ?? usualMost);

  return async (request) => {
    const { vendor } = options;
    if (options.readOnly === true) requireReading(vendor, request);
    const content = contentOf(vendor, request);
    await flow.enter();
    let went: Went = { kind: 'strained' };
    try {
      const outcome = await exchange({
        method: request.method ?? 'GET',
        url: request.url,
        ...content,
        timeoutMs: request.timeoutMs ?? options.timeoutMs ?? 20_000,
        maxBytes: request.maxBytes ?? options.maxBytes ?? 32 * 1024 * 1024,
      });
      if (outcome.kind !== 'answered') throw failedCall(vendor, request.url, outcome);
      const { status, bytes } = outcome.answer;
      const headers = readerOf(outcome.answer.headers);
      if (status !== 429 && status < 500) went = { kind: 'answered', headers };
      return { url: request.url, status, headers, bytes, observedAt: now().toISOString() };
    } finally {
      flow.leave(went);
    }
  };
}

function contentOf(
  vendor: Vendor,
  { headers = {}, body }: HttpRequest,
): { readonly headers: Record<string, string>; readonly body: string | Uint8Array | undefined } {
  const sent: Record<string, string> = { 'user-agent': userAgent, 'accept-encoding': 'gzip' };
  for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value.trim();
  for (const [name, value] of Object.entries(sent)) requireSendable(vendor, name, value);
  if (body === undefined) return { headers: sent, body };
  const content = body instanceof URLSearchParams ? body.toString() : body;
  if (body instanceof URLSearchParams) sent['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8';
  sent['content-length'] = String(Buffer.byteLength(content));
  return { headers: sent, body: content };
}

// The platform's own error quotes the value, which is often a secret: it is not kept as the cause.
function requireSendable(vendor: Vendor, name: string, value: string): void {
  try {
    validateHeaderValue(name, value);
  } catch {
    throw new ConnectorError({
      vendor,
      code: 'unauthorized',
      message: `A header for ${vendor} holds characters that cannot be sent. Was the credential pasted whole, and nothing else?`,
    });
  }
}

function readerOf(headers: IncomingHttpHeaders): AnswerHeaders {
  const get = (name: string): string | null => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? null : [value].flat().join(', ');
  };
  return { get, has: (name) => get(name) !== null };
}

function failedCall(vendor: Vendor, url: string, fault: ExchangeFault): ConnectorError {
  const { host } = new URL(url);
  switch (fault.kind) {
    case 'too_large': {
      const message = `${vendor} answered with more than ${fault.limit} bytes`;
      return new ConnectorError({ vendor, code: 'bad_response', status: fault.status, message });
    }
    case 'unsent': {
      const message = `${vendor} cannot be reached at ${host} (${causeCode(fault.cause) ?? 'no connection in time'})`;
      return new ConnectorError({ vendor, code: 'unreachable', message, cause: fault.cause });
    }
    case 'timeout': {
      const message = `${vendor} at ${host} did not answer in time`;
      return new ConnectorError({ vendor, code: 'timeout', message, cause: fault.cause });
    }
    case 'lost': {
      const message = `The connection to ${vendor} at ${host} was lost before the answer was complete`;
      return new ConnectorError({ vendor, code: 'lost', message, cause: fault.cause });
    }
  }
}

/** The error code that an HTTP status stands for, where the vendor says nothing better. */
export function codeOfStatus(status: number): ConnectorErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not_found';
  if (status === 409) return 'conflict';
  if (status === 413) return 'too_large';
  if (status === 429) return 'rate_limited';
  if (status === 408) return 'timeout';
  if (status >= 500) return 'server_error';
  return 'refused';
}

/** Seconds from `Retry-After` (RFC 9110 §10.2.3): a number or an HTTP date. Undefined where absent or unreadable. */
export function retryAfterSeconds(headers: AnswerHeaders, now: Date): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

/** Parses a JSON answer with a schema. Anything else is `bad_response`: an answer is parsed, never cast. */
export function parseJson<T>(vendor: Vendor, schema: ZodType<T>, answer: HttpAnswer): T {
  let value: unknown;
  try {
    value = JSON.parse(answer.bytes.toString('utf8'));
  } catch (cause) {
    throw badResponse(vendor, answer, 'not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw badResponse(vendor, answer, `another shape at "${where}"`, parsed.error);
  }
  return parsed.data;
}

function badResponse(vendor: Vendor, answer: HttpAnswer, what: string, cause: unknown): ConnectorError {
  const path = new URL(answer.url).pathname;
  return new ConnectorError({
    vendor,
    code: 'bad_response',
    status: answer.status,
    message: `${vendor} answered ${path} with ${what}`,
    cause,
  });
}
