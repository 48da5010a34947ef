import type { LabelEvent, Reading } from './evidence.ts';
import { byTime, orderOf } from './instant.ts';

/** How long a label stood on the merge request. */
export interface LabelInterval {
  readonly labelId: number;
  /** As GitLab showed it when it was read: a renamed label keeps its id. */
  readonly title: string;
  readonly start: string | null;
  readonly startedBy: number | null;
  readonly end: string | null;
  readonly endedBy: number | null;
}

/** Label intervals as GitLab's label events tell them, by start. Events of a deleted label tell no interval. */
export function labelIntervals(events: readonly LabelEvent[]): LabelInterval[] {
  const open = new Map<number, LabelInterval>();
  const closed: LabelInterval[] = [];
  for (const { label, action, createdAt, user } of events.toSorted(
    (left, right) => byTime(left.createdAt, right.createdAt) || left.id - right.id,
  )) {
    if (label === null) continue;
    const known = open.get(label.id);
    if (action === 'add') {
      const started = { labelId: label.id, title: label.name, start: createdAt, startedBy: user?.id ?? null };
      open.set(label.id, known ?? { ...started, end: null, endedBy: null });
    } else {
      open.delete(label.id);
      const started = known ?? { labelId: label.id, title: label.name, start: null, startedBy: null };
      closed.push({ ...started, end: createdAt, endedBy: user?.id ?? null });
    }
  }
  return [...closed, ...open.values()].toSorted(
    (left, right) => byTime(left.start ?? '0000-01-01', right.start ?? '0000-01-01') || left.labelId - right.labelId,
  );
}

/** Whether a label stood at a moment. */
export function stoodAt({ start, end }: LabelInterval, moment: string): 'yes' | 'no' | 'unclear' {
  const began = start === null ? 'before' : orderOf(start, moment);
  if (began === 'after') return 'no';
  const ended = end === null ? 'after' : orderOf(end, moment);
  if (ended === 'before') return 'no';
  return began === 'before' && ended === 'after' ? 'yes' : 'unclear';
}

/** True where an event shows no label any more: whatever it was, its title is lost. */
export function hasDeletedLabels(events: Reading<readonly LabelEvent[]>): boolean {
  return events.ok && events.value.some(({ label }) => label === null);
}
