import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { bo } from '../fixtures/change.ts';
import { approvedLine, at, carl, line, mergedAt, note, person, unread } from '../fixtures/record.ts';
import { noWithdrawnApproval } from './no-withdrawn-approval.ts';

const cases: readonly Case[] = [
  ['the approval still stood at the merge', {}, 'pass approvals_stood'],
  ['it was approved only after the merge', { approvedBy: [[bo, at('15:00:00')]] }, 'not_applicable no_approval'],
  ['nobody approved', { approvedBy: [] }, 'not_applicable no_approval'],
  [
    'the only approval had been withdrawn',
    {
      approvedBy: [],
      journal: [approvedLine(at('13:00:00')), line('unapproved', at('13:10:00'), { userId: bo.id })],
    },
    'fail only_withdrawn_approvals',
  ],
  [
    'the only approval had been reset by a push, as notes tell',
    {
      approvedBy: [],
      notes: [
        note('approved this merge request', bo, at('09:00:00'), 1),
        note('reset approvals from @bchen by pushing to the branch', carl, at('10:00:00'), 2),
      ],
    },
    'fail only_withdrawn_approvals',
  ],
  [
    'one approval of two had been withdrawn, and the policy asks for one',
    {
      approvedBy: [[carl, at('13:00:00')]],
      evidence: { people: [person(bo), person(carl)] },
      journal: [approvedLine(at('13:00:00')), line('unapproved', at('13:10:00'), { userId: bo.id })],
    },
    'pass approvals_stood',
  ],
  [
    'the approval was withdrawn after the merge',
    {
      approvedBy: [],
      notes: [
        note('approved this merge request', bo, at('13:00:00'), 1),
        note('unapproved this merge request', bo, at('15:00:00'), 2),
      ],
    },
    'pass approvals_stood',
  ],
  [
    'the approval was withdrawn in the instant of the merge, and no hook orders them',
    {
      approvedBy: [],
      notes: [
        note('approved this merge request', bo, at('13:00:00'), 1),
        note('unapproved this merge request', bo, mergedAt, 2),
      ],
    },
    'undetermined withdrawal_at_the_merge',
  ],
  [
    'the approval was withdrawn in the instant of the merge, and a hook told of it while it was open',
    {
      approvedBy: [],
      journal: [approvedLine(at('13:00:00')), line('unapproved', mergedAt, { userId: bo.id })],
    },
    'fail only_withdrawn_approvals',
  ],
  [
    'without the notes a withdrawal may have gone unseen',
    { evidence: { notes: unread('forbidden') } },
    'undetermined notes_forbidden',
  ],
  ['the approvals could not be read', { evidence: { approvals: unread('lost') } }, 'undetermined approvals_lost'],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(noWithdrawnApproval, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(noWithdrawnApproval, cases)).toEqual([]);
});
