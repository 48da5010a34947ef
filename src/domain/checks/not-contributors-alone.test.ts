import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { ana, bo } from '../fixtures/change.ts';
import { approvedLine, at, carl, carried, commit, line, note, person, read, unread } from '../fixtures/record.ts';
import { notContributorsAlone } from './not-contributors-alone.ts';

const cases: readonly Case[] = [
  ['somebody who had no hand in it approved', {}, 'pass approved_from_outside'],
  ['the author alone approved', { approvedBy: [[ana, at('13:00:00')]] }, 'fail only_contributors_approved'],
  [
    'the only approver had pushed, as a hook tells',
    { journal: [line('update', at('09:00:00'), { userId: bo.id, oldRev: '0f0e' })] },
    'fail only_contributors_approved',
  ],
  [
    'the only approver had pushed, as a note tells',
    { notes: [note('added 2 commits', bo, at('09:00:00'))] },
    'fail only_contributors_approved',
  ],
  [
    'one approver of two needed had no hand in it',
    {
      policy: { approvals: 2 },
      approvedBy: [
        [ana, at('13:00:00')],
        [bo, at('13:10:00')],
      ],
    },
    'fail contributors_needed',
  ],
  [
    'two approved who had no hand in it, and so did the author',
    {
      policy: { approvals: 2 },
      approvedBy: [
        [ana, at('13:00:00')],
        [bo, at('13:10:00')],
        [carl, at('13:20:00')],
      ],
      evidence: { people: [person(bo), person(carl)] },
    },
    'pass approved_from_outside',
  ],
  [
    'the approval of somebody from outside is gone, and nothing says since when',
    { approvedBy: [], journal: [approvedLine(at('13:00:00'))] },
    'undetermined approval_missing_afterwards',
  ],
  ['nobody approved', { approvedBy: [] }, 'not_applicable too_few_approvals'],
  [
    'an address in a commit belongs to nobody known',
    { evidence: { commits: read([commit('who@elsewhere.example')]) } },
    'undetermined unmapped_commit_identity',
  ],
  [
    'the commits of earlier versions could not be read',
    { evidence: { earlierCommits: unread('too_many') } },
    'undetermined earlier_commits_too_many',
  ],
  [
    'whose addresses these are could not be read',
    { evidence: { identities: unread('forbidden') } },
    'undetermined identities_forbidden',
  ],
  [
    'another merge request carried the commits',
    { evidence: { stateEvents: read([carried]) } },
    'undetermined carried_by_another_merge_request',
  ],
  [
    'the policy exempts the bot that wrote it',
    { approvedBy: [[ana, at('13:00:00')]], policy: { exemptions: [{ bot: 'aruiz', projects: ['*'] }] } },
    'not_applicable exempt_bot',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(notContributorsAlone, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(notContributorsAlone, cases)).toEqual([]);
});
