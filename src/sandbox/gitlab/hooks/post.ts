import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface PostAnswer {
  /** Absent where there was no answer. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly seconds: number;
}

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly verifyTls: boolean;
  /** Ends the exchange at once. */
  readonly signal: AbortSignal;
}

const keptBody = 8 * 1024;
const keptHeaders = 50;
const keptHeader = 1024;

/** Sends one delivery. No answer within the time is an outcome, not an exception. */
export function post({ url, headers, body, timeoutMs, verifyTls, signal }: PostOptions): Promise<PostAnswer> {
  const started = performance.now();
  const failed = (reason: string): PostAnswer => ({
    headers: {},
    body: reason,
    seconds: (performance.now() - started) / 1000,
  });

  return new Promise((resolve) => {
    const secure = url.startsWith('https:');
    let outgoing: ClientRequest;
    try {
      outgoing = (secure ? requestHttps : requestHttp)(url, {
        method: 'POST',
        signal,
        headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
        ...(secure ? { rejectUnauthorized: verifyTls } : {}),
      });
    } catch (error) {
      // An address or a header that cannot be sent.
      resolve(failed(String(error)));
      return;
    }
    const timer = setTimeout(() => {
      resolve(failed('Net::ReadTimeout'));
      outgoing.destroy();
    }, timeoutMs);
    const settle = (answer: PostAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    outgoing.on('error', (error: NodeJS.ErrnoException) => settle(failed(error.code ?? error.message)));
    outgoing.on('response', (incoming) => {
      readBody(incoming).then(
        (text) =>
          settle({
            status: incoming.statusCode ?? 0,
            headers: keep(incoming),
            body: text,
            seconds: (performance.now() - started) / 1000,
          }),
        () => settle(failed('EOFError')),
      );
    });
    outgoing.end(body);
  });
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (size < keptBody) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, keptBody).toString('utf8');
}

function keep(incoming: IncomingMessage): Record<string, string> {
  const headers = Object.entries(incoming.headers).slice(0, keptHeaders);
  return Object.fromEntries(headers.map(([name, value]) => [name, String(value).slice(0, keptHeader)]));
}
