import type { ZodType } from 'zod';
import { ConnectorError, type ConnectorErrorCode, type Vendor } from './errors.ts';
import { requireReading, type Reads } from './read-only.ts';

/** One answer, whatever its status: its bytes are evidence, so they are kept as they came. */
export interface HttpAnswer {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
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
}

const userAgent = 'Countersign (+https://github.com/countersign/countersign)';

/** The one place that talks HTTP: time-out, size limit, user agent, coded errors. */
export function createHttp(options: HttpOptions): Http {
  const now = options.now ?? (() => new Date());

  return async (request) => {
    const { vendor } = options;
    if (options.readOnly === true) requireReading(vendor, request);
    const limit = request.maxBytes ?? options.maxBytes ?? 32 * 1024 * 1024;
    const headers = headersOf(vendor, request.headers ?? {});
    const signal = AbortSignal.timeout(request.timeoutMs ?? options.timeoutMs ?? 20_000);

    try {
      const response = await fetch(request.url, {
        method: request.method ?? 'GET',
        headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        redirect: 'manual',
        signal,
      });
      const bytes = await readBody(response, limit, vendor);
      return {
        url: request.url,
        status: response.status,
        headers: response.headers,
        bytes,
        observedAt: now().toISOString(),
      };
    } catch (cause) {
      if (cause instanceof ConnectorError) throw cause;
      throw failedCall(vendor, request.url, signal.aborted, cause);
    }
  };
}

// The platform's own error quotes the value, which is often a secret: it is not kept as the cause.
function headersOf(vendor: Vendor, given: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers({ 'user-agent': userAgent, ...given });
  } catch {
    throw new ConnectorError({
      vendor,
      code: 'unauthorized',
      message: `A header for ${vendor} holds characters that cannot be sent. Was the credential pasted whole, and nothing else?`,
    });
  }
}

async function readBody(response: Response, limit: number, vendor: Vendor): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) {
      throw new ConnectorError({
        vendor,
        code: 'bad_response',
        status: response.status,
        message: `${vendor} answered with more than ${limit} bytes`,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// undici reports these before a single byte of the request is written.
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);

function failedCall(vendor: Vendor, url: string, timedOut: boolean, cause: unknown): ConnectorError {
  const host = new URL(url).host;
  const reason = causeCode(cause);
  if (reason !== undefined && neverSent.has(reason)) {
    return new ConnectorError({
      vendor,
      code: 'unreachable',
      message: `${vendor} cannot be reached at ${host} (${reason})`,
      cause,
    });
  }
  if (timedOut) {
    return new ConnectorError({
      vendor,
      code: 'timeout',
      message: `${vendor} at ${host} did not answer in time`,
      cause,
    });
  }
  return new ConnectorError({
    vendor,
    code: 'lost',
    message: `The connection to ${vendor} at ${host} was lost before the answer was complete`,
    cause,
  });
}

function causeCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    // Several addresses tried (IPv4 and IPv6): all refused, or it is not certain.
    if (at instanceof AggregateError && at.errors.length > 0) return causeCode(at.errors[0]);
  }
  return undefined;
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
export function retryAfterSeconds(headers: Headers, now: Date): number | undefined {
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
