import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet as log } from '../../test/support/quiet.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import { startQueue, type Queue } from './queue.ts';

let created: TestDatabase;
let database: Database;
let queue: Queue;

beforeAll(async () => {
  created = await createTestDatabase();
  database = await openDatabase({ connection: created.connection, log });
  queue = await startQueue({ connection: created.connection, log });
});

afterAll(async () => {
  await queue.stop();
  await database.close();
  await created.drop();
});

test('a job whose claim was lost is not completed, and the worker hears of it', async () => {
  const lost = { id: randomUUID(), retryCount: 0, data: { change: 1 } };
  expect(await queue.complete(database.db, 'capture', [lost])).toBe(false);
});

test('a schema that a later pg-boss has brought further is used as it is', async () => {
  const version = async (): Promise<number> => {
    const { rows } = await sql<{ version: number }>`select version from pgboss.version`.execute(database.db);
    return rows[0]!.version;
  };
  const own = await version();
  await sql`update pgboss.version set version = version + 1`.execute(database.db);
  const beside = await startQueue({ connection: created.connection, log });
  await database.transaction((db) => beside.handOver(db, 'capture', [{ changeId: 7 }]));
  await beside.stop();
  expect(await version()).toBe(own + 1);
});

test('a queue that an earlier version made has the options of this one', async () => {
  await sql`update pgboss.queue set heartbeat_seconds = 99`.execute(database.db);
  const beside = await startQueue({ connection: created.connection, log });
  await beside.stop();
  const { rows } =
    await sql`select distinct heartbeat_seconds as seconds from pgboss.queue where name = 'seal'`.execute(database.db);
  expect(rows).toEqual([{ seconds: 15 }]);
});
