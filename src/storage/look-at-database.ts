import { sql, type Kysely } from 'kysely';
import { findBarrier, pendingMigrations } from './migrate.ts';
import { readTrigger } from './settings.ts';
import type { Tables } from './tables.ts';

/** What a database says of itself, and how far it is with our tables. */
export interface DatabaseFacts {
  /** As `server_version_num` has it: 180000 and up for version 18. */
  readonly version: number;
  /** A standby, or set to take no writes. */
  readonly readOnly: boolean;
  /** Whether we may make a schema here; needed until ours is there. */
  readonly mayCreate: boolean;
  /** Whether our schema is there, and whether we may use and change it. */
  readonly schema: 'missing' | 'ours' | 'closed';
  readonly pending: readonly string[];
  /** Migrations of a later version that this one cannot run beside. */
  readonly newer: readonly string[];
  /** Seconds that its clock is ahead of ours. */
  readonly ahead: number;
  /** Undefined before the tables are there. */
  readonly trigger: 'on' | 'off' | undefined;
  /** Keys that the log is or was signed with, in Base64; undefined before there is one. */
  readonly log: { readonly current: string; readonly earlier: readonly string[] } | undefined;
}

/** Looks at a database without changing anything in it. */
export async function lookAtDatabase(db: Kysely<Tables>, now: () => Date): Promise<DatabaseFacts> {
  const before = now().getTime();
  const { rows } = await sql<{
    version: string;
    standby: boolean;
    read_only: string;
    may_create: boolean;
    schema: DatabaseFacts['schema'];
    at: Date;
  }>`
    select current_setting('server_version_num') as version, pg_is_in_recovery() as standby,
           current_setting('transaction_read_only') as read_only,
           has_database_privilege(current_database(), 'create') as may_create,
           case when to_regnamespace('countersign') is null then 'missing'
                when has_schema_privilege('countersign', 'usage') and has_schema_privilege('countersign', 'create')
                then 'ours' else 'closed' end as schema,
           clock_timestamp() as at`.execute(db);
  const row = rows[0]!;
  const middle = (before + now().getTime()) / 2;
  // A schema that is closed to us shows nothing of itself.
  const isOpen = row.schema === 'ours';
  const pending = isOpen ? await pendingMigrations(db) : [];
  const barrier = isOpen ? await findBarrier(db) : undefined;
  const isWhole = isOpen && pending.length === 0;
  return {
    version: Number(row.version),
    readOnly: row.standby || row.read_only === 'on',
    mayCreate: row.may_create,
    schema: row.schema,
    pending,
    newer: barrier === undefined ? [] : [barrier],
    ahead: Math.round((row.at.getTime() - middle) / 1000),
    trigger: isWhole ? await readTrigger(db) : undefined,
    log: isWhole ? await readLogKeys(db) : undefined,
  };
}

async function readLogKeys(db: Kysely<Tables>): Promise<DatabaseFacts['log']> {
  const log = await db.selectFrom('countersign.log').select('public_key').executeTakeFirst();
  if (log === undefined) return undefined;
  const keys = await db.selectFrom('countersign.signing_key').select('public_key').orderBy('first_index').execute();
  const earlier = keys.map(({ public_key }) => public_key).filter((key) => key !== log.public_key);
  return { current: log.public_key, earlier };
}
