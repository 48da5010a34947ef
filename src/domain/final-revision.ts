import type { Version } from './evidence.ts';
import type { Known } from './finding.ts';
import { orderOf } from './instant.ts';
import { revisionsOf } from './revisions.ts';

export interface FinalFacts {
  readonly versions: readonly Version[];
  readonly mergedAt: string;
  /** Head of the source branch as the merge event told it; null where there was none. */
  readonly headAtMerge: string | null;
}

/**
 * *R* of the checks: the last revision at or before the merge. The merge event and the listing must agree on it, unless
 * a push and the merge lie so close together that only the event can tell.
 */
export function finalRevisionOf({ versions, mergedAt, headAtMerge }: FinalFacts): Known<Version> {
  const revisions = revisionsOf(versions);
  const byClock = revisions.findLast(({ createdAt }) => orderOf(createdAt, mergedAt) !== 'after');
  if (headAtMerge === null) {
    if (byClock === undefined) return { ok: false, code: 'no_revision_before_merge' };
    return orderOf(byClock.createdAt, mergedAt) === 'same_instant' && revisions.length > 1
      ? { ok: false, code: 'push_at_the_merge' }
      : { ok: true, value: byClock };
  }
  const byEvent = revisions.findLast(({ headSha }) => headSha === headAtMerge);
  if (byEvent === undefined) return { ok: false, code: 'head_not_among_revisions' };
  const agrees = byClock === undefined || byClock === byEvent || byClock.headSha === byEvent.headSha;
  const close = byClock !== undefined && orderOf(byClock.createdAt, mergedAt) === 'same_instant';
  return agrees || close ? { ok: true, value: byEvent } : { ok: false, code: 'head_disagrees' };
}
