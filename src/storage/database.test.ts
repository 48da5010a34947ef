import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet as log } from '../../test/support/quiet.ts';
import { lockInTransaction, openDatabase, type Database } from './database.ts';

let created: TestDatabase;
const opened: Database[] = [];

beforeAll(async () => {
  created = await createTestDatabase();
});

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

afterAll(async () => created.drop());

async function open(): Promise<Database> {
  const database = await openDatabase({ connection: created.connection, log });
  opened.push(database);
  return database;
}

describe('a database', () => {
  test('gives whole numbers as numbers, times as dates, days as text and bytes as a buffer', async () => {
    const { db } = await open();
    const { rows } = await sql`select
      9007199254740991::int8 as big, array[1, 2]::int8[] as bigs, count(*) as counted,
      '2026-03-01 12:00:00.123+02'::timestamptz as at, '2026-03-01'::date as day, '\\x0001ff'::bytea as bytes`.execute(
      db,
    );
    expect(rows).toEqual([
      {
        big: Number.MAX_SAFE_INTEGER,
        bigs: [1, 2],
        counted: 1,
        at: new Date('2026-03-01T10:00:00.123Z'),
        day: '2026-03-01',
        bytes: Buffer.from([0, 1, 255]),
      },
    ]);
  });

  test('refuses to round a number that is too large', async () => {
    const { db } = await open();
    await expect(sql`select 9007199254740993::int8`.execute(db)).rejects.toThrow(RangeError);
  });

  test('undoes a transaction whose work throws', async () => {
    const database = await open();
    const { db } = database;
    const failing = database.transaction(async (trx) => {
      await trx.insertInto('countersign.setting').values({ name: 'undone', value: '1' }).execute();
      throw new TypeError('no');
    });
    await expect(failing).rejects.toThrow(TypeError);
    expect(await db.selectFrom('countersign.setting').selectAll().where('name', '=', 'undone').execute()).toEqual([]);
  });

  test('puts a time limit on statements and on idle transactions', async () => {
    const { db } = await open();
    const { rows } = await sql`select current_setting('statement_timeout') as statement,
      current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle`.execute(db);
    expect(rows).toEqual([{ statement: '1min', lock: '30s', idle: '1min' }]);
  });

  test('lets one at a time into a lock, across pools', async () => {
    const nodes = [await open(), await open(), await open()];
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sql`select pg_sleep(0.02)`.execute(nodes[0]!.db);
      inside -= 1;
    };
    await Promise.all([...nodes, ...nodes].map(async (node) => node.withAdvisoryLock('test', work)));
    await Promise.all(
      nodes.map(async (node) => node.transaction(async (trx) => lockInTransaction(trx, 'test').then(work))),
    );
    expect(most).toBe(1);
  });

  test('tells who only tries that a lock is taken, and frees it after an error', async () => {
    const [one, other] = [await open(), await open()];
    const failing = one.withAdvisoryLock('tried', async () => {
      expect(await other.tryAdvisoryLock('tried', async () => 'in')).toBeUndefined();
      throw new TypeError('no');
    });
    await expect(failing).rejects.toThrow(TypeError);
    expect(await other.tryAdvisoryLock('tried', async () => 'in')).toBe('in');
  });

  test('survives the loss of all its sessions, idle or in a transaction', async () => {
    const database = await open();
    const { db } = database;
    const admin = new Client(created.connection);
    await admin.connect();
    const kill = async (): Promise<void> => {
      await admin.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and application_name = 'countersign'`);
    };
    const cut = database.transaction(async (trx) => {
      await kill();
      await sql`select 1`.execute(trx);
    });
    await expect(cut).rejects.toThrow(Error);
    await sql`select 1`.execute(db);
    await kill();
    await vi.waitFor(async () => expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]));
    await admin.end();
  });

  test('that cannot be reached is reported without its password', async () => {
    const connection = { ...created.connection, password: 'not-the-password' };
    const failing = openDatabase({ connection, log });
    await expect(failing).rejects.toMatchObject({ code: 'database_unreachable' });
    await expect(failing).rejects.not.toThrow('not-the-password');
  });
});
