import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { openDatabase, type Connection } from '../../src/storage/database.ts';
import { connectEmbedded } from '../../src/storage/embedded.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { quiet } from './quiet.ts';

export interface TestDatabase {
  readonly connection: Connection;
  drop(): Promise<void>;
}

const template = 'countersign_template';

let server: Promise<{ connection: Connection; admin: Client }> | undefined;

/** A fresh database with all tables, on the one server of this run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { connection, admin } = await server;
  const database = `test_${randomBytes(6).toString('hex')}`;
  await admin.query(`create database ${database} template ${template}`);
  return {
    connection: { ...connection, database },
    drop: async () => {
      await admin.query(`drop database ${database} with (force)`);
    },
  };
}

// Never stopped from here: other test files use it too, and the run's teardown ends it.
async function startServer(): Promise<{ connection: Connection; admin: Client }> {
  const { connection } = await connectEmbedded({ folder: inject('postgresFolder'), log: quiet });
  const admin = new Client(connection);
  admin.on('error', () => undefined);
  await admin.connect();
  await ensureTemplate(connection, admin);
  return { connection, admin };
}

async function ensureTemplate(connection: Connection, admin: Client): Promise<void> {
  await admin.query('select pg_advisory_lock(1)');
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
  if (rowCount === 0) {
    const unfinished = `${template}_unfinished`;
    await admin.query(`drop database if exists ${unfinished} with (force)`);
    await admin.query(`create database ${unfinished}`);
    const database = await openDatabase({ connection: { ...connection, database: unfinished }, log: quiet });
    await migrate(database.db);
    await database.close();
    await admin.query(`alter database ${unfinished} rename to ${template}`);
  }
  await admin.query('select pg_advisory_unlock(1)');
}
