import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { bo } from '../fixtures/change.ts';
import { approvedLine, at, carl, mergedAt, note, person, unread } from '../fixtures/record.ts';
import { approvedBeforeMerge } from './approved-before-merge.ts';

const cases: readonly Case[] = [
  ['the approval came before the merge', {}, 'pass approved_before_merge'],
  ['the approval came after the merge', { approvedBy: [[bo, at('14:30:00')]] }, 'fail approved_after_merge'],
  ['nobody approved', { approvedBy: [] }, 'not_applicable no_approval'],
  [
    'this GitLab does not say when, and nothing else does',
    { approvedBy: [[bo, null]] },
    'undetermined approval_time_unknown',
  ],
  [
    'this GitLab does not say when, and a note does',
    { approvedBy: [[bo, null]], notes: [note('approved this merge request', bo, at('13:59:40'))] },
    'pass approved_before_merge',
  ],
  [
    'the approval came a second before the merge, by the clock of the listing',
    { approvedBy: [[bo, at('14:13:24')]] },
    'undetermined approval_at_the_merge',
  ],
  [
    'the approval came a second before the merge, and a hook told of it while it was open',
    { approvedBy: [[bo, at('14:13:24')]], journal: [approvedLine(at('14:13:24'))] },
    'pass approved_before_merge',
  ],
  [
    'the clock says before, and GitLab told of it as merged',
    { approvedBy: [[bo, at('14:13:20')]], journal: [approvedLine(at('14:13:20'), { state: 'merged' })] },
    'fail approved_after_merge',
  ],
  [
    'one approved before and one after the merge, and the policy asks for one',
    {
      approvedBy: [
        [bo, at('13:00:00')],
        [carl, at('15:00:00')],
      ],
      evidence: { people: [person(bo), person(carl)] },
    },
    'pass approved_before_merge',
  ],
  [
    'nothing says when it was merged',
    { event: { action: 'reconciled' }, mergeRequest: { mergedAt: null } },
    'undetermined merge_time_unknown',
  ],
  [
    'exactly two seconds before the merge is before it',
    { approvedBy: [[bo, at('14:13:23')]] },
    'pass approved_before_merge',
  ],
  ['in the instant of the merge', { approvedBy: [[bo, mergedAt]] }, 'undetermined approval_at_the_merge'],
  ['the approvals could not be read', { evidence: { approvals: unread('timeout') } }, 'undetermined approvals_timeout'],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(approvedBeforeMerge, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(approvedBeforeMerge, cases)).toEqual([]);
});
