import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { withoutTimeLimits } from './database.ts';
import { StorageError } from './errors.ts';
import { migrations } from './migrations/index.ts';
import type { Tables } from './tables.ts';

/** Brings the database up to date, all in one transaction. Several processes may do so at once: one does it, the others wait. */
export async function migrate(db: Kysely<Tables>): Promise<readonly string[]> {
  await refuseNewer(db);
  // Takes an advisory lock of its own, in a session of its own.
  const { error, results = [] } = await withoutTimeLimits(db, async (own) => migratorOf(own).migrateToLatest());
  if (error === undefined) return results.map((result) => result.migrationName);
  const failed = results.find((result) => result.status === 'Error')?.migrationName;
  const what = failed === undefined ? 'The database' : `The step ${failed}`;
  const why = error instanceof Error ? error.message : 'unknown';
  throw new StorageError(
    'migration_failed',
    `${what} could not be brought up to date, and nothing was changed: ${why}`,
    error,
  );
}

/** Whether every migration of this version has run. */
export async function isMigrated(db: Kysely<Tables>): Promise<boolean> {
  const done = new Set(await readDone(db));
  return Object.keys(migrations).every((name) => done.has(name));
}

/** The migrations of this version that have not run yet, in order. */
export async function pendingMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const done = new Set(await readDone(db));
  return Object.keys(migrations).filter((name) => !done.has(name));
}

/** Migrations that have run and that only a later version knows. */
export async function newerMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  return (await readDone(db)).filter((name) => !(name in migrations));
}

async function refuseNewer(db: Kysely<Tables>): Promise<void> {
  const [unknown] = await newerMigrations(db);
  if (unknown === undefined) return;
  throw new StorageError(
    'schema_too_new',
    `The database was brought up to date by a later version of Countersign (${unknown}). Run that version, or restore ` +
      `a backup made before it.`,
  );
}

function migratorOf(db: Kysely<Tables>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableSchema: 'countersign',
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
  });
}

async function readDone(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{
    there: boolean;
  }>`select to_regclass('countersign.migration') is not null as there`.execute(db);
  if (rows[0]?.there !== true) return [];
  const found = await sql<{ name: string }>`select name from countersign.migration order by name`.execute(db);
  return found.rows.map((row) => row.name);
}
