import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Heads of the log that no time stamp covers: a stamp of a later head covers all before it. */
export interface Unstamped {
  /** The newest of them, which is the one to stamp. */
  readonly size: number;
  /** The signed note, as it is published. */
  readonly note: string;
  /** When the oldest of them was made. */
  readonly since: Date;
  /** When the last stamp came; null before the first. */
  readonly lastStampAt: Date | null;
}

export interface KeptStamp {
  readonly size: number;
  /** The TimeStampResp in DER. */
  readonly response: Buffer;
  /** The time that it states. */
  readonly statedAt: Date;
}

/** What is to be stamped; undefined where the newest head is. */
export async function readUnstamped(db: Kysely<Tables>): Promise<Unstamped | undefined> {
  const last = await db
    .selectFrom('countersign.timestamp')
    .select(['size', 'at'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  const beyond = db
    .selectFrom('countersign.checkpoint')
    .select(['size', 'note', 'at'])
    .where('size', '>', last?.size ?? -1)
    .limit(1);
  const newest = await beyond.orderBy('size', 'desc').executeTakeFirst();
  const oldest = await beyond.orderBy('size', 'asc').executeTakeFirst();
  if (newest === undefined || oldest === undefined) return undefined;
  return { size: newest.size, note: newest.note, since: oldest.at, lastStampAt: last?.at ?? null };
}

/** Keeps the stamp of a head. The first one stays, for it may have been handed out. */
export async function keepStamp(db: Kysely<Tables>, stamp: KeptStamp, now: Date): Promise<void> {
  await db
    .insertInto('countersign.timestamp')
    .values({ size: stamp.size, response: stamp.response, stated_at: stamp.statedAt, at: now })
    .onConflict((conflict) => conflict.column('size').doNothing())
    .execute();
}

/** Which heads are stamped and when, by their size. */
export async function listStamps(db: Kysely<Tables>): Promise<Omit<KeptStamp, 'response'>[]> {
  const rows = await db.selectFrom('countersign.timestamp').select(['size', 'stated_at']).orderBy('size').execute();
  return rows.map((row) => ({ size: row.size, statedAt: row.stated_at }));
}

/** The stamp of the head of that size, in DER. */
export async function readStamp(db: Kysely<Tables>, size: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('countersign.timestamp')
    .select('response')
    .where('size', '=', size)
    .executeTakeFirst();
  return row?.response;
}

/** The signed head of that size, whether it is stamped or not. */
export async function readNote(db: Kysely<Tables>, size: number): Promise<string | undefined> {
  const row = await db.selectFrom('countersign.checkpoint').select('note').where('size', '=', size).executeTakeFirst();
  return row?.note;
}
