import { commitmentOf } from '@countersign/ledger';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeeper } from '../../test/support/keeper.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { checkEarlier, checkLog, sliceWidth } from './check-log.ts';
import { openDatabase, type Database } from './database.ts';
import { forgetfulMemory } from './head-memory.ts';
import type { LogKeeper } from './keeper.ts';
import { appendEntries } from './ledger.ts';

const whose = createKeeper();
/** Remembers nothing of the tests before. */
let keeper: LogKeeper;
let made: TestDatabase;
let database: Database;

beforeEach(async () => {
  keeper = { ...whose, memory: forgetfulMemory() };
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
});

afterEach(async () => {
  await database.close();
  await made.drop();
});

async function append(count: number): Promise<void> {
  const envelope = Buffer.from('envelope');
  const salt = Buffer.alloc(32);
  const commitment = commitmentOf(keeper.primitives, salt, envelope);
  const entries = Array.from({ length: count }, (_, at) => ({
    changeId: null,
    kind: 'statement' as const,
    type: 'action' as const,
    id: `entry-${at}`,
    commitment,
    envelope,
    salt,
  }));
  await database.transaction((trx) => appendEntries(trx, keeper, entries, new Date('2026-09-21T14:13:30.119Z')));
}

describe('a log that is opened', () => {
  it.each([0, 1, 7, 256, 257, 5000])('is what was sealed, with %i entries', async (count) => {
    if (count > 0) await append(count);
    await expect(checkLog(database.db, keeper, 20_000)).resolves.toBeUndefined();
  });

  it.each([
    [
      'a changed leaf',
      `update countersign.entry set leaf = set_byte(leaf, 9, 65) where index = 300`,
      'entry 300 is not',
    ],
    ['a deleted entry', `delete from countersign.entry where index = 41`, 'entry 41 is missing'],
    ['a deleted last entry', `delete from countersign.entry where index = 599`, 'entry 599 is missing'],
    ['a rolled-back size', `update countersign.log set size = 500`, 'its size is not'],
    ['a deleted head', `delete from countersign.checkpoint where size = 601`, 'its size is not'],
    [
      'a changed tile',
      `update countersign.tile set hashes = set_byte(hashes, 70, 1) where level = 0`,
      'entry 2 is not',
    ],
    ['a forged head', `update countersign.checkpoint set note = replace(note, '601', '600')`, 'is not signed'],
    [
      'a leaf and its hash changed together',
      `update countersign.entry set leaf = '\\x00' where index = 5;
       update countersign.tile set hashes = overlay(hashes placing sha256('\\x0000') from 161) where level = 0 and index = 0`,
      'do not lead to the root',
    ],
  ])('is refused with %s', async (_, statement, what) => {
    await append(600); // and the key's entry
    await sql.raw(statement).execute(database.db);
    await expect(checkLog(database.db, keeper, 20_000)).rejects.toMatchObject({
      code: 'log_broken',
      message: expect.stringContaining(what),
    });
  });

  it('is checked as far back as is asked, and before that a slice at a time', async () => {
    for (let slice = 0; slice < 3; slice++) await append(sliceWidth);
    await sql`update countersign.entry set leaf = '\\x00' where index = 7`.execute(database.db);
    await expect(checkLog(database.db, keeper, 2 * sliceWidth)).resolves.toBeUndefined();
    let pauses = 0;
    const earlier = (newest: number) => checkEarlier(database.db, keeper, newest, async () => pauses++ >= 0);
    await expect(earlier(sliceWidth)).rejects.toMatchObject({
      code: 'log_broken',
      message: expect.stringContaining('entry 7 is not'),
    });
    await sql`delete from countersign.tile where level = 0 and index = 0`.execute(database.db);
    await expect(checkLog(database.db, keeper, 3 * sliceWidth)).rejects.toMatchObject({ code: 'log_broken' });
    expect(pauses).toBe(0);
  });

  it('is checked where a slice is, whatever the slices beside it are', async () => {
    for (let slice = 0; slice < 2; slice++) await append(sliceWidth);
    let pauses = 0;
    await checkEarlier(database.db, keeper, 0, async () => pauses++ >= 0);
    expect(pauses).toBe(3);
    await checkEarlier(database.db, keeper, 0, async () => ++pauses < 5);
    expect(pauses).toBe(5);
    // A leaf and its hash: only the tree above them can tell.
    await sql`update countersign.entry set leaf = '\\x00' where index = ${sliceWidth + 5}`.execute(database.db);
    await sql`update countersign.tile set hashes = overlay(hashes placing sha256('\\x0000') from 161)
      where level = 0 and index = ${sliceWidth / 256}`.execute(database.db);
    await expect(checkLog(database.db, keeper, sliceWidth + 1)).rejects.toMatchObject({
      code: 'log_broken',
      message: expect.stringContaining('do not lead to the root'),
    });
  });

  it('is whole whenever it is looked at, while others append', async () => {
    const over = new AbortController();
    const appending = (async () => {
      while (!over.signal.aborted) await append(2);
    })();
    for (let look = 0; look < 40; look++) {
      await expect(checkLog(database.db, keeper, 20_000)).resolves.toBeUndefined();
      await expect(checkEarlier(database.db, keeper, 0, async () => true)).resolves.toBeUndefined();
    }
    over.abort();
    await appending;
  });

  it('is refused with an entry that no head covers', async () => {
    await append(3);
    const more = sql`insert into countersign.entry (index, kind, id, leaf, at) values (4, 'statement', 'x', ''::bytea, now())`;
    await more.execute(database.db);
    await expect(checkLog(database.db, keeper, 20_000)).rejects.toMatchObject({ code: 'log_broken' });
  });
});
