import { sql, type Kysely, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Why deliveries may have been missed. Stored, so none is ever renamed. */
export type MissedReason =
  | 'not_durable' // the database did not take them in time
  | 'overloaded' // more came in than could wait
  | 'stopping' // the service was told to stop
  | 'failed' // an error of our own
  | 'not_running'; // no node was there

/** A span of time in which deliveries may have been missed. */
export interface Gap {
  readonly from: Date;
  readonly to: Date;
  readonly reason: MissedReason;
}

/** Notes a gap; returns its id. */
export async function addGap(db: Kysely<Tables>, { from, to, reason }: Gap): Promise<number> {
  const { id } = await db
    .insertInto('countersign.gap')
    .values({ from_at: from, to_at: to, reason, closed_at: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Widens a gap that is open still; false where it was closed meanwhile. */
export async function widenGap(db: Kysely<Tables>, id: number, { from, to }: Gap): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('countersign.gap')
    .set({
      from_at: sql<Date>`least(from_at, ${from}::timestamptz)`,
      to_at: sql<Date>`greatest(to_at, ${to}::timestamptz)`,
    })
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes back a gap that was none after all. */
export async function removeGap(db: Kysely<Tables>, id: number): Promise<void> {
  await db.deleteFrom('countersign.gap').where('id', '=', id).where('closed_at', 'is', null).execute();
}

/** Gaps that nobody has closed, the earliest first. */
export async function readOpenGaps(db: Kysely<Tables>, limit = 1000): Promise<Gap[]> {
  const rows = await db
    .selectFrom('countersign.gap')
    .select(['from_at', 'to_at', 'reason'])
    .where('closed_at', 'is', null)
    .orderBy('from_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else writes reasons
  return rows.map((row) => ({ from: row.from_at, to: row.to_at, reason: row.reason as MissedReason }));
}

/** How long a node has been at the front door, as it last said. */
export interface NodeLife {
  readonly since: string;
  readonly alive: string;
}

const setting = 'door.alive';

/** What is known of all nodes, by their ids. Locked until the commit, so that two nodes look one after the other. */
export async function readLives(trx: Transaction<Tables>): Promise<Record<string, NodeLife>> {
  await trx
    .insertInto('countersign.setting')
    .values({ name: setting, value: '{}' })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const row = await trx
    .selectFrom('countersign.setting')
    .select('value')
    .where('name', '=', setting)
    .forUpdate()
    .executeTakeFirstOrThrow();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written below
  return row.value as Record<string, NodeLife>;
}

/** Keeps what is known of all nodes. */
export async function writeLives(
  trx: Transaction<Tables>,
  lives: Readonly<Record<string, NodeLife>>,
  now: Date,
): Promise<void> {
  await trx
    .updateTable('countersign.setting')
    .set({ value: JSON.stringify(lives), changed_at: now })
    .where('name', '=', setting)
    .execute();
}
