import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { openDatabase, type Database } from './database.ts';
import { keepStamp, listStamps, readNote, readStamp, readUnstamped } from './timestamps.ts';

let made: TestDatabase;
let database: Database;

beforeEach(async () => {
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
});

afterEach(async () => {
  await database.close();
  await made.drop();
});

/** A moment, some minutes after noon. */
const at = (minutes: number): Date => new Date(Date.UTC(2026, 8, 21, 12, minutes));

async function head(size: number, minutes: number): Promise<void> {
  const row = { size, root: `root ${size}`, note: `note ${size}`, at: at(minutes) };
  await database.db.insertInto('countersign.checkpoint').values(row).execute();
}

const stamp = (size: number, minutes: number, response = `stamp ${size}`) =>
  keepStamp(database.db, { size, response: Buffer.from(response), statedAt: at(minutes) }, at(minutes));

describe('heads without a time stamp', () => {
  it('are none in an empty log, nor where the newest is stamped', async () => {
    expect(await readUnstamped(database.db)).toBeUndefined();
    await head(3, 0);
    await head(5, 1);
    await stamp(5, 2);
    expect(await readUnstamped(database.db)).toBeUndefined();
  });

  it('are all, before the first stamp', async () => {
    await head(3, 0);
    await head(5, 1);
    const expected = { size: 5, note: 'note 5', since: at(0), lastStampAt: null };
    expect(await readUnstamped(database.db)).toEqual(expected);
  });

  it('are those after the last stamp, which covers the ones before it', async () => {
    for (const [size, minutes] of [
      [3, 0],
      [5, 1],
      [7, 10],
      [9, 20],
    ] as const)
      await head(size, minutes);
    await stamp(5, 2);
    const expected = { size: 9, note: 'note 9', since: at(10), lastStampAt: at(2) };
    expect(await readUnstamped(database.db)).toEqual(expected);
  });
});

describe('a time stamp', () => {
  it('is read back as it came, and stays as it was first kept', async () => {
    await head(3, 0);
    await stamp(3, 1);
    await stamp(3, 9, 'another');
    expect((await readStamp(database.db, 3))?.toString()).toBe('stamp 3');
    expect(await listStamps(database.db)).toEqual([{ size: 3, statedAt: at(1) }]);
  });

  it('stands only beside a head that was signed', async () => {
    await head(3, 0);
    await expect(stamp(4, 1)).rejects.toThrow('foreign key');
    expect(await readStamp(database.db, 4)).toBeUndefined();
    expect([await readNote(database.db, 3), await readNote(database.db, 4)]).toEqual(['note 3', undefined]);
  });
});
