import { z, type ZodType } from 'zod';
import { ConnectorError } from '../errors.ts';
import { createHttp, type HttpAnswer } from '../http.ts';
import { connectionTo } from './connection.ts';
import { failureOf } from './failure.ts';
import { readList, readOne, type Connection, type Outcome } from './read.ts';

export interface Access {
  /** Address of the instance, with its path prefix where it has one. */
  readonly url: string;
  readonly token: string;
  readonly now?: () => Date;
  /** For one request, its body included. */
  readonly timeoutMs?: number;
}

/** Asks GitLab outside of the reading of a change. Whatever fails is thrown, with its code. */
export interface Caller {
  readonly connection: Connection;
  /** One request; its answer whatever its status, but for a token that is refused. */
  readonly ask: (path: string, request?: { method: 'POST' | 'PUT' | 'DELETE'; body?: unknown }) => Promise<HttpAnswer>;
  /** One thing. */
  readonly read: <T>(path: string, schema: ZodType<T>) => Promise<T>;
  /** A whole listing, however many pages it has. */
  readonly list: <T>(path: string, schema: ZodType<T>) => Promise<T[]>;
  /** A request that changes something; anything but 2xx is thrown. */
  readonly send: (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<HttpAnswer>;
}

/** One connection to GitLab for set-up. */
export function createCaller({ url, token, now = () => new Date(), timeoutMs }: Access): Caller {
  const http = createHttp({ vendor: 'gitlab', now, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const connection = connectionTo(url, { token, now, http });

  const ask: Caller['ask'] = async (path, request) => {
    const body = request?.body;
    const answer = await connection.http({
      method: request?.method ?? 'GET',
      url: `${connection.api}${path}`,
      headers: {
        'private-token': token,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 401) throw refusedToken(answer, now());
    return answer;
  };

  return {
    connection,
    ask,
    read: async (path, schema) => valueOf(await readOne(connection, 'setup', path, schema)),
    list: async (path, schema) => valueOf(await readList(connection, nameOf(path), path, schema)),
    async send(method, path, body) {
      const answer = await ask(path, { method, ...(body === undefined ? {} : { body }) });
      if (answer.status < 200 || answer.status > 299) throw failureOf(answer, now());
      return answer;
    },
  };
}

/** A path as one segment of an address: `acme%2Fpayments`. */
export function segment(path: string | number): string {
  return encodeURIComponent(String(path));
}

function valueOf<T>({ reading, error }: Outcome<T>): T {
  if (reading.ok) return reading.value;
  throw error;
}

// The listing's name, for messages: `hooks` of `/groups/88/hooks?…`.
function nameOf(path: string): string {
  return path.replace(/\?.*$/, '').split('/').at(-1) ?? 'rows';
}

const Refusal = z.object({ error_description: z.string().catch('') });

// Expired and revoked are told apart by GitLab's words alone; nothing but our own wording hangs on it.
function refusedToken(answer: HttpAnswer, now: Date): ConnectorError {
  const { vendor, code, message, status } = failureOf(answer, now);
  const why = whyRefused(answer);
  return new ConnectorError({
    vendor,
    code,
    message,
    ...(status === undefined ? {} : { status }),
    ...(why === undefined ? {} : { vendorCode: why }),
  });
}

function whyRefused(answer: HttpAnswer): string | undefined {
  try {
    const { error_description: words } = Refusal.parse(JSON.parse(answer.bytes.toString('utf8')));
    if (/\bexpired\b/i.test(words)) return 'token_expired';
    return /\brevoked\b/i.test(words) ? 'token_revoked' : undefined;
  } catch {
    return undefined;
  }
}
