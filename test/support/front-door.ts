import { createHmac, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { doorLimits, type DoorLimits } from '../../src/server/door/limits.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { createServer } from '../../src/server/server.ts';
import type { MissedReason } from '../../src/storage/gaps.ts';
import type { Arriving, Received } from '../../src/workflow/receive.ts';
import { quiet } from './quiet.ts';

/** The server without a database: what is kept stands in a list. */
export interface TestDoor {
  readonly app: FastifyInstance;
  readonly port: number;
  readonly kept: Arriving[];
  readonly missed: { readonly from: Date; readonly reason: MissedReason }[];
  /** What becomes of an arrival; kept at once unless told otherwise. */
  keep: (arriving: Arriving) => Promise<Received>;
  isFull: boolean;
  /** Bytes held of bodies that are being read. */
  readonly reading: () => number;
}

export const signingToken = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const filter = {
  groups: [],
  projects: [],
  labels: ['security::*'],
  targetBranches: ['*'],
  journalProjects: [],
  overrides: [],
};

export async function openDoor(limits: Partial<DoorLimits> = {}): Promise<TestDoor> {
  const kept: Arriving[] = [];
  const missed: TestDoor['missed'] = [];
  let reading = (): number => 0;
  const door = {
    isFull: false,
    keep: async (arriving: Arriving): Promise<Received> => {
      kept.push(arriving);
      return { result: 'accepted', change: String(arriving.delivery.event.iid), trigger: 'on' };
    },
  };
  const app = await createServer({
    log: loggerOf(),
    now: () => new Date(),
    limits: { ...doorLimits, lookEveryMs: 20, ...limits },
    intake: () => ({ instance: 'gitlab.example', filter, secrets: { signing: tokens, token: [] } }),
    keep: (arriving) => door.keep(arriving),
    isFull: () => door.isFull,
    missed: (from, reason) => missed.push({ from, reason }),
    metrics: createMetrics(() => Promise.reject(new Error('nobody asks'))),
    isReady: async () => true,
    readCommitments: async () => undefined,
    ledger: null,
    onRoom: (room) => (reading = () => room.held()),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(door, { app, port, kept, missed, reading: () => reading() });
}

const tokens = [signingToken];

function loggerOf() {
  const log = {
    ...quiet,
    fatal: quiet.error,
    trace: quiet.debug,
    silent: quiet.debug,
    level: 'silent',
    child: () => log,
  };
  return log;
}

/** A merge in scope, or one out of it. */
export function mergeEvent(iid: number, label = 'security::payments'): string {
  return JSON.stringify({
    object_kind: 'merge_request',
    project: { id: 7, path_with_namespace: 'acme/payments', web_url: 'https://gitlab.example/acme/payments' },
    object_attributes: { id: iid, iid, action: 'merge', state: 'merged', target_branch: 'main' },
    labels: [{ title: label }],
  });
}

/** A signed request as it goes over the wire, without its body. */
export function headOf(body: string | Buffer, headers: Record<string, string> = {}): string {
  const id = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const hmac = createHmac('sha256', Buffer.alloc(32, 7)).update(`${id}.${timestamp}.`).update(body);
  const all: Record<string, string> = {
    host: 'countersign.example',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac.digest('base64')}`,
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== '');
  return `POST /webhooks/gitlab HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** A connection, and all that has come over it. */
export interface Wire {
  readonly socket: Socket;
  readonly received: () => string;
  /** Statuses of the answers that came, in order. */
  readonly statuses: () => number[];
  readonly write: (...parts: (string | Buffer)[]) => void;
  /** Resolves when the server has closed it. */
  readonly closed: Promise<void>;
}

export async function dial({ port }: Pick<TestDoor, 'port'>): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('end', resolve);
    socket.once('close', () => resolve());
  });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    socket,
    received: () => text,
    statuses: () => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)),
    write: (...parts) => {
      for (const part of parts) socket.write(part);
    },
    closed,
  };
}
