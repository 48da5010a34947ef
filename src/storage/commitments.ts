import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** What a record is bound to, without anything that it holds. */
export interface Commitments {
  readonly recordId: string;
  readonly sealedAt: Date;
  readonly recordSha256: string;
}

/** The commitments of a record; undefined where no such record has been sealed. */
export async function readCommitments(db: Kysely<Tables>, recordId: string): Promise<Commitments | undefined> {
  const row = await db
    .selectFrom('countersign.change as change')
    .innerJoin('countersign.record as record', 'record.change_id', 'change.id')
    .where('change.record_id', '=', recordId)
    .select(['record.sealed_at', 'record.sha256'])
    .executeTakeFirst();
  return row === undefined ? undefined : { recordId, sealedAt: row.sealed_at, recordSha256: row.sha256 };
}
