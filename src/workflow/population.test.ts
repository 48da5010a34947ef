import { parsePopulation } from '@countersign/ledger';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeeper } from '../../test/support/keeper.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { sealStored, type SealedChange } from '../../test/support/sealed-records.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { readPopulation } from '../storage/populations.ts';
import { readStatementEntries } from '../storage/packed-entries.ts';
import { sealPopulation } from './population.ts';

let keeper: LogKeeper;
const now = (): Date => new Date();
let made: TestDatabase;
let database: Database;
let changes: readonly SealedChange[];
let first: Date;
let last: Date;

beforeEach(async () => {
  keeper = createKeeper();
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
  changes = await sealStored(database, keeper, 5);
  const times = changes.map(({ mergedAt }) => mergedAt.getTime()).toSorted((left, right) => left - right);
  [first, last] = [new Date(times[0]!), new Date(times.at(-1)!)];
});

afterEach(async () => {
  await database.close();
  await made.drop();
});

const after = (time: Date, ms: number): Date => new Date(time.getTime() + ms);
const seal = (from: Date, until: Date) => sealPopulation({ database, keeper, now }, { from, until });
const mergedIn = (from: Date, until: Date) => changes.filter(({ mergedAt }) => mergedAt >= from && mergedAt < until);

async function listOf(index: number) {
  return parsePopulation((await readPopulation(database.db, index))!.canonical);
}

describe('the population of a period', () => {
  it('lists every change that was merged in it, in the order of their records', async () => {
    const { index, count } = await seal(first, after(last, 1));
    const list = await listOf(index);
    expect(count).toBe(5);
    expect(list.changes.map(({ id, mergedAt }) => [id, mergedAt])).toEqual(
      changes.map(({ id, mergedAt }) => [id, mergedAt.toISOString()]),
    );
    expect(list.logSize).toBe(index);
  });

  it('begins with its first millisecond and ends before its last', async () => {
    expect(last.getTime()).toBeGreaterThan(first.getTime());
    for (const [from, until] of [
      [first, last],
      [after(first, 1), after(last, 1)],
      [after(last, 1), after(last, 1000)],
    ] as const) {
      const { index } = await seal(from, until);
      const ids = (await listOf(index)).changes.map(({ id }) => id);
      expect(ids).toEqual(mergedIn(from, until).map(({ id }) => id));
    }
  });

  it('goes by what the record says, and not by what the table of changes says', async () => {
    await database.db
      .updateTable('countersign.change')
      .set({ merged_at: after(last, 60_000) })
      .execute();
    expect((await seal(first, after(last, 1))).count).toBe(5);
  });

  it('is sealed anew each time, and the lists before stay as they are', async () => {
    const one = await seal(first, last);
    const before = (await readPopulation(database.db, one.index))!.canonical;
    const two = await seal(first, last);
    expect(two.index).toBe(one.index + 1);
    expect((await readPopulation(database.db, one.index))!.canonical.equals(before)).toBe(true);
    const statements = await readStatementEntries(database.db, { after: one.index - 1, size: two.index + 1 }, 10);
    expect(statements.map(({ type }) => type)).toEqual(['population', 'population']);
  });

  it('is digested by the statement that is sealed', async () => {
    const { index, sha256, count } = await seal(first, last);
    const [entry] = await readStatementEntries(database.db, { after: index - 1, size: index + 1 }, 1);
    const { payload } = JSON.parse(entry!.envelope.toString());
    const statement = JSON.parse(Buffer.from(payload, 'base64').toString());
    expect(statement.subject).toEqual([{ name: 'population.json', digest: { sha256 } }]);
    expect(statement.predicate).toMatchObject({ count, log_size: index });
  });
});
