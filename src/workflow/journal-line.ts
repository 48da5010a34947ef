import type { JournalLine } from '../domain/journal.ts';
import type { JournalEntry } from '../storage/journal.ts';

/** An event of the journal as a record holds it. */
export function journalLine({ event, receivedAt, sha256, authenticatedBy }: JournalEntry): JournalLine {
  return {
    action: event.action,
    state: event.state,
    actionedAt: event.actionedAt,
    updatedAt: event.updatedAt,
    receivedAt: receivedAt.toISOString(),
    userId: event.user?.id ?? null,
    headSha: event.headSha,
    oldRev: event.oldRev,
    title: event.title,
    targetBranch: event.targetBranch,
    labels: event.labels,
    previousLabels: event.previousLabels,
    reviewers: event.reviewers.map(({ id, state }) => ({ id, state })),
    system: event.system,
    systemAction: event.systemAction,
    sha256,
    authenticatedBy,
  };
}
