import type { LabelEvent, MergeRequest, Reading } from '../../domain/evidence.ts';
import type { MergeRequestEvent } from '../../domain/event.ts';
import { byTime, orderOf } from '../../domain/instant.ts';
import { hasDeletedLabels } from '../../domain/label-history.ts';
import { valueOf, type Understood } from '../../domain/review.ts';

/** Labels as they stood at a merge, as far as it can be told now. */
export interface LabelsThen {
  readonly labels: readonly string[];
  /** Why they may have been others; null where it is certain. */
  readonly doubt: 'label_events_unread' | 'label_deleted' | 'label_at_the_merge' | null;
}

/** Goes back from the labels of now to those of the merge, by the label events. */
export function labelsAtMerge(
  { labels: now, mergedAt }: Pick<MergeRequest, 'labels' | 'mergedAt'>,
  events: Reading<readonly LabelEvent[]>,
): LabelsThen {
  if (!events.ok || mergedAt === null) return { labels: now, doubt: 'label_events_unread' };
  const labels = new Set(now);
  const later = events.value.filter(({ createdAt }) => orderOf(createdAt, mergedAt) === 'after');
  // Newest first: each step goes to the labels before it.
  for (const { label, action } of later.toSorted(
    (one, other) => byTime(other.createdAt, one.createdAt) || other.id - one.id,
  )) {
    if (label === null) continue;
    if (action === 'add') labels.delete(label.name);
    else labels.add(label.name);
  }
  const meanwhile = events.value.some(({ createdAt }) => orderOf(createdAt, mergedAt) === 'same_instant');
  const doubt = hasDeletedLabels(events) ? 'label_deleted' : meanwhile ? 'label_at_the_merge' : null;
  return { labels: [...labels], doubt };
}

/** The event that the webhook of a merge would have brought, from what GitLab shows of the merge request now. */
export function mergeEventOf(
  mergeRequest: MergeRequest,
  evidence: Understood,
  project: MergeRequestEvent['project'],
): MergeRequestEvent {
  const { labels } = labelsAtMerge(mergeRequest, evidence.labelEvents);
  const { author, mergeUser } = mergeRequest;
  return {
    action: 'merge',
    state: 'merged',
    // Only a hook tells it.
    previousState: null,
    project,
    mergeRequestId: mergeRequest.id,
    iid: mergeRequest.iid,
    title: mergeRequest.title,
    description: mergeRequest.description,
    url: mergeRequest.webUrl,
    sourceBranch: mergeRequest.sourceBranch,
    targetBranch: mergeRequest.targetBranch,
    labels,
    labelIds: idsOf(labels, valueOf(evidence.labelEvents) ?? []),
    previousLabels: null,
    authorId: author?.id ?? null,
    user: mergeUser === null ? null : { id: mergeUser.id, username: mergeUser.username, name: mergeUser.name },
    reviewers: (valueOf(evidence.reviewers) ?? []).map(({ user, state }) => ({
      id: user.id,
      username: user.username,
      state,
    })),
    headSha: mergeRequest.sha,
    oldRev: null,
    mergeCommitSha: mergeRequest.mergeCommitSha,
    system: false,
    systemAction: null,
    actionedAt: mergeRequest.mergedAt,
    updatedAt: mergeRequest.mergedAt,
  };
}

function idsOf(labels: readonly string[], events: readonly LabelEvent[]): MergeRequestEvent['labelIds'] {
  const ids = new Map(events.flatMap(({ label }) => (label === null ? [] : [[label.name, label.id] as const])));
  return labels.flatMap((title) => {
    const id = ids.get(title);
    return id === undefined ? [] : [{ id, title }];
  });
}
