import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Pool, types, type PoolConfig } from 'pg';
import { codeOf, StorageError } from './errors.ts';
import type { StorageLog } from './log.ts';
import type { Tables } from './tables.ts';

/** Where the database is: an address, or its parts, as `pg` takes them. */
export type Connection = Pick<PoolConfig, 'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database'>;

export interface DatabaseOptions {
  readonly connection: Connection;
  readonly log: Pick<StorageLog, 'warn'>;
  /** The largest number of sessions, 7 unless told. */
  readonly max?: number;
}

export interface Database {
  readonly db: Kysely<Tables>;
  /** Runs `work` in one transaction, which is undone when `work` throws. */
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Runs `work` while no other process or caller is inside a lock of this name. Waits for its turn. */
  withAdvisoryLock<T>(name: string, work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** The same, except that it does not wait: undefined where the lock is taken. */
  tryAdvisoryLock<T>(name: string, work: (db: Kysely<Tables>) => Promise<T>): Promise<T | undefined>;
  close(): Promise<void>;
}

const oldestVersion = 130_000;

/** Opens the pool and makes sure that a server answers which is new enough. */
export async function openDatabase({ connection, log, max = 7 }: DatabaseOptions): Promise<Database> {
  const pool = new Pool({
    ...connection,
    max,
    application_name: 'countersign',
    // Idle sessions cost the server memory; a quiet service keeps none for long.
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser },
  });
  pool.on('error', (error) => log.warn({ err: error }, 'An idle database session was lost'));
  pool.on('connect', (client) => {
    // Without a listener, a session lost between two statements of a transaction would end the process.
    client.on('error', () => undefined);
    // Not as start-up parameters, which poolers refuse. Queued before whatever the session was opened for.
    client
      .query(`${limits};${deadline}`)
      .catch((error: unknown) => log.warn({ err: error }, 'A database session took no time limits'));
  });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

  try {
    await checkVersion(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    transaction: async (work) => db.transaction().execute(work),
    withAdvisoryLock: async (name, work) => locked(db, name, work),
    tryAdvisoryLock: async (name, work) => db.connection().execute(async (own) => tryLocked(own, name, work)),
    close: async () => db.destroy(),
  };
}

const limits = `
  set statement_timeout = '60s';
  set lock_timeout = '30s';
  set idle_in_transaction_session_timeout = '60s'`;

// What a machine held that went away without a word is free again within half a minute, and not in two hours.
const deadline = `
  set tcp_keepalives_idle = 10;
  set tcp_keepalives_interval = 5;
  set tcp_keepalives_count = 3;
  set tcp_user_timeout = 25000`;

/** Holds the lock until the transaction ends: for work that is all in one transaction. */
export async function lockInTransaction(trx: Transaction<Tables>, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKey(name)}::bigint)`.execute(trx);
}

/** The same, except that it does not wait: false where somebody else has the lock. */
export async function tryLockInTransaction(trx: Transaction<Tables>, name: string): Promise<boolean> {
  const { rows } = await sql<{
    got: boolean;
  }>`select pg_try_advisory_xact_lock(${lockKey(name)}::bigint) as got`.execute(trx);
  return rows[0]?.got === true;
}

/** Reads what belongs together as it was at one moment, whatever others commit meanwhile. */
export async function inOneMoment<T>(db: Kysely<Tables>, work: (own: Kysely<Tables>) => Promise<T>): Promise<T> {
  if (db.isTransaction) return work(db);
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
}

/** Runs `work` in one session that may take its time, such as a wait for somebody else's turn. */
export async function withoutTimeLimits<T>(db: Kysely<Tables>, work: (own: Kysely<Tables>) => Promise<T>): Promise<T> {
  return db.connection().execute(async (own) => {
    try {
      await sql`set statement_timeout = 0`.execute(own);
      await sql`set lock_timeout = 0`.execute(own);
      return await work(own);
    } finally {
      await sql
        .raw(limits)
        .execute(own)
        .catch(() => undefined);
    }
  });
}

async function locked<T>(db: Kysely<Tables>, name: string, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  return withoutTimeLimits(db, async (own) => {
    await sql`select pg_advisory_lock(${lockKey(name)}::bigint)`.execute(own);
    await sql.raw(limits).execute(own);
    return runAndUnlock(own, name, work);
  });
}

async function tryLocked<T>(
  own: Kysely<Tables>,
  name: string,
  work: (db: Kysely<Tables>) => Promise<T>,
): Promise<T | undefined> {
  const { rows } = await sql<{ got: boolean }>`select pg_try_advisory_lock(${lockKey(name)}::bigint) as got`.execute(
    own,
  );
  return rows[0]?.got === true ? runAndUnlock(own, name, work) : undefined;
}

async function runAndUnlock<T>(
  own: Kysely<Tables>,
  name: string,
  work: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  try {
    return await work(own);
  } finally {
    // Should this fail, the session is gone, and its locks with it.
    await sql`select pg_advisory_unlock(${lockKey(name)}::bigint)`.execute(own).catch(() => undefined);
  }
}

function lockKey(name: string): string {
  return createHash('sha256').update(`countersign ${name}`).digest().readBigInt64BE().toString();
}

async function checkVersion(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ version: string; number: string }>`
    select current_setting('server_version') as version, current_setting('server_version_num') as number`
    .execute(db)
    .catch((cause: unknown) => {
      const why = codeOf(cause) ?? (cause instanceof Error ? cause.message : 'unknown');
      throw new StorageError(
        'database_unreachable',
        `The database does not let us in (${why}). Check DATABASE_URL.`,
        cause,
      );
    });
  if (Number(rows[0]?.number) >= oldestVersion) return;
  throw new StorageError(
    'server_too_old',
    `The database server is Postgres ${rows[0]?.version}; Countersign needs version ${oldestVersion / 10_000} or later.`,
  );
}

// Object ids of built-in types, from pg_type.
const int8 = 20;
const int8Array = 1016;
const date = 1082;

// Typed for the ids that are known by name, and made for all.
const builtIn: (oid: number, format?: 'text' | 'binary') => (value: string) => unknown = types.getTypeParser;

/** Numbers come as numbers and days as text; all else as `pg` has it: times as `Date`, bytes as `Buffer`. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === int8) return parseInteger;
  if (oid === int8Array) return parseIntegers;
  if (oid === date) return (value) => value;
  return builtIn(oid, format);
}

function parseInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is too large for a number`);
  return number;
}

function parseIntegers(value: string): number[] {
  const parsed: unknown = builtIn(int8Array)(value);
  return Array.isArray(parsed) ? parsed.map(String).map(parseInteger) : [];
}
