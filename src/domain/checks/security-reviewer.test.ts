import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { ana, bo } from '../fixtures/change.ts';
import { at, carl, carried, commit, person, read, unread } from '../fixtures/record.ts';
import { securityReviewerApproved } from './security-reviewer.ts';

const cases: readonly Case[] = [
  ['the policy names nobody', {}, 'not_applicable none_configured'],
  ['one whom the policy names approved', { policy: named('BChen') }, 'pass security_reviewer_approved'],
  [
    'a member of the group approved',
    { policy: group(), evidence: { securityReviewers: read([carl.id, bo.id]) } },
    'pass security_reviewer_approved',
  ],
  [
    'one whom the policy names approved, and the group could not be read',
    { policy: group('bchen'), evidence: { securityReviewers: unread('forbidden') } },
    'pass security_reviewer_approved',
  ],
  ['only others approved', { policy: named('cweiss') }, 'fail no_security_reviewer'],
  [
    'no approver is a member of the group',
    { policy: group(), evidence: { securityReviewers: read([carl.id]) } },
    'fail no_security_reviewer',
  ],
  ['nobody approved', { policy: named('bchen'), approvedBy: [] }, 'fail no_security_reviewer'],
  [
    'the security reviewer wrote it',
    { policy: named('aruiz'), approvedBy: [[ana, at('13:00:00')]], evidence: { people: [person(ana)] } },
    'fail no_security_reviewer',
  ],
  [
    'the security reviewer approved only after the merge',
    {
      policy: named('cweiss'),
      approvedBy: [
        [bo, at('13:00:00')],
        [carl, at('15:00:00')],
      ],
      evidence: { people: [person(bo), person(carl)] },
    },
    'fail no_security_reviewer',
  ],
  [
    'the members of the group could not be read',
    { policy: group(), evidence: { securityReviewers: unread('forbidden') } },
    'undetermined security_reviewers_forbidden',
  ],
  [
    'the policy named the group only after the capture',
    { policy: group(), evidence: { securityReviewers: null } },
    'undetermined security_reviewers_not_read',
  ],
  [
    'the name of the approver was erased',
    {
      policy: named('bchen'),
      approvedBy: [[{ ...bo, username: `erased:${'0'.repeat(64)}` }, at('13:00:00')]],
      evidence: { people: [person({ ...bo, username: `erased:${'0'.repeat(64)}` })], reviewers: read([]) },
      event: { reviewers: [] },
    },
    'undetermined reviewer_name_unknown',
  ],
  [
    'the security reviewer may have written the code',
    { policy: named('bchen'), evidence: { commits: read([commit('who@elsewhere.example')]) } },
    'undetermined unmapped_commit_identity',
  ],
  [
    'the policy lets a bot change this project alone',
    { policy: { ...named('cweiss'), exemptions: [{ bot: 'aruiz', projects: ['*'] }] } },
    'not_applicable exempt_bot',
  ],
  [
    'another merge request carried the commits',
    { policy: named('bchen'), evidence: { stateEvents: read([carried]) } },
    'undetermined carried_by_another_merge_request',
  ],
  [
    'the approvals could not be read',
    { policy: named('bchen'), evidence: { approvals: unread('lost') } },
    'undetermined approvals_lost',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(securityReviewerApproved, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(securityReviewerApproved, cases)).toEqual([]);
});

function named(...usernames: readonly string[]) {
  return { securityReviewers: { group: null, usernames } };
}

function group(...usernames: readonly string[]) {
  return { securityReviewers: { group: 'acme/security', usernames } };
}
