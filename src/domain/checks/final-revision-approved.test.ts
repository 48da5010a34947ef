import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { bo } from '../fixtures/change.ts';
import { approvedLine, at, carl, mergedAt, read, unread, version } from '../fixtures/record.ts';
import { finalRevisionApproved } from './final-revision-approved.ts';

/** One head before and after its target branch was changed at noon, and with it the base. */
function retargeted(before: string | null, after: string | null) {
  const then = { ...version(21, '1a2b', at('10:00:00'), before), baseSha: 'fea7' };
  return read([then, version(22, '1a2b', at('12:00:00'), after)]);
}

const cases: readonly Case[] = [
  ['what was approved is what was merged', {}, 'pass final_revision_approved'],
  ['a later push brought another patch', { approvedBy: [[bo, at('09:00:00')]] }, 'fail later_revision_not_approved'],
  [
    'a later push brought the same patch on another base',
    {
      approvedBy: [[bo, at('09:00:00')]],
      evidence: {
        versions: read([version(21, '0f0e', at('08:00:00'), 'c1'), version(22, '1a2b', at('10:00:00'), 'c1')]),
      },
    },
    'pass final_revision_approved',
  ],
  [
    'a later push, and this GitLab shows no patch ids',
    {
      approvedBy: [[bo, at('09:00:00')]],
      evidence: { versions: read([version(21, '0f0e', at('08:00:00')), version(22, '1a2b', at('10:00:00'))]) },
    },
    'undetermined patch_id_not_shown',
  ],
  [
    'a push and the approval in one instant',
    { approvedBy: [[bo, at('10:00:01')]] },
    'undetermined push_at_the_approval',
  ],
  [
    'a push and the approval in one instant, and a hook told on which head it was given',
    { approvedBy: [[bo, at('10:00:01')]], journal: [approvedLine(at('10:00:01'))] },
    'pass final_revision_approved',
  ],
  [
    'a hook told that an earlier head was approved, whatever the clock of the listing says',
    { approvedBy: [[bo, at('10:00:03')]], journal: [approvedLine(at('10:00:03'), { headSha: '0f0e' })] },
    'fail later_revision_not_approved',
  ],
  [
    'one approver counts and another approved what was merged: they are not the same',
    {
      approvedBy: [
        [bo, at('09:00:00')],
        [carl, at('13:00:00')],
      ],
    },
    'undetermined approver_not_read',
  ],
  [
    'the target branch was changed after the approval, so that the same head brings more',
    { approvedBy: [[bo, at('11:00:00')]], evidence: { versions: retargeted('c1', 'c2') } },
    'fail later_revision_not_approved',
  ],
  [
    'the target branch was changed, and a hook told of an approval of the same head before',
    {
      approvedBy: [[bo, at('11:00:00')]],
      journal: [approvedLine(at('11:00:00'))],
      evidence: { versions: retargeted('c1', 'c2') },
    },
    'fail later_revision_not_approved',
  ],
  [
    'the target branch was changed, and a hook told of an approval of the same head afterwards',
    {
      approvedBy: [[bo, at('13:00:00')]],
      journal: [approvedLine(at('13:00:00'))],
      evidence: { versions: retargeted('c1', 'c2') },
    },
    'pass final_revision_approved',
  ],
  [
    'the target branch was changed after the approval, and the same head brings the same',
    { approvedBy: [[bo, at('11:00:00')]], evidence: { versions: retargeted('c1', 'c1') } },
    'pass final_revision_approved',
  ],
  [
    'the target branch was changed after the approval, and this GitLab shows no patch ids',
    { approvedBy: [[bo, at('11:00:00')]], evidence: { versions: retargeted(null, null) } },
    'undetermined patch_id_not_shown',
  ],
  [
    'the same commits were pushed again to the same base, and this GitLab shows no patch ids',
    {
      approvedBy: [[bo, at('11:00:00')]],
      evidence: { versions: read([version(21, '1a2b', at('10:00:00')), version(22, '1a2b', at('12:00:00'))]) },
    },
    'pass final_revision_approved',
  ],
  ['nothing says when it was approved', { approvedBy: [[bo, null]] }, 'undetermined approved_revision_unknown'],
  ['nobody approved', { approvedBy: [] }, 'not_applicable no_approval'],
  [
    'no version of the diff is from before the merge',
    { event: { action: 'reconciled' }, evidence: { versions: read([version(21, '1a2b', at('15:00:00'))]) } },
    'undetermined no_revision_before_merge',
  ],
  [
    'the head of the merge event is no version of the diff',
    { event: { headSha: 'dead' } },
    'undetermined head_not_among_revisions',
  ],
  [
    'the merge event tells an earlier head than the versions',
    { event: { headSha: '0f0e' } },
    'undetermined head_disagrees',
  ],
  [
    'a push and the merge in one instant, and no event tells the head',
    {
      event: { action: 'reconciled' },
      evidence: { versions: read([version(21, '0f0e', at('08:00:00'), 'c1'), version(22, '1a2b', mergedAt, 'c2')]) },
    },
    'undetermined push_at_the_merge',
  ],
  [
    'the versions could not be read',
    { evidence: { versions: unread('forbidden') } },
    'undetermined versions_forbidden',
  ],
  ['the approvals could not be read', { evidence: { approvals: unread('lost') } }, 'undetermined approvals_lost'],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(finalRevisionApproved, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(finalRevisionApproved, cases)).toEqual([]);
});
