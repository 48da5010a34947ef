import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import { readOpenGaps } from '../storage/gaps.ts';
import { createMissed, type Missed } from './missed.ts';

let server: TestDatabase;
let database: Database;
let clock: Date;
let missed: Missed;

beforeEach(async () => {
  server = await createTestDatabase();
  database = await openDatabase({ connection: server.connection, log: quiet });
  clock = at('10:00:00');
  missed = createMissed({ database, now: () => clock, log: quiet, pauseMs: 10 });
});

afterEach(async () => {
  await missed.close();
  await database.close();
  await server.drop();
});

function at(time: string): Date {
  return new Date(`2026-11-24T${time}.000Z`);
}

function refuse(from: string, to: string, reason: 'not_durable' | 'overloaded' = 'not_durable'): void {
  clock = at(to);
  missed.note(at(from), reason);
}

async function gaps(): Promise<string[]> {
  const open = await readOpenGaps(database.db);
  return open.map(
    ({ from, to, reason }) => `${from.toISOString().slice(11, 19)} ${to.toISOString().slice(11, 19)} ${reason}`,
  );
}

test('refusals that touch are one span, also when its row is there already', async () => {
  refuse('10:00:00', '10:00:08');
  refuse('10:00:05', '10:00:13');
  await missed.flush();
  expect(await gaps()).toEqual(['10:00:00 10:00:13 not_durable']);
  refuse('10:00:50', '10:00:58');
  refuse('09:59:30', '10:01:00');
  await missed.flush();
  expect(await gaps()).toEqual(['09:59:30 10:01:00 not_durable']);
});

test('refusals far from each other, or for another reason, are spans of their own', async () => {
  refuse('10:00:00', '10:00:08');
  refuse('10:05:00', '10:05:08');
  refuse('10:05:00', '10:05:08', 'overloaded');
  await missed.flush();
  expect(await gaps()).toEqual([
    '10:00:00 10:00:08 not_durable',
    '10:05:00 10:05:08 not_durable',
    '10:05:00 10:05:08 overloaded',
  ]);
});

test('spans are written without being asked for, as soon as the database takes them', async () => {
  await database.transaction(async (trx) => {
    await trx.schema.alterTable('countersign.gap').renameTo('away').execute();
  });
  refuse('10:00:00', '10:00:08');
  await expect(missed.flush()).rejects.toThrow('gap');
  await database.transaction(async (trx) => {
    await trx.schema.alterTable('countersign.away').renameTo('gap').execute();
  });
  await expect.poll(gaps).toEqual(['10:00:00 10:00:08 not_durable']);
});

test('what is not written when the service closes, is written then', async () => {
  refuse('10:00:00', '10:00:08');
  await missed.close();
  expect(await gaps()).toEqual(['10:00:00 10:00:08 not_durable']);
});

test('a span that somebody closed is not widened behind their back', async () => {
  refuse('10:00:00', '10:00:08');
  await missed.flush();
  await database.db
    .updateTable('countersign.gap')
    .set({ closed_at: at('10:00:10') })
    .execute();
  refuse('10:00:09', '10:00:17');
  await missed.flush();
  expect(await gaps()).toEqual(['10:00:00 10:00:17 not_durable']);
});

test('an outage of days holds no more than a few spans in memory', () => {
  for (let minute = 0; minute < 3000; minute++) {
    clock = new Date(at('10:00:00').getTime() + minute * 120_000);
    missed.note(clock, 'not_durable');
  }
  expect(missed.held()).toBeLessThanOrEqual(100);
});
