import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Stands between GitLab's hook and a service that may be away: sends what was not taken up again, as it was. */
export interface Resender {
  readonly address: string;
  /** Deliveries that had to be sent more than once. */
  readonly resent: () => number;
  /** Resolves once every delivery was taken up; rejects with what the service said last when that takes too long. */
  settled(patienceMs: number): Promise<void>;
  close(): Promise<void>;
}

const pauseMs = 100;
const answerWithinMs = 15_000;

/** GitLab is answered at once; the service is asked until it says 2xx. Where it moves to is asked for each try. */
export async function startResender(target: () => string): Promise<Resender> {
  const open = new Set<Promise<void>>();
  const closing = new AbortController();
  let resent = 0;
  let said = 'nothing';

  async function send(path: string, headers: Record<string, string>, body: Buffer<ArrayBuffer>): Promise<void> {
    for (let tries = 1; !closing.signal.aborted; tries++) {
      const answer = await fetch(`${target()}${path}`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(answerWithinMs),
      }).catch((error: unknown) => {
        said = String(error);
      });
      if (answer !== undefined) said = `${answer.status} ${await answer.text().catch(() => '')}`;
      if (answer?.ok === true) return;
      if (tries === 1) resent++;
      await pause(pauseMs);
    }
  }

  const server = createServer((incoming, outgoing) => {
    void read(incoming).then((body) => {
      const sending = send(incoming.url ?? '/', headersOf(incoming.headers), body).finally(() => open.delete(sending));
      open.add(sending);
      outgoing.writeHead(200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    address: `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
    resent: () => resent,
    async settled(patienceMs) {
      const end = performance.now() + patienceMs;
      while (open.size > 0) {
        if (performance.now() > end)
          throw new Error(`${open.size} deliveries were not taken up; the last answer: ${said}`);
        await pause(20);
      }
    },
    async close() {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(open);
    },
  };
}

async function read(message: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const own = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (own.has(name) ? [] : [[name, String(value)]])),
  );
}
