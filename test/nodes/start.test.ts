import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { createLog, startService, type Service } from '../../src/compose.ts';
import { watchConfig } from '../../src/config/watch-config.ts';
import { writeFile } from 'node:fs/promises';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { effectsOf } from '../support/effects.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { quiet } from '../support/quiet.ts';
import { addressOf } from '../support/service.ts';
import { until } from '../support/service-process.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of closing.splice(0).toReversed()) await step();
});

async function prepare() {
  const sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
  closing.push(() => sandbox.close());
  const created = await createTestDatabase();
  closing.push(() => created.drop());
  const dataFolder = await mkdtemp(join(tmpdir(), 'countersign-nodes-'));
  closing.push(() => rm(dataFolder, { recursive: true, force: true }));
  const path = join(dataFolder, 'countersign.yaml');
  await writeFile(path, JSON.stringify(sandbox.configuration()));
  const environment = { ...sandbox.environment(), DATABASE_URL: addressOf(created.connection) };
  const database = await openDatabase({ connection: created.connection, log: quiet });
  closing.push(() => database.close());
  const start = async (): Promise<Service> => {
    const { config } = watchConfig({ path, environment });
    const service = await startService({ config, dataFolder, log: createLog('silent'), port: 0 });
    closing.push(() => service.close());
    return service;
  };
  return { sandbox, database, created, start };
}

test('three nodes that start together on an empty database make tables, queues, key and log once', async () => {
  const { database, start } = await prepare();
  await sql`drop schema countersign cascade`.execute(database.db);
  const nodes = await Promise.all([start(), start(), start()]);
  expect(nodes).toHaveLength(3);
  const count = async (table: string, where = 'true'): Promise<number> => {
    const { rows } = await sql
      .raw<{ count: number }>(`select count(*) from ${table} where ${where}`)
      .execute(database.db);
    return rows[0]!.count;
  };
  expect({
    queues: await count('pgboss.queue', "name <> '__pgboss__send-it'"),
    logs: await count('countersign.log'),
    keys: await count('countersign.signing_key'),
    key: await count('countersign.entry', "type = 'key'"),
    policies: await count('countersign.entry', "type = 'policy'"),
    heartbeats: await count('countersign.entry', "type = 'heartbeat'"),
  }).toEqual({ queues: 5, logs: 1, keys: 1, key: 1, policies: 1, heartbeats: 1 });
});

test(
  'nodes whose sessions are all cut in the middle of a burst recover by themselves, and lose and double nothing',
  { timeout: 90_000 },
  async () => {
    const { sandbox, created, database, start } = await prepare();
    const [first] = [await start(), await start()];
    await first.trail.setTrigger('on');
    sandbox.connectHook(`${first.address}/webhooks/gitlab`);
    const admin = new Client(created.connection);
    admin.on('error', () => undefined);
    await admin.connect();
    closing.push(() => admin.end());
    const cut = async (): Promise<number> => {
      const { rowCount } = await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'countersign%'`);
      return rowCount ?? 0;
    };

    const opened = Array.from({ length: 40 }, (_, index) => openMergeRequest({ sandbox }, { pod: index % 10 }));
    for (const { project, iid } of opened) sandbox.gitlab.merge({ project, iid, by: 'mlund', anyway: true });
    await sandbox.gitlab.delivered();
    for (const stage of ['capture', 'close-issue', 'confirm']) {
      const isUnderWay = async (): Promise<boolean> => {
        const found = await admin.query('select from countersign.outcome where stage = $1 limit 1', [stage]);
        return found.rowCount === 1;
      };
      await until(isUnderWay, 60_000);
      expect(await cut()).toBeGreaterThan(1);
    }
    const isDone = async (): Promise<boolean> => {
      const { changes } = await first.trail.status();
      return changes.open === 0 && changes.done === 40;
    };
    await until(() => isDone().catch(() => false), 80_000);

    const { rows } = await sql<{ id: string }>`select id from countersign.entry where kind = 'record'`.execute(
      database.db,
    );
    expect(rows).toHaveLength(40);
    for (const { id } of rows) expect({ id, ...effectsOf({ sandbox }, id) }).toEqual({ id, rows: 1, messages: 1 });
  },
);
