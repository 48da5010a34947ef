// Keeps a number of connections busy, each with its next request as soon as the last was answered. Bare sockets, so that
// the load costs less than what it is put on. Prints what it saw; its plan is the only argument, as JSON.
import { connect } from 'node:net';
import { createRequests, type Kind } from './requests.ts';

export interface LoadPlan {
  readonly port: number;
  readonly kind: Kind;
  readonly signingToken: string;
  /** Number of the first event; each is sent once. */
  readonly first: number;
  readonly connections: number;
  readonly seconds: number;
  /** Not counted: what is answered before this has gone by. */
  readonly warmUpSeconds: number;
}

export interface LoadResult {
  readonly sent: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** By status and what the body calls it. */
  readonly answers: Readonly<Record<string, number>>;
}

const plan: LoadPlan = JSON.parse(process.argv[2] ?? '');
const next = createRequests(plan.kind, plan.signingToken, plan.first);
const times: number[] = [];
const answers: Record<string, number> = {};
let sent = 0;
const begin = performance.now();
const counted = begin + plan.warmUpSeconds * 1000;
const end = counted + plan.seconds * 1000;

await Promise.all(Array.from({ length: plan.connections }, runConnection));
const took = (performance.now() - counted) / 1000;
times.sort((a, b) => a - b);
const result: LoadResult = {
  sent,
  perSecond: times.length / took,
  p50Ms: quantile(0.5),
  p99Ms: quantile(0.99),
  answers,
};
console.log(JSON.stringify(result));

function quantile(share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

function runConnection(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: plan.port, host: '127.0.0.1', noDelay: true });
    let received = '';
    let at = 0;
    const send = (): void => {
      sent++;
      at = performance.now();
      socket.write(next());
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      const body = received.indexOf('\r\n\r\n') + 4;
      if (body < 4) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1]);
      if (received.length < body + length) return;
      const now = performance.now();
      const name =
        `${received.slice(9, 12)} ${/"(?:result|error)":"(\w+)"/.exec(received.slice(body))?.[1] ?? ''}`.trim();
      answers[name] = (answers[name] ?? 0) + 1;
      if (now >= counted) times.push(now - at);
      received = '';
      if (now < end) return send();
      socket.end();
      resolve();
    });
  });
}
