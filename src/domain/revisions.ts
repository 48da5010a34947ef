import type { Version } from './evidence.ts';
import { byTime, orderOf, sameInstantMs } from './instant.ts';

/** What the branch held after a push, oldest first. */
export function revisionsOf(versions: readonly Version[]): Version[] {
  return versions.toSorted((left, right) => byTime(left.createdAt, right.createdAt) || left.id - right.id);
}

/**
 * The revisions that may have been the last at a moment: one, or several where a push and the moment lie so close
 * together that clocks do not order them.
 */
export function lastAt(revisions: readonly Version[], moment: string): Version[] {
  const around = revisions.filter(({ createdAt }) => orderOf(createdAt, moment) === 'same_instant');
  const before = revisions.findLast(({ createdAt }) => Date.parse(createdAt) <= Date.parse(moment) - sameInstantMs);
  return before === undefined ? around : [before, ...around];
}

/** True where two revisions bring the same change: the same commit, or the same patch on another base. */
export function sameChange(left: Version, right: Version): 'yes' | 'no' | 'unknown' {
  if (left.headSha === right.headSha) return 'yes';
  if (left.patchId === null || right.patchId === null) return 'unknown';
  return left.patchId === right.patchId ? 'yes' : 'no';
}
