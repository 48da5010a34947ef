import { expect, test } from 'vitest';
import type { LateReview } from '../afterwards.ts';
import { answerOf, strayReasons, type Case, type Given } from '../fixtures/judging.ts';
import { ana, bo, mira } from '../fixtures/change.ts';
import { usualPolicy } from '../fixtures/policy.ts';
import { at, carl, commit, read } from '../fixtures/record.ts';
import { emergencyHandled } from './emergency-handled.ts';

const emergencies = {
  emergency: { ...usualPolicy.emergency, labels: ['emergency'], sourceBranches: ['hotfix/*'] },
};
const description = 'Emergency: tokens leak';
/** Three days after the merge, where two are allowed. */
const overdue = '2026-09-24T14:13:25.000Z';

function emergency(given: Given): Given {
  return {
    policy: emergencies,
    mergeRequest: { description },
    ...given,
    event: { labels: ['security::high', 'emergency'], ...given.event },
  };
}

function review(changes: Partial<LateReview> = {}): LateReview {
  const digest = 'cd'.repeat(32);
  return { userId: carl.id, kind: 'human', how: 'comment', at: at('18:00:00'), responseSha256: digest, ...changes };
}

const cases: readonly Case[] = [
  ['it was no emergency', {}, 'pass not_an_emergency'],
  ['it was none, where emergencies have labels and branches', { policy: emergencies }, 'pass not_an_emergency'],
  [
    'a label made it an emergency, and it gives no reason',
    {
      policy: emergencies,
      event: { labels: ['security::high', 'emergency'] },
      mergeRequest: { description: 'Fixes it' },
    },
    'fail reason_missing',
  ],
  [
    'its branch made it an emergency, and the line of the reason is empty',
    { policy: emergencies, event: { sourceBranch: 'hotfix/tokens' }, mergeRequest: { description: 'Emergency:  ' } },
    'fail reason_missing',
  ],
  [
    'an emergency that was reviewed before the merge like any other change',
    emergency({}),
    'pass reviewed_before_merge',
  ],
  [
    'a reason is found in any line, however the prefix is written',
    emergency({ mergeRequest: { description: 'Closes SEC-1\r\n\r\n  EMERGENCY: tokens leak' } }),
    'pass reviewed_before_merge',
  ],
  [
    'nobody approved, and a colleague reviewed it within the time',
    emergency({ approvedBy: [], afterwards: { reviews: [review()] } }),
    'pass reviewed_in_time',
  ],
  [
    'a review at the last moment is in time',
    emergency({ approvedBy: [], afterwards: { reviews: [review({ at: '2026-09-23T14:13:25.000Z' })] } }),
    'pass reviewed_in_time',
  ],
  [
    'the author’s own review is none, and a colleague’s after it is',
    emergency({ approvedBy: [], afterwards: { reviews: [review({ userId: ana.id }), review()] } }),
    'pass reviewed_in_time',
  ],
  [
    'only the author and a bot reviewed it, and the deadline has passed',
    emergency({
      approvedBy: [],
      afterwards: { asOf: overdue, reviews: [review({ userId: ana.id }), review({ userId: mira.id, kind: 'bot' })] },
    }),
    'fail deadline_passed',
  ],
  ['nobody reviewed it yet, and the deadline is running', emergency({ approvedBy: [] }), 'undetermined pending'],
  [
    'nobody reviewed it yet, in the last moment of the deadline',
    emergency({ approvedBy: [], afterwards: { asOf: '2026-09-23T14:13:25.000Z' } }),
    'undetermined pending',
  ],
  [
    'nobody reviewed it until the deadline',
    emergency({ approvedBy: [], afterwards: { asOf: '2026-09-23T14:13:26.000Z' } }),
    'fail deadline_passed',
  ],
  [
    'the only review came after the deadline',
    emergency({ approvedBy: [], afterwards: { asOf: overdue, reviews: [review({ at: '2026-09-23T14:13:26.000Z' })] } }),
    'fail reviewed_too_late',
  ],
  [
    'code was pushed after the approval: that is no review of what was merged',
    emergency({ approvedBy: [[bo, at('09:00:00')]] }),
    'undetermined pending',
  ],
  [
    'clocks cannot say that the approval came before the merge',
    emergency({ approvedBy: [[bo, at('14:13:24')]] }),
    'undetermined pending',
  ],
  [
    'fewer approved it than the policy asks for',
    emergency({ policy: { ...emergencies, approvals: 2 } }),
    'undetermined pending',
  ],
  [
    'the account of the reviewer was not read',
    emergency({ approvedBy: [], afterwards: { reviews: [review({ kind: null })] } }),
    'undetermined reviewer_not_read',
  ],
  [
    'the reviewer may have written the code',
    emergency({
      approvedBy: [],
      evidence: { commits: read([commit('who@elsewhere.example')]) },
      afterwards: { asOf: overdue, reviews: [review()] },
    }),
    'undetermined unmapped_commit_identity',
  ],
  [
    'no commits are shown',
    emergency({ approvedBy: [], evidence: { commits: read([]) }, afterwards: { reviews: [review()] } }),
    'undetermined no_commits_shown',
  ],
  [
    'nothing says when it was merged',
    emergency({ approvedBy: [], event: { action: 'reconciled' }, mergeRequest: { mergedAt: null, description } }),
    'undetermined merge_time_unknown',
  ],
  [
    'the name of its branch was erased',
    { policy: emergencies, event: { sourceBranch: `erased:${'0'.repeat(64)}` } },
    'undetermined source_branch_erased',
  ],
  [
    'the name of its branch was erased, where branches make no emergency',
    { event: { sourceBranch: `erased:${'0'.repeat(64)}` } },
    'pass not_an_emergency',
  ],
  [
    'its description was erased',
    emergency({ mergeRequest: { description: `erased:${'0'.repeat(64)}` } }),
    'undetermined description_erased',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(emergencyHandled, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(emergencyHandled, cases)).toEqual([]);
});
