/** Clocks of GitLab's own services differ by less than this; events that are closer are taken for simultaneous. */
export const sameInstantMs = 2000;

export type Order = 'before' | 'same_instant' | 'after';

/** How one moment lies to another, both ISO 8601. */
export function orderOf(moment: string, other: string): Order {
  const difference = Date.parse(moment) - Date.parse(other);
  if (Math.abs(difference) < sameInstantMs) return 'same_instant';
  return difference < 0 ? 'before' : 'after';
}

/** For sorting ISO 8601 texts in UTC; ties are left as they are. */
export function byTime(left: string, right: string): number {
  return Date.parse(left) - Date.parse(right);
}
