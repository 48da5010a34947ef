import { sql, type Kysely } from 'kysely';
import { brokenLog } from './ledger.ts';
import type { Tables } from './tables.ts';

/** An entry with everything that it takes to open it. */
export interface SealedEntry {
  readonly index: number;
  readonly changeId: number | null;
  readonly kind: string;
  readonly type: string | null;
  readonly leaf: Buffer;
  readonly envelope: Buffer;
  /** 32 bytes. */
  readonly salt: Buffer;
}

/** Where the record of a change stands in the log. */
export interface RecordPlace {
  readonly index: number;
  readonly changeId: number;
}

/** The next records of a log of `size` entries, in their order, after an entry: a page at a time. */
export async function readRecordPlaces(
  db: Kysely<Tables>,
  range: { readonly after: number; readonly size: number },
  limit: number,
): Promise<RecordPlace[]> {
  const rows = await db
    .selectFrom('countersign.entry')
    .select(['index', 'change_id'])
    .where('kind', '=', 'record')
    .where('index', '>', range.after)
    .where('index', '<', range.size)
    .orderBy('index')
    .limit(limit)
    .execute();
  return rows.map(({ index, change_id: changeId }) => {
    if (changeId === null) throw brokenLog(`entry ${index} is a record of no change`);
    return { index, changeId };
  });
}

/** Where the records of these changes stand, by their ids, in the order of the log; those that it lacks are left out. */
export async function findRecordPlaces(
  db: Kysely<Tables>,
  recordIds: readonly string[],
  size: number,
): Promise<(RecordPlace & { readonly recordId: string })[]> {
  const found: (RecordPlace & { readonly recordId: string })[] = [];
  for (let at = 0; at < recordIds.length; at += 1000) {
    const rows = await db
      .selectFrom('countersign.change as change')
      .innerJoin('countersign.entry as entry', 'entry.change_id', 'change.id')
      .select(['change.id', 'change.record_id', 'entry.index'])
      .where('change.record_id', 'in', recordIds.slice(at, at + 1000))
      .where('entry.kind', '=', 'record')
      .where('entry.index', '<', size)
      .execute();
    found.push(...rows.map((row) => ({ index: row.index, changeId: row.id, recordId: row.record_id })));
  }
  return found.toSorted((left, right) => left.index - right.index);
}

/** How many records a log of `size` entries holds. */
export async function countRecordEntries(db: Kysely<Tables>, size: number): Promise<number> {
  const row = await db
    .selectFrom('countersign.entry')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('kind', '=', 'record')
    .where('index', '<', size)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** All entries of these changes in a log of `size` entries, in order. */
export async function readEntriesOf(
  db: Kysely<Tables>,
  changeIds: readonly number[],
  size: number,
): Promise<Map<number | null, SealedEntry[]>> {
  const rows = await sealedEntries(db)
    .where('change_id', 'in', changeIds)
    .where('index', '<', size)
    .orderBy('index')
    .execute();
  return Map.groupBy(rows.map(sealedEntry), ({ changeId }) => changeId);
}

/** The next sealed statements that are about no single change, after an entry: a page at a time. */
export async function readStatementEntries(
  db: Kysely<Tables>,
  range: { readonly after: number; readonly size: number },
  limit: number,
): Promise<SealedEntry[]> {
  const rows = await sealedEntries(db)
    .where('kind', '=', 'statement')
    .where(sql<boolean>`type is distinct from 'publication'`)
    .where('index', '>', range.after)
    .where('index', '<', range.size)
    .orderBy('index')
    .limit(limit)
    .execute();
  return rows.map(sealedEntry);
}

/** One entry; undefined where the log has not grown so far. */
export async function readSealedEntry(db: Kysely<Tables>, index: number): Promise<SealedEntry | undefined> {
  const row = await sealedEntries(db).where('index', '=', index).executeTakeFirst();
  return row === undefined ? undefined : sealedEntry(row);
}

function sealedEntries(db: Kysely<Tables>) {
  return db.selectFrom('countersign.entry').select(['index', 'change_id', 'kind', 'type', 'leaf', 'envelope', 'salt']);
}

function sealedEntry(row: {
  index: number;
  change_id: number | null;
  kind: string;
  type: string | null;
  leaf: Buffer;
  envelope: Buffer | null;
  salt: Buffer | null;
}): SealedEntry {
  const { index, change_id: changeId, kind, type, leaf, envelope, salt } = row;
  if (envelope === null || salt === null) throw brokenLog(`entry ${index} has lost its envelope`);
  return { index, changeId, kind, type, leaf, envelope, salt };
}
