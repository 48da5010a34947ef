import { sql, type Kysely } from 'kysely';
import type { StageName } from '../domain/stage.ts';
import type { Tables } from './tables.ts';

export interface OpenOutcome {
  readonly changeId: number;
  readonly attempts: number;
  readonly openedAt: Date;
}

/** How one stage ended for one change, or that it is to be tried again. */
export interface OutcomeUpdate {
  readonly changeId: number;
  readonly outcome: 'waiting' | 'done' | 'skipped' | 'failed';
  /** A code; for `waiting` the reason of the last try. */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly nextAt: Date | null;
}

/** Opens a stage for changes that enter it. */
export async function openOutcomes(
  db: Kysely<Tables>,
  stage: StageName,
  changeIds: readonly number[],
  now: Date,
): Promise<void> {
  if (changeIds.length === 0) return;
  await db
    .insertInto('countersign.outcome')
    .values(
      changeIds.map((id) => ({
        change_id: id,
        stage,
        outcome: 'waiting' as const,
        reason: null,
        detail: null,
        opened_at: now,
        at: now,
        next_at: null,
      })),
    )
    .onConflict((conflict) => conflict.columns(['change_id', 'stage']).doNothing())
    .execute();
}

/** Of these changes, the ones whose stage is still to be done. */
export async function readOpen(
  db: Kysely<Tables>,
  stage: StageName,
  changeIds: readonly number[],
): Promise<Map<number, OpenOutcome>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.outcome')
    .select(['change_id', 'attempts', 'opened_at'])
    .where('stage', '=', stage)
    .where('change_id', 'in', changeIds)
    .where('outcome', '=', 'waiting')
    .execute();
  return new Map(
    rows.map((row) => [row.change_id, { changeId: row.change_id, attempts: row.attempts, openedAt: row.opened_at }]),
  );
}

/** Writes how a stage went for a batch, in one statement. */
export async function writeOutcomes(
  db: Kysely<Tables>,
  stage: StageName,
  updates: readonly OutcomeUpdate[],
  now: Date,
): Promise<void> {
  if (updates.length === 0) return;
  const values = JSON.stringify(
    updates.map((one) => ({
      change_id: one.changeId,
      outcome: one.outcome,
      reason: one.reason,
      detail: one.detail,
      next_at: one.nextAt?.toISOString() ?? null,
    })),
  );
  await sql`
    update countersign.outcome as o
    set outcome = v.outcome, reason = v.reason, detail = v.detail, next_at = v.next_at, at = ${now}, attempts = o.attempts + 1
    from jsonb_to_recordset(${values}::jsonb)
      as v (change_id bigint, outcome text, reason text, detail text, next_at timestamptz)
    where o.change_id = v.change_id and o.stage = ${stage} and o.outcome = 'waiting'
  `.execute(db);
}

/**
 * Opens stages of a change again that ended without being done; returns their names. With `stage` only that one.
 * The clock that looks for stranded stages hands them out.
 */
export async function reopenOutcomes(
  db: Kysely<Tables>,
  changeId: number,
  stage: StageName | undefined,
  now: Date,
): Promise<string[]> {
  let query = db
    .updateTable('countersign.outcome')
    .set({ outcome: 'waiting', attempts: 0, opened_at: now, at: now, next_at: null })
    .where('change_id', '=', changeId)
    // What was captured stands in a sealed record: it is not read again.
    .where('stage', 'not in', ['capture', 'seal'])
    .where('outcome', 'in', ['failed', 'skipped']);
  if (stage !== undefined) query = query.where('stage', '=', stage);
  const rows = await query.returning('stage').execute();
  return rows.map((row) => row.stage);
}

// In the words of pg-boss's index of live jobs, so that those that are done are not looked at.
const liveKey = sql.raw("j.policy = 'exclusive' and j.state <= 'active' and coalesce(j.singleton_key, '')");

/** Open stages that no live job will take up: what a clock hands out again. `queueSchema` is pg-boss's. */
export async function findStranded(
  db: Kysely<Tables>,
  queueSchema: string,
  limit: number,
): Promise<{ changeId: number; stage: StageName }[]> {
  const { rows } = await sql<{ change_id: number; stage: StageName }>`
    select o.change_id, o.stage
    from countersign.outcome o
    where o.outcome = 'waiting'
      and not exists (
        select from ${sql.id(queueSchema, 'job')} j
        where j.name = o.stage and ${liveKey} = o.change_id::text
      )
    order by o.change_id
    limit ${limit}
  `.execute(db);
  return rows.map((row) => ({ changeId: row.change_id, stage: row.stage }));
}

/**
 * Brings forward what was put into the queue at a time that has not come yet: the database's clock was set back since, and
 * it would wait for as long as that was. Returns how many.
 */
export async function bringForward(db: Kysely<Tables>, queueSchema: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update ${sql.id(queueSchema, 'job')} set created_on = ${sql.id(queueSchema)}.job_now(), start_after = ${sql.id(queueSchema)}.job_now()
    where state < 'active' and created_on > ${sql.id(queueSchema)}.job_now() + interval '1 minute'
  `.execute(db);
  return Number(numAffectedRows ?? 0);
}

export interface StageLine {
  readonly stage: string;
  readonly outcome: 'waiting' | 'done' | 'skipped' | 'failed';
  readonly reason: string | null;
  readonly detail: string | null;
  readonly attempts: number;
  readonly at: Date;
  readonly nextAt: Date | null;
}

/** The stages a change has entered. */
export async function readStages(db: Kysely<Tables>, changeId: number): Promise<StageLine[]> {
  const rows = await db
    .selectFrom('countersign.outcome')
    .select(['stage', 'outcome', 'reason', 'detail', 'attempts', 'at', 'next_at'])
    .where('change_id', '=', changeId)
    .execute();
  return rows.map(({ next_at: nextAt, ...row }) => ({ ...row, nextAt }));
}

/** How many changes wait in each stage, and how many of those are being worked on. */
export async function countWaiting(
  db: Kysely<Tables>,
  queueSchema: string,
): Promise<Map<string, { waiting: number; active: number }>> {
  // A trail that was never served has no queue yet, and nothing waits in it.
  const { rows: found } = await sql<{ there: boolean }>`
    select to_regclass(${`${queueSchema}.job`}) is not null as there`.execute(db);
  if (found[0]?.there !== true) return new Map();
  const { rows } = await sql<{ stage: string; waiting: string; active: string }>`
    select o.stage, count(*) as waiting,
      count(*) filter (where exists (
        select from ${sql.id(queueSchema, 'job')} j
        where j.name = o.stage and ${liveKey} = o.change_id::text and j.state = 'active'
      )) as active
    from countersign.outcome o
    where o.outcome = 'waiting'
    group by o.stage
  `.execute(db);
  return new Map(rows.map((row) => [row.stage, { waiting: Number(row.waiting), active: Number(row.active) }]));
}
