import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { ana, bo } from '../fixtures/change.ts';
import {
  approvedLine,
  at,
  carl,
  carried,
  commit,
  line,
  mergedAt,
  note,
  person,
  read,
  unread,
} from '../fixtures/record.ts';
import { independentApproval } from './independent-approval.ts';
import { approvalReasons } from './shared.ts';

const cases: readonly Case[] = [
  ['a colleague who had no hand in it approved', {}, 'pass independently_approved'],
  ['nobody approved', { approvedBy: [] }, 'fail nobody_approved'],
  [
    'the author alone approved',
    { approvedBy: [[ana, at('13:00:00')]], evidence: { people: [person(ana)] } },
    'fail too_few_independent_approvals',
  ],
  ['one approved where the policy asks for two', { policy: { approvals: 2 } }, 'fail too_few_independent_approvals'],
  [
    'two approved where the policy asks for two',
    {
      policy: { approvals: 2 },
      approvedBy: [
        [bo, at('13:00:00')],
        [carl, at('13:10:00')],
      ],
      evidence: { people: [person(bo), person(carl)] },
    },
    'pass independently_approved',
  ],
  [
    'whoever committed in any version is no second person, even once an address of theirs is in no commit any more',
    {
      evidence: {
        earlierCommits: read([{ versionId: 21, commits: [commit('bo@acme.example')] }]),
        identities: read([
          { email: 'ana@acme.example', userId: ana.id, by: 'commit_author' },
          { email: 'bo@acme.example', userId: bo.id, by: 'public_email' },
        ]),
      },
    },
    'fail too_few_independent_approvals',
  ],
  [
    'an approval that came after the merge counts for nothing',
    { approvedBy: [[bo, at('14:30:00')]] },
    'fail too_few_independent_approvals',
  ],
  ['a bot is nobody', { evidence: { people: [person(bo, true)] } }, 'fail too_few_independent_approvals'],
  [
    'a bot is one by its name where the server does not mark bots',
    {
      approvedBy: [[{ ...bo, username: 'project_501_bot_4f' }, at('13:00:00')]],
      evidence: { people: [person({ ...bo, username: 'project_501_bot_4f' }, null)] },
    },
    'fail too_few_independent_approvals',
  ],
  [
    'an account that was blocked right after the merge does not count',
    { evidence: { people: [person({ ...bo, state: 'blocked' })] } },
    'fail too_few_independent_approvals',
  ],
  [
    'an account that is blocked long after the merge may have been active at it',
    { arrival: { origin: 'backfilled' }, evidence: { people: [person({ ...bo, state: 'blocked' })] } },
    'undetermined account_not_active_now',
  ],
  [
    'the state of the account is not shown',
    { evidence: { people: [person({ id: bo.id, username: bo.username, name: bo.name })] } },
    'undetermined account_state_not_shown',
  ],
  ['the account was not read', { evidence: { people: [] } }, 'undetermined approver_not_read'],
  [
    'the account could not be read',
    { evidence: { people: [{ id: bo.id, details: unread('forbidden') }] } },
    'undetermined approver_forbidden',
  ],
  [
    'the account is gone',
    { evidence: { people: [{ id: bo.id, details: unread('not_found') }] } },
    'undetermined approver_deleted',
  ],
  [
    'GitLab shows its ghost in place of the approver',
    { approvedBy: [[{ ...bo, username: 'ghost' }, at('13:00:00')]], evidence: { people: [] } },
    'undetermined approver_deleted',
  ],
  [
    'the name was erased, and GitLab did not say whether it is a bot',
    { evidence: { people: [person({ ...bo, username: `erased:${'0'.repeat(64)}` }, null)] } },
    'undetermined account_erased',
  ],
  [
    'an address in a commit belongs to nobody known',
    { evidence: { commits: read([commit('ana@acme.example', 'who@elsewhere.example')]) } },
    'undetermined unmapped_commit_identity',
  ],
  [
    'the policy says whose that address is',
    {
      policy: { identities: [{ username: 'ARuiz', id: null, emails: ['Who@Elsewhere.example'] }] },
      evidence: { commits: read([commit('ana@acme.example', 'who@elsewhere.example')]) },
    },
    'pass independently_approved',
  ],
  ['no commits are shown', { evidence: { commits: read([]) } }, 'undetermined no_commits_shown'],
  ['the commits could not be read', { evidence: { commits: unread('timeout') } }, 'undetermined commits_timeout'],
  [
    'an approval that a hook told of is gone afterwards, and nothing says since when',
    { approvedBy: [], journal: [approvedLine(at('13:00:00'))] },
    'undetermined approval_missing_afterwards',
  ],
  [
    'GitLab shows an approval that a hook says was withdrawn',
    {
      approvedBy: [[bo, null]],
      journal: [approvedLine(at('13:00:00')), line('unapproved', at('13:10:00'), { userId: bo.id })],
    },
    'undetermined approval_shown_after_its_end',
  ],
  [
    'a withdrawal that GitLab told after the merge may have come before it',
    {
      approvedBy: [],
      journal: [approvedLine(at('13:00:00')), line('unapproved', at('14:00:00'), { userId: bo.id, state: 'merged' })],
    },
    'undetermined withdrawn_late',
  ],
  [
    'a reset that GitLab told after the merge may have come before it',
    {
      approvedBy: [],
      journal: [
        approvedLine(at('13:00:00')),
        line('update', at('14:00:00'), { system: true, systemAction: 'approvals_reset_on_push', state: 'merged' }),
      ],
    },
    'undetermined reset_late',
  ],
  [
    'a withdrawal that only a note tells, in the instant of the merge',
    {
      approvedBy: [],
      journal: [approvedLine(at('13:00:00'))],
      notes: [note('unapproved this merge request', bo, mergedAt)],
    },
    'undetermined withdrawal_at_the_merge',
  ],
  [
    'another merge request carried the commits',
    { evidence: { stateEvents: read([carried]) } },
    'undetermined carried_by_another_merge_request',
  ],
  [
    'the approvals could not be read',
    { evidence: { approvals: unread('server_error') } },
    'undetermined approvals_server_error',
  ],
  [
    'the policy exempts the bot that wrote it, in this project',
    { approvedBy: [], policy: { exemptions: [{ bot: 'ARuiz', projects: ['acme/*'] }] } },
    'not_applicable exempt_bot',
  ],
  [
    'the policy exempts the bot that wrote it, in other projects',
    { approvedBy: [], policy: { exemptions: [{ bot: 'aruiz', projects: ['other/*'] }] } },
    'fail nobody_approved',
  ],
  [
    'the policy exempts the bot that wrote it, and somebody else pushed to its branch',
    {
      approvedBy: [],
      journal: [line('update', at('10:00:00'), { oldRev: '0f0e', userId: carl.id })],
      policy: { exemptions: [{ bot: 'aruiz', projects: ['*'] }] },
    },
    'fail nobody_approved',
  ],
  [
    'the policy exempts the bot that wrote it, and a commit address belongs to nobody known',
    {
      approvedBy: [],
      evidence: { commits: read([commit('ana@acme.example'), commit('somebody@home.example')]) },
      policy: { exemptions: [{ bot: 'aruiz', projects: ['*'] }] },
    },
    'undetermined unmapped_commit_identity',
  ],
  [
    'the policy exempts the bot that wrote it, and who pushed could not be read',
    {
      approvedBy: [],
      evidence: { notes: unread('forbidden') },
      policy: { exemptions: [{ bot: 'aruiz', projects: ['*'] }] },
    },
    'undetermined notes_forbidden',
  ],
  [
    'the name of the author was erased, and the policy exempts somebody here',
    {
      mergeRequest: { author: { ...ana, username: `erased:${'0'.repeat(64)}` } },
      policy: { exemptions: [{ bot: 'renovate', projects: ['acme/*'] }] },
    },
    'undetermined author_erased',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(independentApproval, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(independentApproval, cases)).toEqual([]);
});

test('every reason that checks of approvals share is given by a case, but the one of the time', () => {
  const given = new Set(cases.map(([, , answer]) => answer.split(' ')[1]));
  expect(Object.keys(approvalReasons).filter((reason) => !given.has(reason))).toEqual(['merge_time_unknown']);
});
