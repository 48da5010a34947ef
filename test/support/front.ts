import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { once } from 'node:events';

/** One address in front of several nodes. */
export interface Front {
  readonly address: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const mostRounds = 100;
const betweenRoundsMs = 100;

/**
 * Passes requests on to nodes in turn. One that is not answered goes to the next node, as it was: the node may have
 * died before or after it was kept, as when GitLab is told to send a delivery again.
 */
export async function startFront(ports: readonly number[]): Promise<Front> {
  let next = 0;
  const pass = async (incoming: IncomingMessage, body: Buffer): Promise<Answer> => {
    for (let round = 0; round < mostRounds; round++) {
      for (let tried = 0; tried < ports.length; tried++) {
        const answer = await ask(ports[next++ % ports.length]!, incoming, body);
        if (answer !== undefined) return answer;
      }
      await new Promise((resolve) => setTimeout(resolve, betweenRoundsMs));
    }
    return { status: 502, headers: {}, body: Buffer.from('No node answers') };
  };
  const server = createServer((incoming, outgoing) => {
    void read(incoming)
      .then((body) => pass(incoming, body))
      .then(({ status, headers, body }) => outgoing.writeHead(status, withoutLength(headers)).end(body))
      .catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    address: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function ask(port: number, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, method, path: url, headers, agent: false, timeout: 15_000 };
    const asked = request(options, (answer) => {
      read(answer).then(
        (bytes) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: bytes }),
        () => resolve(undefined),
      );
    });
    asked.on('error', () => resolve(undefined));
    asked.on('timeout', () => asked.destroy());
    asked.end(body);
  });
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function withoutLength(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => !['content-length', 'transfer-encoding', 'connection', 'keep-alive'].includes(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
