import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { startDebianPostgres } from '../../test/support/debian-postgres.ts';
import { createTestDatabase } from '../../test/support/postgres.ts';
import { quiet as log } from '../../test/support/quiet.ts';
import { openDatabase, type Connection, type Database } from './database.ts';
import { barrierSetting, isMigrated, migrate, pendingMigrations } from './migrate.ts';
import { migrations } from './migrations/index.ts';

const names = Object.keys(migrations);
const atEnd: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of atEnd.splice(0).toReversed()) await end();
});

async function open(connection: Connection): Promise<Database> {
  const database = await openDatabase({ connection, log });
  atEnd.push(async () => database.close());
  return database;
}

async function openEmpty(): Promise<{ database: Database; connection: Connection }> {
  const created = await createTestDatabase();
  atEnd.push(async () => created.drop());
  const database = await open(created.connection);
  await sql`drop schema countersign cascade`.execute(database.db);
  return { database, connection: created.connection };
}

describe('migrations', () => {
  test('bring an empty database up to date, once', async () => {
    const { database } = await openEmpty();
    expect(await isMigrated(database.db)).toBe(false);
    expect(await pendingMigrations(database.db)).toEqual(names);
    expect(await migrate(database.db)).toEqual(names);
    expect(await isMigrated(database.db)).toBe(true);
    expect(await pendingMigrations(database.db)).toEqual([]);
    expect(await migrate(database.db)).toEqual([]);
  });

  test('are run once when several nodes start together', async () => {
    const { connection } = await openEmpty();
    const nodes = await Promise.all([1, 2, 3].map(() => open(connection)));
    const done = await Promise.all(nodes.map(({ db }) => migrate(db)));
    expect(done.flat()).toEqual(names);
  });

  async function addLater(database: Database, barrier?: string): Promise<void> {
    await sql`insert into countersign.migration (name, timestamp) values ('9999-later', 'now')`.execute(database.db);
    if (barrier === undefined) return;
    await sql`insert into countersign.setting (name, value) values (${barrierSetting}, ${JSON.stringify(barrier)})`.execute(
      database.db,
    );
  }

  test('of a later version are run beside: they only add', async () => {
    const { database } = await openEmpty();
    await migrate(database.db);
    await addLater(database);
    expect(await migrate(database.db)).toEqual([]);
    expect(await isMigrated(database.db)).toBe(true);
  });

  test('of a later version that left a barrier refuse this one, and one that is running is not ready', async () => {
    const { database } = await openEmpty();
    await migrate(database.db);
    await addLater(database, '9999-later');
    await expect(migrate(database.db)).rejects.toMatchObject({ code: 'schema_too_new' });
    expect(await isMigrated(database.db)).toBe(false);
  });

  test('that left a barrier refuse no version that knows them', async () => {
    const { database } = await openEmpty();
    await migrate(database.db);
    await addLater(database, names.at(-1));
    expect(await migrate(database.db)).toEqual([]);
    expect(await isMigrated(database.db)).toBe(true);
  });

  test('of this version do not run on a database that went another way', async () => {
    const { database } = await openEmpty();
    await migrate(database.db);
    await addLater(database);
    await sql`delete from countersign.migration where name = ${names.at(-1)}`.execute(database.db);
    await expect(migrate(database.db)).rejects.toMatchObject({ code: 'migration_failed' });
  });

  test('that fail leave nothing behind', async () => {
    const { database } = await openEmpty();
    await sql`create schema countersign create table attention (id int)`.execute(database.db);
    await expect(migrate(database.db)).rejects.toMatchObject({ code: 'migration_failed' });
    const { rows } = await sql`
      select from information_schema.tables where table_schema = 'countersign' and table_name = 'change'`.execute(
      database.db,
    );
    expect(rows).toEqual([]);
    expect(await isMigrated(database.db)).toBe(false);
  });

  test('run on the Postgres 15 of Debian', async () => {
    const server = await startDebianPostgres();
    atEnd.push(async () => server.stop());
    const database = await open(server.connection);
    expect(await migrate(database.db)).toEqual(names);
    expect(await isMigrated(database.db)).toBe(true);
  });
});
