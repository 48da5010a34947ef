import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { ana, bo, mira } from '../fixtures/change.ts';
import { at, carried, commit, person, read, unread } from '../fixtures/record.ts';
import { mergerNotSoleAuthor } from './merger-not-sole-author.ts';

const cases: readonly Case[] = [
  ['somebody merged it who had no hand in it', {}, 'pass merged_by_somebody_else'],
  ['the approver merged it', { mergeRequest: { mergeUser: bo } }, 'pass merged_by_somebody_else'],
  [
    'the author merged what somebody else had approved',
    { mergeRequest: { mergeUser: ana } },
    'pass merged_after_approval',
  ],
  [
    'the author merged what nobody had approved',
    { mergeRequest: { mergeUser: ana }, approvedBy: [] },
    'fail merged_without_approval',
  ],
  [
    'the author merged it, which the policy forbids',
    { mergeRequest: { mergeUser: ana }, policy: { authorMayMerge: false } },
    'fail author_may_not_merge',
  ],
  [
    'somebody else merged it, where the policy forbids authors to',
    { policy: { authorMayMerge: false } },
    'pass merged_by_somebody_else',
  ],
  [
    'the author merged it, and it is not known who approved',
    { mergeRequest: { mergeUser: ana }, evidence: { approvals: unread('forbidden') } },
    'undetermined approval_undetermined',
  ],
  ['a bot merged it', { evidence: { people: [person(bo), person(mira, true)] } }, 'undetermined merged_by_bot'],
  [
    'a bot merged it, as its name tells',
    { mergeRequest: { mergeUser: { ...mira, username: 'group_7_bot_1c' } } },
    'undetermined merged_by_bot',
  ],
  [
    'the account that merged is gone',
    { mergeRequest: { mergeUser: { ...mira, username: 'ghost' } } },
    'undetermined merger_deleted',
  ],
  ['GitLab does not show who merged it', { mergeRequest: { mergeUser: null } }, 'undetermined merger_unknown'],
  [
    'the account that merged was not asked for, and has no bot’s name',
    { evidence: { people: [person(bo)] } },
    'pass merged_by_somebody_else',
  ],
  [
    'the account that merged could not be read',
    { evidence: { people: [person(bo), { id: mira.id, details: unread('forbidden') }] } },
    'undetermined merger_forbidden',
  ],
  [
    'the name of the account was erased, and GitLab did not say whether it is a bot',
    {
      mergeRequest: { mergeUser: { ...mira, username: `erased:${'0'.repeat(64)}` } },
      evidence: { people: [person(bo), person(mira, null)] },
    },
    'undetermined merger_erased',
  ],
  [
    'the name of the account was erased, and GitLab said that it is no bot',
    { mergeRequest: { mergeUser: { ...mira, username: `erased:${'0'.repeat(64)}` } } },
    'pass merged_by_somebody_else',
  ],
  [
    'the merger may have written the code, and nobody approved',
    { approvedBy: [], evidence: { commits: read([commit('who@elsewhere.example')]) } },
    'undetermined unmapped_commit_identity',
  ],
  [
    'the merger may have written the code, which the policy would not forbid after the approval of another',
    {
      policy: { authorMayMerge: false },
      evidence: { earlierCommits: read([{ versionId: 21, commits: [commit('who@elsewhere.example')] }]) },
    },
    'undetermined unmapped_commit_identity',
  ],
  [
    'no commits are shown',
    { approvedBy: [[bo, at('13:00:00')]], evidence: { commits: read([]) } },
    'undetermined no_commits_shown',
  ],
  [
    'another merge request carried the commits',
    { evidence: { stateEvents: read([carried]) } },
    'undetermined carried_by_another_merge_request',
  ],
  [
    'the merge request could not be read',
    { evidence: { mergeRequest: unread('timeout') } },
    'undetermined merge_request_timeout',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(mergerNotSoleAuthor, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(mergerNotSoleAuthor, cases)).toEqual([]);
});
