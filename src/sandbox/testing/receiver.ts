import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  // Payloads are looked at freely in tests.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

/** Takes webhooks and keeps them, raw bytes included. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** How the next requests are answered; `silence` never answers. */
  answer: number | 'silence';
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks);
      received.push({ headers: incoming.headers, raw, json: JSON.parse(raw.toString('utf8')) as unknown });
      if (receiver.answer === 'silence') return;
      outgoing.writeHead(receiver.answer, { 'content-type': 'application/json' });
      outgoing.end('{"result":"accepted"}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
