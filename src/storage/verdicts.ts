import { sql, type Kysely } from 'kysely';
import type { CheckResult, Overall } from '../domain/verdict.ts';
import type { Tables } from './tables.ts';

/** A judgement as it is kept: its results, and its canonical statement with its digest. */
export interface KeptVerdict {
  readonly changeId: number;
  readonly policySha256: string;
  readonly overall: Overall;
  readonly checks: readonly CheckResult[];
  readonly canonical: Buffer;
  readonly sha256: string;
}

/** Keeps the text of a policy under its digest; known ones stay as they are. */
export async function keepPolicy(
  db: Kysely<Tables>,
  policy: { readonly sha256: string; readonly canonical: string },
  now: Date,
): Promise<void> {
  await db
    .insertInto('countersign.policy')
    .values({ sha256: policy.sha256, canonical: Buffer.from(policy.canonical), first_used_at: now })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();
}

/** The text of a policy by its digest; undefined where it was never in force here. */
export async function readPolicy(db: Kysely<Tables>, sha256: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('countersign.policy')
    .select('canonical')
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  return row?.canonical.toString();
}

/** How many changes have which verdict now. */
export async function countVerdicts(db: Kysely<Tables>): Promise<Record<Overall, number>> {
  const { rows } = await sql<{ overall: string; count: number }>`
    select substr(name, 9) as overall, sum(steps)::bigint as count
    from countersign.tally where name like 'verdict %' group by name`.execute(db);
  return { pass: 0, undetermined: 0, fail: 0, ...Object.fromEntries(rows.map((row) => [row.overall, row.count])) };
}

/** Adds verdicts; earlier ones of the same changes stay. */
export async function keepVerdicts(db: Kysely<Tables>, verdicts: readonly KeptVerdict[], now: Date): Promise<void> {
  if (verdicts.length === 0) return;
  await db
    .insertInto('countersign.verdict')
    .values(
      verdicts.map((one) => ({
        change_id: one.changeId,
        policy_sha256: one.policySha256,
        overall: one.overall,
        checks: JSON.stringify(one.checks),
        canonical: one.canonical,
        sha256: one.sha256,
        judged_at: now,
      })),
    )
    .execute();
}

/** The verdict that holds. */
export interface CurrentVerdict {
  readonly overall: Overall;
  readonly checks: readonly CheckResult[];
  readonly policySha256: string;
  readonly judgedAt: Date;
}

/** The newest verdict of each of these changes; one that was never judged is left out. */
export async function readVerdicts(
  db: Kysely<Tables>,
  changeIds: readonly number[],
): Promise<Map<number, CurrentVerdict>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.verdict')
    .distinctOn('change_id')
    .select(['change_id', 'overall', 'checks', 'policy_sha256', 'judged_at'])
    .where('change_id', 'in', changeIds)
    .orderBy('change_id')
    .orderBy('id', 'desc')
    .execute();
  return new Map(
    rows.map((row) => [
      row.change_id,
      { overall: row.overall, checks: row.checks, policySha256: row.policy_sha256, judgedAt: row.judged_at },
    ]),
  );
}
