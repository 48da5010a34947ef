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

/**
 * Whether two revisions bring the same change: the same patch, whatever it is based on. One head is not one change: once
 * the target branch is another, the same commits differ from it by more or by less.
 */
export function sameChange(left: Version, right: Version): 'yes' | 'no' | 'unknown' {
  if (left.id === right.id) return 'yes';
  if (left.patchId !== null && right.patchId !== null) return left.patchId === right.patchId ? 'yes' : 'no';
  const sameBase = left.baseSha !== null && left.baseSha === right.baseSha;
  return sameBase && left.headSha === right.headSha ? 'yes' : 'unknown';
}
