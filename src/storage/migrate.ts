import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { withoutTimeLimits } from './database.ts';
import { StorageError } from './errors.ts';
import { migrations } from './migrations/index.ts';
import type { Tables } from './tables.ts';

/**
 * Brings the database up to date, all in one transaction. Several processes may do so at once: one does it, the others wait.
 * One that a later version has brought further is used as it is: migrations only add, so that both versions run side by side.
 */
export async function migrate(db: Kysely<Tables>): Promise<readonly string[]> {
  if (await isUpToDate(db)) return [];
  // Takes an advisory lock of its own, in a session of its own.
  const { error, results = [] } = await withoutTimeLimits(db, async (own) => migratorOf(own).migrateToLatest());
  if (error === undefined) return results.map((result) => result.migrationName);
  // Whoever had the lock before may have been of a later version, whose migrations are not known here.
  if (await isUpToDate(db)) return [];
  const failed = results.find((result) => result.status === 'Error')?.migrationName;
  const what = failed === undefined ? 'The database' : `The step ${failed}`;
  const why = error instanceof Error ? error.message : 'unknown';
  throw new StorageError(
    'migration_failed',
    `${what} could not be brought up to date, and nothing was changed: ${why}`,
    error,
  );
}

async function isUpToDate(db: Kysely<Tables>): Promise<boolean> {
  const [pending, barrier] = [await pendingMigrations(db), await findBarrier(db)];
  if (barrier === undefined) return pending.length === 0;
  throw new StorageError(
    'schema_too_new',
    `The database was brought up to date by a later version of Countersign (${barrier}). Run that version, or restore ` +
      `a backup made before it.`,
  );
}

/** Whether this version can use the database: all its migrations have run, and none that it cannot run beside. */
export async function isMigrated(db: Kysely<Tables>): Promise<boolean> {
  return (await pendingMigrations(db)).length === 0 && (await findBarrier(db)) === undefined;
}

/** The migrations of this version that have not run yet, in order. */
export async function pendingMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const done = new Set(await readDone(db));
  return Object.keys(migrations).filter((name) => !done.has(name));
}

/** The migration of a later version that this one cannot run beside; undefined where there is none. */
export async function findBarrier(db: Kysely<Tables>): Promise<string | undefined> {
  const done = await readDone(db);
  if (done.every((name) => name in migrations)) return undefined;
  const row = await db
    .selectFrom('countersign.setting')
    .select('value')
    .where('name', '=', barrierSetting)
    .executeTakeFirst();
  const barrier = typeof row?.value === 'string' ? row.value : undefined;
  return barrier === undefined || barrier in migrations ? undefined : barrier;
}

/** Where a migration that earlier versions cannot run beside leaves its name. */
export const barrierSetting = 'barrier';

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
