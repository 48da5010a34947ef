import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MergeRequestEvent } from './event.ts';
import type { Filter } from './filter.ts';
import { approvedLine, at } from './fixtures/record.ts';
import { inOrder, labelStanding, type TimedEvent } from './journal.ts';

const filter: Filter = {
  groups: [],
  projects: [],
  labels: ['security::*'],
  targetBranches: ['*'],
  journalProjects: [],
  overrides: [],
};
const project = { id: 501, path: 'acme/payments', webUrl: '' };

function turn(minute: number, previousLabels: string[] | null, labels: string[], state = 'opened'): TimedEvent {
  const event = { action: 'update', state, project, labels, previousLabels } as unknown as MergeRequestEvent;
  return { event, at: new Date(Date.UTC(2026, 10, 24, 12, minute)) };
}

const lives: readonly [string, TimedEvent[], string][] = [
  ['a label that never changed', [turn(1, null, ['security::high'])], 'plain'],
  [
    'a label taken off before the merge',
    [turn(1, [], ['security::high']), turn(2, ['security::high'], [])],
    'withdrawn',
  ],
  ['a label taken off and put back', [turn(1, ['security::high'], []), turn(2, [], ['security::low'])], 'plain'],
  ['a label that came after the merge', [turn(1, [], ['security::high'], 'merged')], 'late'],
  ['one scope label for another', [turn(1, ['security::high'], ['security::low'])], 'plain'],
  ['a label taken off after the merge', [turn(1, ['security::high'], [], 'merged')], 'plain'],
];

test.each(lives)('%s', (_life, events, expected) => {
  expect(labelStanding(events, filter)).toBe(expected);
});

test('the order of arrival makes no difference', () => {
  const events = [
    turn(1, [], ['security::high']),
    turn(2, ['security::high'], []),
    turn(3, [], ['security::low']),
    turn(4, ['security::low'], ['bug']),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      expect(labelStanding(shuffled, filter)).toBe('withdrawn');
    }),
  );
});

test('of one second, a push comes before the reset that it caused, whichever was delivered first', () => {
  const moment = { actionedAt: at('12:00:00'), updatedAt: at('12:00:00') };
  const push = { ...approvedLine(at('12:00:00')), ...moment, action: 'update', oldRev: 'a'.repeat(40) };
  const reset = { ...approvedLine(at('12:00:00')), ...moment, action: 'unapproved', system: true };
  const told = [
    [
      { ...push, receivedAt: at('12:00:01') },
      { ...reset, receivedAt: at('12:00:02') },
    ],
    [
      { ...reset, receivedAt: at('12:00:01') },
      { ...push, receivedAt: at('12:00:02') },
    ],
  ];
  expect(told.map((journal) => inOrder(journal).map(({ action }) => action))).toEqual([
    ['update', 'unapproved'],
    ['update', 'unapproved'],
  ]);
});
