import type { Account, ChangeEvidence, Reading, TicketFinding } from './evidence.ts';
import type { MergeRequestEvent } from './event.ts';

/** A person who was asked to review, or approved without being asked. */
export interface ReviewedBy {
  readonly account: Account;
  /** GitLab's review state, `approved` where an approval stands. */
  readonly state: string;
  readonly approvedAt: string | null;
}

/** The facts of a change that people are shown: what was merged, who reviewed it, and when. */
export interface Review {
  readonly reference: string;
  readonly title: string;
  readonly webUrl: string;
  /** The full path of the project. */
  readonly project: string;
  readonly iid: number;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  /** Null where GitLab could not be read, or the account is gone. */
  readonly author: Account | null;
  readonly createdAt: string | null;
  /** As they stood at the merge. */
  readonly labels: readonly string[];
  /** Null where GitLab could not be read: unknown, and never shown as nobody. */
  readonly reviewers: readonly ReviewedBy[] | null;
  readonly mergedAt: string | null;
  readonly mergedBy: Account | null;
  readonly ticket: TicketFinding;
}

/** What the evidence holds besides the answers' bytes. */
export type Understood = Omit<ChangeEvidence, 'answers'>;

/** Puts the facts together from the merge event, what GitLab answered, and the ticket that was found. */
export function reviewOf(event: MergeRequestEvent, evidence: Understood, ticket: TicketFinding): Review {
  const mergeRequest = valueOf(evidence.mergeRequest);
  return {
    reference: mergeRequest?.reference ?? `${event.project.path}!${event.iid}`,
    title: mergeRequest?.title ?? event.title,
    webUrl: mergeRequest?.webUrl ?? event.url,
    project: event.project.path,
    iid: event.iid,
    sourceBranch: mergeRequest?.sourceBranch ?? event.sourceBranch,
    targetBranch: mergeRequest?.targetBranch ?? event.targetBranch,
    author: mergeRequest?.author ?? null,
    createdAt: mergeRequest?.createdAt ?? null,
    labels: event.labels,
    reviewers: reviewedBy(evidence),
    mergedAt: mergeRequest?.mergedAt ?? event.actionedAt ?? event.updatedAt,
    mergedBy: mergeRequest?.mergeUser ?? event.user,
    ticket,
  };
}

function reviewedBy(evidence: Understood): readonly ReviewedBy[] | null {
  const approvals = valueOf(evidence.approvals);
  const asked = valueOf(evidence.reviewers);
  if (approvals === undefined && asked === undefined) return null;

  const found = new Map<number, ReviewedBy>();
  for (const { user, approvedAt } of approvals?.approvedBy ?? []) {
    found.set(user.id, {
      account: user,
      state: 'approved',
      approvedAt: approvedAt ?? approvalNoteTime(evidence, user.id),
    });
  }
  for (const { user, state } of asked ?? []) {
    if (!found.has(user.id)) found.set(user.id, { account: user, state, approvedAt: null });
  }
  return [...found.values()];
}

// Servers before 18.4–18.6 do not say when somebody approved; the system note does.
function approvalNoteTime(evidence: Understood, userId: number): string | null {
  const notes = valueOf(evidence.notes)?.system ?? [];
  const approvals = notes.filter(
    (note) => note.author?.id === userId && note.body.trim() === 'approved this merge request',
  );
  return approvals.at(-1)?.createdAt ?? null;
}

/** The value of a reading, or undefined where it could not be read. */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return reading.ok ? reading.value : undefined;
}
