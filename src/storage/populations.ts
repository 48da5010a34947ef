import { sql, type Kysely, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** A change that may belong to a period. */
export interface PeriodCandidate {
  readonly recordId: string;
  readonly recordEntry: number;
  readonly acceptedAt: Date;
  readonly canonical: Buffer;
}

/**
 * Records between two entries of the log, in its order, of changes that were merged within a span as far as the table of
 * changes knows: a page at a time. What the record itself says is for the caller to compare.
 */
export async function readPeriodCandidates(
  db: Kysely<Tables>,
  range: { readonly after: number; readonly size: number },
  span: { readonly from: Date; readonly until: Date },
  limit: number,
): Promise<PeriodCandidate[]> {
  const merged = sql<Date>`coalesce(change.merged_at, change.accepted_at)`;
  const rows = await db
    .selectFrom('countersign.entry as entry')
    .innerJoin('countersign.change as change', 'change.id', 'entry.change_id')
    .innerJoin('countersign.record as record', 'record.change_id', 'change.id')
    .select(['entry.index', 'change.record_id', 'change.accepted_at', 'record.canonical'])
    .where('entry.kind', '=', 'record')
    .where('entry.index', '>', range.after)
    .where('entry.index', '<', range.size)
    .where(merged, '>=', span.from)
    .where(merged, '<', span.until)
    .orderBy('entry.index')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    recordId: row.record_id,
    recordEntry: row.index,
    acceptedAt: row.accepted_at,
    canonical: row.canonical,
  }));
}

/** A sealed list of changes, as it was kept. */
export interface KeptPopulation {
  /** The entry that sealed it. */
  readonly index: number;
  readonly canonical: Buffer;
  readonly sha256: string;
}

/** Keeps a list beside the entry that seals it. */
export async function keepPopulation(trx: Transaction<Tables>, population: KeptPopulation): Promise<void> {
  const { index, canonical, sha256 } = population;
  await trx.insertInto('countersign.population').values({ entry_index: index, canonical, sha256 }).execute();
}

/** The list that an entry sealed; undefined where that entry sealed none. */
export async function readPopulation(db: Kysely<Tables>, index: number): Promise<KeptPopulation | undefined> {
  const row = await db
    .selectFrom('countersign.population')
    .selectAll()
    .where('entry_index', '=', index)
    .executeTakeFirst();
  return row === undefined ? undefined : { index: row.entry_index, canonical: row.canonical, sha256: row.sha256 };
}
