import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** What a record is bound to, without anything that it holds. */
export interface Commitments {
  readonly recordId: string;
  readonly sealedAt: Date;
  readonly recordSha256: string;
  /** How often it has been judged. */
  readonly verdicts: number;
  /** Digest of the verdict that holds; null before the first one. */
  readonly latestVerdictSha256: string | null;
}

/** The commitments of a record; undefined where no such record has been sealed. */
export async function readCommitments(db: Kysely<Tables>, recordId: string): Promise<Commitments | undefined> {
  const row = await db
    .selectFrom('countersign.change as change')
    .innerJoin('countersign.record as record', 'record.change_id', 'change.id')
    .where('change.record_id', '=', recordId)
    .select((eb) => [
      'record.sealed_at',
      'record.sha256',
      eb
        .selectFrom('countersign.verdict as verdict')
        .whereRef('verdict.change_id', '=', 'change.id')
        .select((one) => one.fn.countAll<number>().as('count'))
        .as('verdicts'),
      eb
        .selectFrom('countersign.verdict as verdict')
        .whereRef('verdict.change_id', '=', 'change.id')
        .select('verdict.sha256')
        .orderBy('verdict.id', 'desc')
        .limit(1)
        .as('latest'),
    ])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    recordId,
    sealedAt: row.sealed_at,
    recordSha256: row.sha256,
    verdicts: row.verdicts ?? 0,
    latestVerdictSha256: row.latest,
  };
}
