import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { takeUp } from '../storage/changes.ts';
import { lockInTransaction, openDatabase, type Database } from '../storage/database.ts';
import { openOutcomes } from '../storage/outcomes.ts';
import { startQueue, type Queue } from './queue.ts';
import { resumeStranded } from './resume.ts';

const log = { ...quiet, debug: quiet.info };
let created: TestDatabase;
let database: Database;
let queues: Queue[];

beforeEach(async () => {
  created = await createTestDatabase();
  database = await openDatabase({ connection: created.connection, log: quiet });
  queues = await Promise.all([1, 2, 3].map(() => startQueue({ connection: created.connection, log: quiet })));
});

afterEach(async () => {
  for (const queue of queues) await queue.stop();
  await database.close();
  await created.drop();
});

const resume = (queue: Queue): Promise<number> => resumeStranded({ database, queue, log });

async function jobs() {
  const { rows } = await sql<{ name: string; state: string; key: string }>`
    select name, state::text, singleton_key as key from pgboss.job order by singleton_key`.execute(database.db);
  return rows;
}

async function openChanges(count: number): Promise<number[]> {
  const event = { project: { id: 7, path: 'acme/payments' }, title: 'A title', url: 'https://gitlab.example/1' };
  const taken = await takeUp(
    database.db,
    Array.from({ length: count }, (_, index) => ({
      key: { instance: 'gitlab.example', projectId: 7, iid: index + 1 },
      recordId: `SEC-${index}`,
      origin: 'webhook' as const,
      event: { ...event, actionedAt: null, updatedAt: null } as never,
    })),
    new Date(),
  );
  const ids = [...taken.values()];
  await openOutcomes(database.db, 'seal', ids, new Date());
  return ids;
}

test('the jobs of a node that died are free as soon as another node starts', async () => {
  await openChanges(1);
  await resume(queues[0]!);
  // It takes the job and is never heard of again.
  await queues[0]!.work('seal', { batchSize: 1, concurrency: 1 }, () => new Promise(() => undefined));
  await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ state: 'active' }]), { timeout: 5000 });
  await sql`update pgboss.job set heartbeat_on = now() - interval '16 seconds'`.execute(database.db);
  await sql`update pgboss.queue set monitor_claim_on = now() - interval '6 seconds'`.execute(database.db);

  await resume(queues[1]!);
  expect(await jobs()).toMatchObject([{ name: 'seal', state: 'retry' }]);
  // Stopping would wait for the one that never ends.
  queues.shift();
});

test('stages without a job are handed out once, by whichever node comes first', async () => {
  const ids = await openChanges(40);
  await database.transaction(async (trx) => {
    // Another node is at it.
    await lockInTransaction(trx, 'resume');
    expect(await resume(queues[0]!)).toBe(0);
  });
  const counts = await Promise.all([...queues, ...queues].map(resume));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
  expect((await jobs()).map(({ key }) => Number(key)).toSorted((a, b) => a - b)).toEqual(ids);
  expect(await resume(queues[0]!)).toBe(0);
});
