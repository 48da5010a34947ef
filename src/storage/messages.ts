import { sql, type Kysely, type Selectable } from 'kysely';
import type { Tables } from './tables.ts';

/** One message of the outbox, with the changes it confirms. */
export interface OutboxMessage {
  readonly id: number;
  readonly key: string;
  readonly channel: string;
  readonly state: 'pending' | 'sending' | 'unknown' | 'sent';
  readonly attempt: number;
  /** When the first attempt began: a look-up never needs to read further back. */
  readonly firstSentAt: Date | null;
  readonly lastSentAt: Date | null;
  readonly lookups: number;
  readonly threadTs: string | null;
  readonly ts: string | null;
  readonly permalink: string | null;
  readonly changeIds: readonly number[];
}

export interface NewMessage {
  readonly key: string;
  readonly channel: string;
  readonly threadTs: string | null;
  readonly changeIds: readonly number[];
}

/** Puts messages into the outbox. A change that has a message already keeps it. */
export async function enqueueMessages(db: Kysely<Tables>, messages: readonly NewMessage[], now: Date): Promise<void> {
  if (messages.length === 0) return;
  const rows = await db
    .insertInto('countersign.message')
    .values(
      messages.map((message) => ({
        key: message.key,
        channel: message.channel,
        state: 'pending' as const,
        first_sent_at: null,
        last_sent_at: null,
        looked_at: null,
        thread_ts: message.threadTs,
        ts: null,
        permalink: null,
        created_at: now,
      })),
    )
    .returning(['id', 'key'])
    .execute();
  const idOf = new Map(rows.map((row) => [row.key, row.id]));
  const links = messages.flatMap((message) =>
    message.changeIds.map((changeId) => ({ change_id: changeId, message_id: idOf.get(message.key)! })),
  );
  if (links.length > 0) await db.insertInto('countersign.message_change').values(links).execute();
}

/** The message of that key that confirms no change, such as a reminder: put into the outbox where it is not there yet. */
export async function openMessage(
  db: Kysely<Tables>,
  message: Omit<NewMessage, 'changeIds'>,
  now: Date,
): Promise<OutboxMessage> {
  const known = await readMessage(db, message.key);
  if (known !== undefined) return known;
  await enqueueMessages(db, [{ ...message, changeIds: [] }], now);
  return (await readMessage(db, message.key))!;
}

async function readMessage(db: Kysely<Tables>, key: string): Promise<OutboxMessage | undefined> {
  const row = await db.selectFrom('countersign.message').selectAll().where('key', '=', key).executeTakeFirst();
  return row === undefined ? undefined : messageOf({ ...row, change_ids: [] });
}

/** The messages that confirm these changes. */
export async function readMessages(db: Kysely<Tables>, changeIds: readonly number[]): Promise<OutboxMessage[]> {
  if (changeIds.length === 0) return [];
  const rows = await db
    .selectFrom('countersign.message as message')
    .innerJoin('countersign.message_change as link', 'link.message_id', 'message.id')
    .selectAll('message')
    .select(sql<number[]>`array_agg(link.change_id order by link.change_id)`.as('change_ids'))
    .where('message.id', 'in', (eb) =>
      eb.selectFrom('countersign.message_change').select('message_id').where('change_id', 'in', changeIds),
    )
    .groupBy('message.id')
    .orderBy('message.id')
    .execute();
  return rows.map(messageOf);
}

/** Claims a message before it is sent. False when somebody else holds it or has sent it. */
export async function claimMessage(db: Kysely<Tables>, id: number, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('countersign.message')
    .set((eb) => ({
      state: 'sending',
      attempt: eb('attempt', '+', 1),
      first_sent_at: eb.fn.coalesce('first_sent_at', sql<Date>`${now}`),
      last_sent_at: now,
      lookups: 0,
    }))
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Notes how a send or a look-up ended. */
export async function settleMessage(
  db: Kysely<Tables>,
  id: number,
  update:
    | { state: 'pending' | 'unknown' }
    | { state: 'pending'; threadTs: null }
    | { state: 'unknown'; lookedAt: Date }
    | { state: 'unknown'; sentBefore: Date }
    | { state: 'sent'; ts: string; permalink: string | null },
): Promise<void> {
  await db
    .updateTable('countersign.message')
    .set((eb) => ({
      state: update.state,
      ...('threadTs' in update ? { thread_ts: null } : {}),
      ...('ts' in update ? { ts: update.ts, permalink: update.permalink } : {}),
      // Never later than the present: what a clock said that ran ahead is not believed.
      ...('sentBefore' in update
        ? {
            first_sent_at: sql<Date>`least(first_sent_at, ${update.sentBefore})`,
            last_sent_at: update.sentBefore,
          }
        : {}),
      ...('lookedAt' in update ? { looked_at: update.lookedAt, lookups: eb('lookups', '+', 1) } : {}),
    }))
    .where('id', '=', id)
    // What was found to be sent stays sent, whatever a slower worker has to say.
    .$if(update.state !== 'sent', (query) => query.where('state', '!=', 'sent'))
    .execute();
}

function messageOf(row: Selectable<Tables['countersign.message']> & { change_ids: number[] }): OutboxMessage {
  return {
    id: row.id,
    key: row.key,
    channel: row.channel,
    state: row.state,
    attempt: row.attempt,
    firstSentAt: row.first_sent_at,
    lastSentAt: row.last_sent_at,
    lookups: row.lookups,
    threadTs: row.thread_ts,
    ts: row.ts,
    permalink: row.permalink,
    changeIds: row.change_ids.map(Number),
  };
}
