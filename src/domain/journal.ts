import type { MergeRequestEvent } from './event.ts';
import { inScope, type Filter } from './filter.ts';

/** An event with the time by which it is ordered: when it happened, or failing that when it arrived. */
export interface TimedEvent {
  readonly event: MergeRequestEvent;
  readonly at: Date;
}

/**
 * How a merge request stands to the scope after its label changes, whatever the order in which they arrived.
 * `withdrawn`: the scope label went before the merge. `late`: it came after. `plain`: neither.
 */
export function labelStanding(
  events: readonly TimedEvent[],
  filter: Pick<Filter, 'labels'>,
): 'withdrawn' | 'late' | 'plain' {
  const changes = events
    .filter(({ event }) => event.previousLabels !== null)
    .toSorted((left, right) => left.at.getTime() - right.at.getTime());
  let standing: 'withdrawn' | 'late' | 'plain' = 'plain';
  for (const { event } of changes) {
    const now = inScope(event.labels, filter);
    const before = inScope(event.previousLabels ?? [], filter);
    const merged = event.state === 'merged' && event.action !== 'merge';
    if (now && !before) standing = merged ? 'late' : 'plain';
    if (!now && before && !merged) standing = 'withdrawn';
  }
  return standing;
}
