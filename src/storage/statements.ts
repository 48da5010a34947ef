import { canonicalJson, type Json } from '@countersign/ledger';
import type { Kysely, Transaction } from 'kysely';
import { statementIn, type StatementType } from './seal-entry.ts';
import type { Tables } from './tables.ts';

/** The predicate of the newest statement of a type; undefined where there is none. The log vouches for it, not this. */
export async function readLastStatement(
  db: Kysely<Tables>,
  type: StatementType,
): Promise<{ readonly [member: string]: Json } | undefined> {
  const row = await db
    .selectFrom('countersign.entry')
    .select('envelope')
    .where('type', '=', type)
    .orderBy('index', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row?.envelope === undefined || row.envelope === null) return undefined;
  return statementIn(row.envelope).predicate;
}

/** Whether a statement of that type and name stands in the log. */
export async function hasStatement(db: Kysely<Tables>, type: StatementType, name: string): Promise<boolean> {
  const row = await db
    .selectFrom('countersign.entry')
    .select('index')
    .where('type', '=', type)
    .where('id', '=', `${type}/${name}`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** One event of the journal that no root covers yet, as the leaf over which the root is made. */
export interface UnsealedEvent {
  readonly id: number;
  readonly receivedAt: Date;
  readonly leaf: string;
}

/** The oldest events of the journal that no root covers yet. */
export async function readUnsealedEvents(trx: Transaction<Tables>, limit: number): Promise<UnsealedEvent[]> {
  const rows = await trx
    .selectFrom('countersign.journal as journal')
    .select((eb) => [
      'journal.id',
      'journal.instance',
      'journal.project_id',
      'journal.iid',
      'journal.event_key',
      'journal.received_at',
      // Not joined: a plan for thousands of events would go through all deliveries for a few.
      eb
        .selectFrom('countersign.delivery as delivery')
        .select('delivery.sha256')
        .whereRef('delivery.id', '=', 'journal.delivery')
        .as('sha256'),
    ])
    .where('journal.sealed_in', 'is', null)
    .orderBy('journal.id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    receivedAt: row.received_at,
    leaf: canonicalJson({
      at: row.received_at.toISOString(),
      delivery: row.sha256,
      event: row.event_key,
      merge_request: `${row.instance}/${row.project_id}!${row.iid}`,
    }),
  }));
}

/** Notes which entry covers events of the journal. */
export async function noteSealedEvents(trx: Transaction<Tables>, ids: readonly number[], index: number): Promise<void> {
  await trx.updateTable('countersign.journal').set({ sealed_in: index }).where('id', 'in', ids).execute();
}

/** What somebody did with the trail. */
export interface Action {
  readonly what: 'trigger' | 'retry' | 'judge' | 'configuration' | 'hook';
  readonly detail: { readonly [member: string]: Json };
}

/** Notes an action, which the service seals within a minute. */
export async function noteAction(db: Kysely<Tables>, { what, detail }: Action, now: Date): Promise<void> {
  await db
    .insertInto('countersign.action')
    .values({ what, detail: JSON.stringify(detail), at: now, sealed_in: null })
    .execute();
}

/** Actions that are not sealed yet, in order. */
export async function readUnsealedActions(trx: Transaction<Tables>, limit: number) {
  return trx
    .selectFrom('countersign.action')
    .select(['id', 'what', 'detail', 'at'])
    .where('sealed_in', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Notes which entries hold actions. */
export async function noteSealedActions(
  trx: Transaction<Tables>,
  sealed: readonly { readonly id: number; readonly index: number }[],
): Promise<void> {
  for (const { id, index } of sealed) {
    await trx.updateTable('countersign.action').set({ sealed_in: index }).where('id', '=', id).execute();
  }
}
