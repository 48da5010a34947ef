import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The parsed JSON of a POST; undefined where there is no body. */
  readonly json: unknown;
  readonly etag: string | undefined;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface RunningPage {
  readonly url: string;
  close(): Promise<void>;
}

const largestBody = 2 * 1024 * 1024;

/**
 * Serves the sandbox’s own page and its control interface on 127.0.0.1. Other sites in the same browser must not drive
 * it: the Host header is checked, and what changes something has to be JSON.
 */
export async function servePage(
  answer: (request: PageRequest) => Promise<PageAnswer>,
  { port = 0, frames }: { port?: number | undefined; frames: () => readonly string[] },
): Promise<RunningPage> {
  const server = createServer((incoming, outgoing) => {
    const send = ({ status, headers = {}, body }: PageAnswer): void => {
      outgoing.writeHead(status, { ...safeHeaders(frames()), ...headers });
      outgoing.end(body);
    };
    read(incoming)
      .then(async (request) => ('status' in request ? request : answer(request)))
      .then(send, () => {
        if (!outgoing.headersSent) send(refuse(500, 'internal', 'The sandbox itself failed'));
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer in JSON. */
export function answerJson(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): PageAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** A refusal: a code for programs, words for people. */
export function refuse(status: number, code: string, message: string): PageAnswer {
  return answerJson(status, { error: { code, message } });
}

async function read(incoming: IncomingMessage): Promise<PageRequest | PageAnswer> {
  const target = incoming.url ?? '/';
  const { host = '', origin } = incoming.headers;
  if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host)) return refuse(403, 'foreign', 'Not for this host');
  if (origin !== undefined && origin !== `http://${host}`) return refuse(403, 'foreign', 'Not for this origin');
  if (!target.startsWith('/') || !URL.canParse(`http://page${target}`))
    return refuse(400, 'invalid', 'No such address');

  const url = new URL(`http://page${target}`);
  const method = incoming.method ?? 'GET';
  const body = await readAll(incoming);
  if (body === undefined) return refuse(413, 'too_large', 'The body is too large');
  const etag = incoming.headers['if-none-match'];
  const request = { method, path: url.pathname, query: url.searchParams, etag };
  if (method !== 'POST' || body.length === 0) return { ...request, json: undefined };

  const isJson = /^application\/json\b/.test(incoming.headers['content-type'] ?? '');
  if (!isJson) return refuse(415, 'invalid', 'Send application/json');
  try {
    return { ...request, json: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    return refuse(400, 'invalid', 'The body is not JSON');
  }
}

async function readAll(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function safeHeaders(frames: readonly string[]): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    `frame-src ${frames.join(' ') || "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
}
