import { describe, expect, test } from 'vitest';
import type { LabelEvent, Reading } from '../../domain/evidence.ts';
import { evidence, mergeEvent } from '../../domain/fixtures/change.ts';
import { labelsAtMerge, mergeEventOf } from './merge-event.ts';

const mergedAt = '2026-09-21T14:13:25.000Z';
const before = '2026-09-21T14:00:00.000Z';
const later = '2026-09-21T15:00:00.000Z';
const latest = '2026-09-21T16:00:00.000Z';
let ids = 0;

function event(action: 'add' | 'remove', name: string | null, createdAt: string): LabelEvent {
  return { id: ++ids, action, label: name === null ? null : { id: 71, name }, user: null, createdAt };
}

function read(...value: LabelEvent[]): Reading<readonly LabelEvent[]> {
  return { ok: true, value, observedAt: latest, sha256: [] };
}

describe('labels at a merge', () => {
  const then = (labels: string[], ...events: LabelEvent[]) => labelsAtMerge({ labels, mergedAt }, read(...events));

  test('are those of now where nothing was changed since', () => {
    expect(then(['a', 'b'], event('add', 'a', before))).toEqual({ labels: ['a', 'b'], doubt: null });
  });

  test('are without one that came later, and with one that went later', () => {
    const events = [event('add', 'late', later), event('remove', 'gone', later)];
    expect(then(['a', 'late'], ...events)).toEqual({ labels: ['a', 'gone'], doubt: null });
  });

  test('are found back through several turns of one label', () => {
    expect(then(['a'], event('remove', 'a', later), event('add', 'a', latest)).labels).toEqual(['a']);
    expect(then([], event('add', 'a', later), event('remove', 'a', latest)).labels).toEqual([]);
  });

  test('may have been others where a label has been deleted, or was changed in the moment of the merge', () => {
    expect(then(['a'], event('add', null, before)).doubt).toBe('label_deleted');
    expect(then(['a'], event('add', 'a', mergedAt))).toEqual({ labels: ['a'], doubt: 'label_at_the_merge' });
  });

  test('are taken from now where GitLab shows no events, and that is said', () => {
    const unread = { ok: false, code: 'forbidden', status: 403 } as const;
    expect(labelsAtMerge({ labels: ['a'], mergedAt }, unread)).toEqual({ labels: ['a'], doubt: 'label_events_unread' });
  });
});

test('the event of a merge is that of the webhook, but for what only the webhook tells', () => {
  if (!evidence.mergeRequest.ok) throw new Error('the example shows it');
  const labelEvents = read(event('add', 'security::high', before));
  const made = mergeEventOf(evidence.mergeRequest.value, { ...evidence, labelEvents }, mergeEvent.project);
  expect(made).toEqual({ ...mergeEvent, previousState: null });
});
