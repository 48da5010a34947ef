import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** An issue as it was read back after closing. */
export interface ClosedIssue {
  readonly changeId: number;
  readonly issueId: string;
  readonly identifier: string;
  readonly url: string;
  readonly completedAt: string | null;
}

/** Keeps what became of the linked issues. */
export async function keepIssues(db: Kysely<Tables>, issues: readonly ClosedIssue[], now: Date): Promise<void> {
  if (issues.length === 0) return;
  await db
    .insertInto('countersign.issue')
    .values(
      issues.map((issue) => ({
        change_id: issue.changeId,
        issue_id: issue.issueId,
        identifier: issue.identifier,
        url: issue.url,
        completed_at: issue.completedAt === null ? null : new Date(issue.completedAt),
        at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('change_id').doUpdateSet((eb) => ({
        issue_id: eb.ref('excluded.issue_id'),
        identifier: eb.ref('excluded.identifier'),
        url: eb.ref('excluded.url'),
        completed_at: eb.ref('excluded.completed_at'),
        at: eb.ref('excluded.at'),
      })),
    )
    .execute();
}

/** The closed issues of these changes. */
export async function readIssues(
  db: Kysely<Tables>,
  changeIds: readonly number[],
): Promise<Map<number, { identifier: string; url: string }>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.issue')
    .select(['change_id', 'identifier', 'url'])
    .where('change_id', 'in', changeIds)
    .execute();
  return new Map(rows.map(({ change_id: changeId, ...issue }) => [changeId, issue]));
}
