import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { ana } from '../fixtures/change.ts';
import { at, mergedAt, read, unread } from '../fixtures/record.ts';
import { inScopeAtMerge } from './in-scope.ts';

const cases: readonly Case[] = [
  ['a scope label stood at the merge', {}, 'pass scope_label_at_merge'],
  [
    'no label of the scope stood at the merge',
    { event: { labels: ['backend'] }, evidence: { labelEvents: read([]) } },
    'not_applicable no_scope_label',
  ],
  [
    'event and label history disagree: the event says no',
    { event: { labels: ['backend'], labelIds: [] } },
    'undetermined labels_disagree',
  ],
  [
    'event and label history disagree: the history says no',
    { evidence: { labelEvents: read([labelled('add', at('10:00:00')), labelled('remove', at('11:00:00'), 42)]) } },
    'undetermined labels_disagree',
  ],
  [
    'without an event the label changed in the instant of the merge',
    { event: { action: 'reconciled', labels: [] }, evidence: { labelEvents: read([labelled('add', mergedAt)]) } },
    'undetermined label_at_the_merge',
  ],
  [
    'a label was deleted since',
    {
      event: { action: 'reconciled', labels: [] },
      evidence: { labelEvents: read([{ ...labelled('add', mergedAt), label: null }]) },
    },
    'undetermined label_deleted',
  ],
  [
    'nothing says when it was merged',
    { event: { action: 'reconciled' }, mergeRequest: { mergedAt: null } },
    'undetermined merge_time_unknown',
  ],
  [
    'the history of labels could not be read',
    { evidence: { labelEvents: unread('forbidden') } },
    'undetermined label_events_forbidden',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(inScopeAtMerge, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(inScopeAtMerge, cases)).toEqual([]);
});

function labelled(action: 'add' | 'remove', createdAt: string, id = 41) {
  return { id, action, label: { id: 71, name: 'security::high' }, user: ana, createdAt };
}
