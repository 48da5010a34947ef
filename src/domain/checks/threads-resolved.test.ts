import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case, type Given } from '../fixtures/judging.ts';
import { at, read, unread } from '../fixtures/record.ts';
import { threadsResolved } from './threads-resolved.ts';

const cases: readonly Case[] = [
  ['there were no threads', {}, 'pass no_open_thread'],
  ['a thread was resolved before the merge', threads(['12:00:00', '13:00:00']), 'pass no_open_thread'],
  ['a thread was opened after the merge', threads(['15:00:00', 'open']), 'pass no_open_thread'],
  ['a thread from before the merge is open', threads(['12:00:00', 'open']), 'fail thread_open'],
  [
    'a thread was resolved only after the merge',
    threads(['11:00:00', '12:00:00'], ['12:00:00', '15:00:00']),
    'fail thread_resolved_after_merge',
  ],
  [
    'a thread is resolved, nothing says since when, and GitLab does not say that all were',
    { ...threads(['12:00:00', 'unknown']), mergeRequest: { blockingDiscussionsResolved: null } },
    'undetermined resolution_time_unknown',
  ],
  [
    'a thread is resolved, nothing says since when, and right after the merge all were',
    threads(['12:00:00', 'unknown']),
    'pass no_open_thread',
  ],
  [
    'a thread is resolved, nothing says since when, and it was read long after the merge',
    { ...threads(['12:00:00', 'unknown']), arrival: { origin: 'backfilled' } },
    'undetermined resolution_time_unknown',
  ],
  [
    'a thread is resolved, nothing says since when, and one that came later is open',
    threads(['12:00:00', 'unknown'], ['15:00:00', 'open']),
    'undetermined resolution_time_unknown',
  ],
  [
    'a thread was resolved in the instant of the merge',
    threads(['12:00:00', '14:13:26']),
    'undetermined thread_at_the_merge',
  ],
  [
    'a thread was opened in the instant of the merge',
    threads(['14:13:24', 'open']),
    'undetermined thread_at_the_merge',
  ],
  [
    'an open thread decides, whatever is not known of others',
    threads(['12:00:00', '14:13:26'], ['12:00:00', 'open']),
    'fail thread_open',
  ],
  [
    'nothing says when it was merged',
    {
      ...threads(['12:00:00', 'open']),
      event: { action: 'reconciled' },
      mergeRequest: { mergedAt: null },
    },
    'undetermined merge_time_unknown',
  ],
  [
    'there were no threads, and nothing says when it was merged',
    { event: { action: 'reconciled' }, mergeRequest: { mergedAt: null } },
    'pass no_open_thread',
  ],
  ['the notes could not be read', { evidence: { notes: unread('forbidden') } }, 'undetermined notes_forbidden'],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(threadsResolved, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(threadsResolved, cases)).toEqual([]);
});

/** Threads, each by the time of its opening and what became of it. */
function threads(...shown: readonly (readonly [string, string])[]): Given {
  const notes = shown.map(([opened, end], index) => ({
    id: index + 1,
    createdAt: at(opened),
    resolved: end !== 'open',
    resolvedAt: end === 'open' || end === 'unknown' ? null : at(end),
  }));
  return { evidence: { notes: read({ system: [], threads: notes, byPeople: [] }) } };
}
