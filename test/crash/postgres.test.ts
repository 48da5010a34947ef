import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countEffects } from '../../bench/support/effects.ts';
import { createLog, openTrail, type Trail } from '../../src/compose.ts';
import { Secret } from '../../src/config/secret.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { openMergeRequest, type OpenedMergeRequest } from '../support/merge-requests.ts';
import {
  startReplicatedPostgres,
  type PostgresServer,
  type ReplicatedPostgres,
} from '../support/replicated-postgres.ts';
import { startResender, type Resender } from '../support/resender.ts';
import { install, until, type Running } from '../support/service-process.ts';
import { startSwitchOver, type SwitchOver } from '../support/switch-over.ts';

const awayMs = 2000;
const mergesEach = 20;

let postgres: ReplicatedPostgres;
let address: SwitchOver;
let sandbox: Sandbox;
let resender: Resender;
let service: Running;
let trail: Trail;
const closing: (() => Promise<void>)[] = [];
const merged: OpenedMergeRequest[] = [];

beforeAll(async () => {
  postgres = await startReplicatedPostgres();
  closing.push(() => postgres.remove());
  address = await startSwitchOver(postgres.primary.socket);
  closing.push(() => address.close());
  sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
  closing.push(() => sandbox.close());
  const installation = await install(sandbox);
  closing.push(() => installation.remove());
  resender = await startResender(() => `http://127.0.0.1:${installation.port}`);
  closing.push(() => resender.close());

  const databaseUrl = `postgres://test@127.0.0.1:${address.port}/postgres`;
  const { folder, dataFolder, port } = installation;
  const place = ['--config', `${folder}/countersign.yaml`, '--data', dataFolder, '--port', String(port)];
  service = installation.run(['serve', ...place], { ...sandbox.environment(), DATABASE_URL: databaseUrl });
  await service.printed('listens at');
  const opened = await openTrail({ databaseUrl: new Secret(databaseUrl), dataFolder, log: createLog('silent') });
  trail = opened;
  closing.push(() => opened.close());
  await trail.setTrigger('on');
  sandbox.connectHook(`${resender.address}/webhooks/gitlab`);
}, 60_000);

afterAll(async () => {
  for (const step of closing.splice(0).toReversed()) await step();
});

/** Ways in which a server goes away in the middle of a burst, and comes back. */
const events: readonly (readonly [string, (servers: ReplicatedPostgres) => Promise<void>])[] = [
  ['is restarted, ending its sessions', async ({ primary }) => restart(primary, 'SIGINT')],
  ['crashes and is started again', async ({ primary }) => restart(primary, 'SIGQUIT')],
  [
    'takes no writes for a while',
    async ({ primary }) => {
      await setReadOnly(primary, 'on');
      await pause(awayMs);
      await setReadOnly(primary, 'off');
    },
  ],
  [
    'fails over to its standby, for good',
    async ({ primary, standby }) => {
      await primary.stop('SIGQUIT');
      await pause(awayMs);
      await standby.ask('select pg_promote()');
      address.to(standby.socket);
    },
  ],
];

describe('a Postgres that', () => {
  test.each(events)('%s in mid-burst loses and doubles nothing', { timeout: 120_000 }, async (_what, happen) => {
    const merges = Array.from({ length: mergesEach }, (_, index) => openMergeRequest({ sandbox }, { pod: index % 10 }));
    const merge = ({ project, iid }: OpenedMergeRequest): void => {
      sandbox.gitlab.merge({ project, iid, by: 'mlund', anyway: true });
    };
    merged.push(...merges);
    const calls = sandbox.calls.length;
    merges.slice(0, mergesEach / 2).forEach(merge);
    await until(async () => sandbox.calls.length > calls + 20, 20_000);
    const happening = happen(postgres);
    // While it is away as well.
    for (const mr of merges.slice(mergesEach / 2)) {
      merge(mr);
      await pause(50);
    }
    await happening;
    await sandbox.gitlab.delivered();
    await resender.settled(60_000);

    const status = async () => trail.status().catch(() => undefined);
    await until(async () => {
      const changes = (await status())?.changes;
      return changes?.open === 0 && changes.done === merged.length;
    }, 90_000);
    expect(await countEffects(sandbox, merged)).toEqual({ lost: 0, doubled: 0 });
    expect((await trail.status()).changes).toEqual({ open: 0, done: merged.length, attention: 0 });
  });
});

async function restart(server: PostgresServer, how: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  await server.stop(how);
  await pause(awayMs);
  await server.start();
}

// Sessions that are open are cut: those that come are as read-only as those of a standby.
async function setReadOnly(server: PostgresServer, value: 'on' | 'off'): Promise<void> {
  await server.ask(`alter system set default_transaction_read_only = ${value}`);
  await server.ask('select pg_reload_conf()');
  await server.ask(
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = $$client backend$$',
  );
}
