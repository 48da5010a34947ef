import type { LabelEvent } from './evidence.ts';
import { inScope, samePath } from './filter.ts';
import { no, unknown, yes, type Finding } from './finding.ts';
import { hasDeletedLabels, labelIntervals, stoodAt, type LabelInterval } from './label-history.ts';
import type { Policy } from './policy.ts';
import type { RecordInput } from './record.ts';

/**
 * Whether a scope label stood on the merge request at the merge: what the merge event said, held against the label
 * events. Labels are matched by title as it stood then, and by id where they have been renamed since.
 */
export function scopeAtMerge(
  record: RecordInput,
  policies: Pick<Policy, 'labels' | 'projectLabels'>,
  mergedAt: string | null,
): Finding {
  const { evidence, arrival } = record;
  const own = policies.projectLabels.find(({ path }) => samePath(path, arrival.event.project.path));
  const policy = { labels: own?.labels ?? policies.labels };
  if (!evidence.labelEvents.ok) return unknown(`label_events_${evidence.labelEvents.code}`);
  if (mergedAt === null) return unknown('merge_time_unknown');

  const told = arrival.event.action === 'merge' ? inScope(arrival.event.labels, policy) : null;
  const scoped = scopedIntervals(evidence.labelEvents.value, record, policy);
  const standing = scoped.map((interval) => stoodAt(interval, mergedAt));
  if (standing.includes('yes')) return told === false ? unknown('labels_disagree') : yes;
  if (told === true) {
    if (standing.includes('unclear')) return yes;
    if (hasDeletedLabels(evidence.labelEvents)) return unknown('label_deleted');
    // Labels that came with an import have no events: then nothing contradicts.
    return scoped.length === 0 && labelledSince(record, policy) ? yes : unknown('labels_disagree');
  }
  if (standing.includes('unclear')) return unknown('label_at_the_merge');
  return hasDeletedLabels(evidence.labelEvents) ? unknown('label_deleted') : no('no_scope_label');
}

function scopedIntervals(
  events: readonly LabelEvent[],
  { arrival }: RecordInput,
  policy: Pick<Policy, 'labels'>,
): LabelInterval[] {
  const told = new Set(arrival.event.labelIds.filter(({ title }) => inScope([title], policy)).map(({ id }) => id));
  return labelIntervals(events).filter(({ labelId, title }) => told.has(labelId) || inScope([title], policy));
}

function labelledSince({ evidence }: RecordInput, policy: Pick<Policy, 'labels'>): boolean {
  return evidence.mergeRequest.ok && inScope(evidence.mergeRequest.value.labels, policy);
}
