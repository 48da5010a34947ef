import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { mira } from '../fixtures/change.ts';
import { carried, mergedAt, read, unread } from '../fixtures/record.ts';
import { landedThroughMergeRequest } from './landed-through-merge-request.ts';

const merge = { id: 51, state: 'merged', user: mira, createdAt: mergedAt };

const cases: readonly Case[] = [
  ['GitLab merged it', {}, 'pass merged_by_gitlab'],
  [
    'GitLab merged it, on a server that does not say what merged it',
    { evidence: { stateEvents: read([merge]) } },
    'pass merged_by_gitlab',
  ],
  [
    'its commits were pushed to the target branch',
    { evidence: { stateEvents: read([{ ...merge, source: { kind: 'commit', id: '5f0c' } }]) } },
    'fail pushed_to_target',
  ],
  [
    'another merge request carried its commits',
    { evidence: { stateEvents: read([carried]) } },
    'undetermined carried_by_another_merge_request',
  ],
  ['GitLab does not show it as merged', { mergeRequest: { state: 'opened' } }, 'undetermined not_shown_as_merged'],
  [
    'no commit is shown that landed',
    { mergeRequest: { mergeCommitSha: null, squashCommitSha: null, sha: null } },
    'undetermined landed_commit_not_shown',
  ],
  [
    'it was open until it was merged, on a server that does not say what merged it',
    { event: { previousState: 'opened' }, evidence: { stateEvents: read([merge]) } },
    'undetermined open_until_merged',
  ],
  [
    'neither the server nor a hook says what merged it',
    { event: { previousState: null }, evidence: { stateEvents: read([merge]) } },
    'undetermined merge_source_not_shown',
  ],
  [
    'the merge is not in the history of states, and no hook tells how it came about',
    { event: { previousState: null }, evidence: { stateEvents: read([]) } },
    'undetermined merge_not_among_state_events',
  ],
  [
    'the history of states could not be read',
    { evidence: { stateEvents: unread('forbidden') } },
    'undetermined state_events_forbidden',
  ],
  [
    'the merge request could not be read',
    { evidence: { mergeRequest: unread('not_found') } },
    'undetermined merge_request_not_found',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(landedThroughMergeRequest, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(landedThroughMergeRequest, cases)).toEqual([]);
});
