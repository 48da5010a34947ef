import type { Kysely } from 'kysely';
import type { Disclosure } from '../domain/disclosure.ts';
import type { Tables } from './tables.ts';

/** A record as it was sealed: its canonical bytes and what opens its concealed values. */
export interface SealedRecord {
  readonly changeId: number;
  readonly canonical: Buffer;
  /** SHA-256 of the canonical bytes, lower-case hex. */
  readonly sha256: string;
  readonly disclosures: readonly Disclosure[];
}

/** Of these changes, the ones that have a record. A record is written once and never again. */
export async function readSealed(db: Kysely<Tables>, changeIds: readonly number[]): Promise<Set<number>> {
  if (changeIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('countersign.record')
    .select('change_id')
    .where('change_id', 'in', changeIds)
    .execute();
  return new Set(rows.map((row) => row.change_id));
}

/** Keeps records with their disclosures. Fails where a change has one already. */
export async function keepRecords(db: Kysely<Tables>, records: readonly SealedRecord[], now: Date): Promise<void> {
  if (records.length === 0) return;
  await db
    .insertInto('countersign.record')
    .values(
      records.map((record) => ({
        change_id: record.changeId,
        canonical: record.canonical,
        sha256: record.sha256,
        sealed_at: now,
      })),
    )
    .execute();
  const disclosures = records.flatMap((record) =>
    record.disclosures.map((one) => ({
      change_id: record.changeId,
      digest: one.digest,
      salt: one.salt,
      value: JSON.stringify(one.value),
    })),
  );
  for (let at = 0; at < disclosures.length; at += 5000) {
    await db
      .insertInto('countersign.disclosure')
      .values(disclosures.slice(at, at + 5000))
      .execute();
  }
}

/** A record as it was sealed, with what opens its concealed values as far as that has not been erased. */
export interface StoredRecord {
  readonly changeId: number;
  readonly keyText: string;
  readonly recordId: string;
  readonly pod: string | null;
  readonly canonical: Buffer;
  readonly sha256: string;
  readonly disclosures: ReadonlyMap<string, Disclosure['value']>;
}

/** Records in the order of their changes, after one of them: a page at a time, so that any number can be read. */
export async function readRecordsAfter(db: Kysely<Tables>, changeId: number, limit: number): Promise<StoredRecord[]> {
  const rows = await db
    .selectFrom('countersign.record as record')
    .innerJoin('countersign.change as change', 'change.id', 'record.change_id')
    .select(['record.change_id', 'record.canonical', 'record.sha256', 'change.key', 'change.record_id', 'change.pod'])
    .where('record.change_id', '>', changeId)
    .orderBy('record.change_id')
    .limit(limit)
    .execute();
  return withDisclosures(db, rows);
}

/** The records of these changes; one that is not sealed yet is left out. */
export async function readRecords(db: Kysely<Tables>, changeIds: readonly number[]): Promise<StoredRecord[]> {
  if (changeIds.length === 0) return [];
  const rows = await db
    .selectFrom('countersign.record as record')
    .innerJoin('countersign.change as change', 'change.id', 'record.change_id')
    .select(['record.change_id', 'record.canonical', 'record.sha256', 'change.key', 'change.record_id', 'change.pod'])
    .where('record.change_id', 'in', changeIds)
    .execute();
  return withDisclosures(db, rows);
}

async function withDisclosures(
  db: Kysely<Tables>,
  rows: readonly {
    change_id: number;
    canonical: Buffer;
    sha256: string;
    key: string;
    record_id: string;
    pod: string | null;
  }[],
): Promise<StoredRecord[]> {
  if (rows.length === 0) return [];
  const disclosures = await db
    .selectFrom('countersign.disclosure')
    .select(['change_id', 'digest', 'value'])
    .where(
      'change_id',
      'in',
      rows.map((row) => row.change_id),
    )
    .execute();
  const byChange = Map.groupBy(disclosures, (one) => one.change_id);
  return rows.map((row) => ({
    changeId: row.change_id,
    keyText: row.key,
    recordId: row.record_id,
    pod: row.pod,
    canonical: row.canonical,
    sha256: row.sha256,
    disclosures: new Map((byChange.get(row.change_id) ?? []).map(({ digest, value }) => [digest, value])),
  }));
}

/** How many records have been sealed. */
export async function countRecords(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('countersign.record')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}
