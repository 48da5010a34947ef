import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** What goes out: everything is settled already. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest body that is read, decoded, in bytes. */
  readonly maxBytes: number;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** How an exchange came to nothing. After `unsent` nothing has left; after the others nobody knows what was done. */
export type ExchangeFault =
  | { readonly kind: 'unsent' | 'timeout' | 'lost'; readonly cause: unknown }
  | { readonly kind: 'too_large'; readonly status: number; readonly limit: number };

export type Exchanged = { readonly kind: 'answered'; readonly answer: Incoming } | ExchangeFault;

// Node's own client and not `fetch`: a burst makes ten requests for every merge, and this takes half the time for each.
const agents = {
  'http:': new HttpAgent({ keepAlive: true, maxSockets: 128 }),
  'https:': new HttpsAgent({ keepAlive: true, maxSockets: 128 }),
};

/** Sends one request and reads its answer whole. Follows nothing, repeats nothing, judges nothing. Failing is an outcome. */
export function exchange({ method, url, headers, body, timeoutMs, maxBytes }: Outgoing): Promise<Exchanged> {
  return new Promise((resolve) => {
    const target = new URL(url);
    const isSecure = target.protocol === 'https:';
    const send = isSecure ? httpsRequest : httpRequest;
    const outgoing = send(target, { method, headers, agent: agents[isSecure ? 'https:' : 'http:'] });
    let answered = false;
    const fail = (fault: ExchangeFault): void => {
      clearTimeout(timer);
      resolve(fault);
      outgoing.destroy();
    };
    const timer = setTimeout(() => {
      // Whoever has not even been connected has sent nothing.
      const isUnsent = outgoing.socket === null || outgoing.socket.connecting;
      const cause = new Error('No answer in time');
      fail({ kind: isUnsent ? 'unsent' : 'timeout', cause });
    }, timeoutMs);

    outgoing.on('response', (answer) => {
      answered = true;
      const { statusCode: status = 0 } = answer;
      const lost = (cause: unknown): void => fail({ kind: 'lost', cause });
      const chunks: Buffer[] = [];
      let size = 0;
      const decoded = decode(answer);
      if (decoded !== answer) answer.on('error', lost);
      decoded.on('error', lost);
      decoded.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes) fail({ kind: 'too_large', status, limit: maxBytes });
        else chunks.push(chunk);
      });
      decoded.on('end', () => {
        clearTimeout(timer);
        const bytes = Buffer.concat(chunks, size);
        resolve({ kind: 'answered', answer: { status, headers: answer.headers, bytes } });
      });
    });
    outgoing.on('error', (cause) => {
      // A server that answers before it has read everything may close the rest: its answer counts.
      if (!answered) fail({ kind: isUnsent(cause) ? 'unsent' : 'lost', cause });
    });
    outgoing.end(body);
  });
}

function decode(answer: IncomingMessage): Readable {
  const coding = answer.headers['content-encoding']?.toLowerCase() ?? 'identity';
  return coding === 'gzip' || coding === 'x-gzip' ? answer.pipe(createGunzip()) : answer;
}

// Node reports these before a single byte of the request is written.
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
]);

function isUnsent(error: unknown): boolean {
  const code = causeCode(error);
  return code !== undefined && unsent.has(code);
}

/** The code of what failed underneath. */
export function causeCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    // Several addresses tried (IPv4 and IPv6): all refused, or it is not certain.
    if (at instanceof AggregateError && at.errors.length > 0) return causeCode(at.errors[0]);
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}
