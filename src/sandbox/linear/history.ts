import { randomUUID } from 'node:crypto';
import type { Actor, Changes, HistoryRow, Issue } from './records.ts';
import { need, touch, type Store } from './store.ts';

/** Writes down what changed; into the row before, where the same actor was there a moment ago. */
export function recordHistory(store: Store, issue: Issue, by: Actor, changes: Changes, mergeSeconds: number): void {
  const last = issue.history.at(-1);
  const merges = need(store.teams, issue.teamId).groupIssueHistory && mergeSeconds > 0;
  if (last !== undefined && merges && sameActor(last.by, by)) {
    const age = store.now().getTime() - Date.parse(last.createdAt);
    if (age <= mergeSeconds * 1000 && canMerge(last.changes, changes)) {
      merge(last, changes);
      touch(store, last);
      return;
    }
  }
  issue.history.push({ ...store.stamp(), issueId: issue.id, by, changes: { ...changes } });
}

function sameActor(one: Actor, other: Actor): boolean {
  return 'userId' in one ? 'userId' in other && one.userId === other.userId : 'bot' in other && one.bot === other.bot;
}

// A row names one attachment, and archiving stands alone.
function canMerge(before: Changes, after: Changes): boolean {
  return before.attachmentId === undefined && after.attachmentId === undefined && !('archived' in after);
}

function merge(row: HistoryRow, next: Changes): void {
  const before = { ...row.changes };
  Object.assign(row.changes, next);
  for (const key of Object.keys(before) as (keyof Changes)[]) {
    // From where it started to where it ended.
    if (key.startsWith('from')) Object.assign(row.changes, { [key]: before[key] });
  }
  for (const key of ['addedLabelIds', 'removedLabelIds'] as const) {
    const all = new Set([...(before[key] ?? []), ...(next[key] ?? [])]);
    if (all.size > 0) row.changes[key] = [...all];
  }
}

/** Closes the span of the state an issue leaves, and opens that of the state it enters. */
export function enterState(store: Store, issue: Issue, stateId: string, at: string): void {
  const last = issue.spans.at(-1);
  if (last !== undefined && last.endedAt === null) last.endedAt = at;
  const { order } = store.stamp();
  issue.spans.push({
    id: randomUUID(),
    order,
    createdAt: at,
    updatedAt: at,
    archivedAt: null,
    stateId,
    startedAt: at,
    endedAt: null,
  });
}
