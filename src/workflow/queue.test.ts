import { randomUUID } from 'node:crypto';
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
