import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export type AttentionKind =
  | 'late_label'
  | 'withdrawn_label'
  | 'refused'
  | 'failed_verdict'
  | 'doubled_row'
  | 'missing_column'
  | 'audit_page'
  | 'template'
  | 'overdue_emergency'
  | 'routing'
  | 'configuration'
  | 'not_timestamped'
  | 'log_broken';

/** Something that a person should look at. */
export interface Finding {
  readonly kind: AttentionKind;
  /** The key of the change or merge request, `ledger`, or whatever else it is about, such as `group acme/reviewers`. */
  readonly subject: string;
  readonly stage?: string;
  /** A code. */
  readonly reason: string;
  /** For people. */
  readonly detail?: string | null;
  /** The pod that should look. */
  readonly owner?: string | null;
}

export interface OpenFinding {
  readonly kind: string;
  readonly subject: string;
  readonly stage: string;
  readonly reason: string;
  readonly detail: string | null;
  readonly owner: string | null;
  readonly due: Date | null;
}

const dayMs = 24 * 3600 * 1000;
const daysToAnswer = 7;

/** Lists findings. One that is open already stays as it is, with its first due date, but shows the newest reason. */
export async function raise(db: Kysely<Tables>, findings: readonly Finding[], now: Date): Promise<void> {
  const distinct = new Map(
    findings.map((finding) => [`${finding.kind} ${finding.subject} ${finding.stage ?? ''}`, finding]),
  );
  if (distinct.size === 0) return;
  await db
    .insertInto('countersign.attention')
    .values(
      [...distinct.values()].map((finding) => ({
        kind: finding.kind,
        subject: finding.subject,
        stage: finding.stage ?? '',
        reason: finding.reason,
        detail: finding.detail ?? null,
        owner: finding.owner ?? null,
        due: new Date(now.getTime() + daysToAnswer * dayMs),
        raised_at: now,
        resolved_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'subject', 'stage'])
        .where('resolved_at', 'is', null)
        .doUpdateSet((eb) => ({ reason: eb.ref('excluded.reason'), detail: eb.ref('excluded.detail') })),
    )
    .execute();
}

/** Takes findings off the list because what they were about has been settled. */
export async function resolve(
  db: Kysely<Tables>,
  kind: AttentionKind,
  subjects: readonly string[],
  now: Date,
  stage = '',
): Promise<void> {
  if (subjects.length === 0) return;
  await db
    .updateTable('countersign.attention')
    .set({ resolved_at: now })
    .where('kind', '=', kind)
    .where('subject', 'in', subjects)
    .where('stage', '=', stage)
    .where('resolved_at', 'is', null)
    .execute();
}

/** Takes all findings of a kind off the list, since none of them can still be so. */
export async function resolveAll(db: Kysely<Tables>, kind: AttentionKind, now: Date): Promise<void> {
  await db
    .updateTable('countersign.attention')
    .set({ resolved_at: now })
    .where('kind', '=', kind)
    .where('resolved_at', 'is', null)
    .execute();
}

/** What is open, oldest first. */
export async function listOpen(db: Kysely<Tables>, limit = 1000): Promise<OpenFinding[]> {
  return db
    .selectFrom('countersign.attention')
    .select(['kind', 'subject', 'stage', 'reason', 'detail', 'owner', 'due'])
    .where('resolved_at', 'is', null)
    .orderBy('raised_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}
