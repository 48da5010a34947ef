import { fromKysely, PgBoss, type Job } from 'pg-boss';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openDatabase, type Database } from '../src/storage/database.ts';
import { createTestDatabase, type TestDatabase } from './support/postgres.ts';
import { quiet as log } from './support/quiet.ts';

// What the pipeline counts on: jobs come, go and are fenced within our own transactions.

let created: TestDatabase;
let database: Database;
let boss: PgBoss;

beforeAll(async () => {
  created = await createTestDatabase();
  database = await openDatabase({ connection: created.connection, log });
  boss = new PgBoss({ ...(created.connection as object), schema: 'pgboss', useListenNotify: true, supervise: false });
  await boss.start();
});

afterAll(async () => {
  await boss.stop({ graceful: false });
  await database.close();
  await created.drop();
});

let queues = 0;

async function createQueue(): Promise<string> {
  queues += 1;
  const name = `queue-${queues}`;
  await boss.createQueue(name, { notify: true, retryLimit: 100, heartbeatSeconds: 15 });
  return name;
}

class Undo extends Error {}

async function undone(work: (db: ReturnType<typeof fromKysely>) => Promise<unknown>): Promise<void> {
  const whole = database.transaction(async (trx) => {
    await work(fromKysely(trx));
    throw new Undo();
  });
  await expect(whole).rejects.toThrow(Undo);
}

describe('a job', () => {
  test('sent in a transaction that is undone was never there', async () => {
    const queue = await createQueue();
    await undone(async (db) => boss.send(queue, { change: 1 }, { db }));
    expect(await boss.fetch(queue)).toEqual([]);
  });

  test('sent in a transaction that is committed is there', async () => {
    const queue = await createQueue();
    await database.transaction(async (trx) => boss.insert(queue, [{ data: { change: 1 } }], { db: fromKysely(trx) }));
    expect(await boss.fetch(queue)).toMatchObject([{ data: { change: 1 }, retryCount: 0 }]);
  });

  test('completed in a transaction that is undone is still to be done', async () => {
    const queue = await createQueue();
    await boss.send(queue, { change: 1 });
    const jobs = await boss.fetch(queue);
    await undone(async (db) => boss.complete(queue, jobs, null, { db }));
    expect(await boss.findJobs(queue)).toMatchObject([{ state: 'active' }]);
    expect(await boss.complete(queue, jobs)).toMatchObject({ requested: 1, affected: 1 });
  });

  test('is completed and followed by the next in one transaction', async () => {
    const [queue, next] = [await createQueue(), await createQueue()];
    await boss.insert(queue, [{ data: { change: 1 } }, { data: { change: 2 } }]);
    const jobs = await boss.fetch<{ change: number }>(queue, { batchSize: 10 });
    await database.transaction(async (trx) => {
      const db = fromKysely(trx);
      const ids = jobs.map((job) => job.id);
      expect(await boss.complete(queue, jobs, null, { db })).toEqual({
        jobs: ids,
        requested: 2,
        affected: 2,
        settled: expect.arrayContaining(ids),
      });
      await boss.insert(
        next,
        jobs.map((job) => ({ data: job.data })),
        { db },
      );
    });
    expect(await boss.fetch(next, { batchSize: 10 })).toHaveLength(2);
    expect(await boss.fetch(queue)).toEqual([]);
  });

  test('is not completed by a worker that lost its claim, as the count tells', async () => {
    const queue = await createQueue();
    await boss.insert(queue, [{ data: { change: 1 } }, { data: { change: 2 } }]);
    const slow = await boss.fetch(queue, { batchSize: 2 });
    const [lost, kept] = slow as [Job, Job];
    await boss.fail(queue, lost);
    const [again] = await boss.fetch(queue);
    expect(again).toMatchObject({ id: lost.id, retryCount: 1 });

    await undone(async (db) =>
      expect(await boss.complete(queue, slow, null, { db })).toEqual({
        jobs: [lost.id, kept.id],
        requested: 2,
        affected: 1,
        settled: [kept.id],
      }),
    );
    // A bare id would have ended the attempt of the other worker.
    await undone(async (db) =>
      expect(await boss.complete(queue, [lost.id, kept.id], null, { db })).toMatchObject({ affected: 2 }),
    );
  });

  test('wakes a worker when its transaction is committed', async () => {
    const queue = await createQueue();
    const handled = vi.fn<(jobs: readonly Job[]) => Promise<void>>(async () => undefined);
    await boss.work(queue, { batchSize: 10, pollingIntervalSeconds: 60, notifyPollingIntervalSeconds: 60 }, handled);
    // The next look of its own accord is a minute away.
    await vi.waitFor(() =>
      expect(boss.getWipData()).toMatchObject([{ name: queue, lastFetchedOn: expect.any(Number) }]),
    );
    await database.transaction(async (trx) => boss.send(queue, { change: 1 }, { db: fromKysely(trx) }));
    await vi.waitFor(() => expect(handled).toHaveBeenCalledOnce(), { timeout: 5000 });
    await boss.offWork(queue);
  });
});
