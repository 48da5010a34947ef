import { expect, test } from 'vitest';
import type { StateEvent } from './evidence.ts';
import { mira } from './fixtures/change.ts';
import { carried, mergedAt, note, read, recordOf, unread, type RecordChanges } from './fixtures/record.ts';
import { landingOf } from './landing.ts';

const told = { id: 51, state: 'merged', user: mira, createdAt: mergedAt };
const states = (...events: readonly StateEvent[]) => ({ evidence: { stateEvents: read(events) } });
const landing = (changes: RecordChanges) => landingOf(recordOf(changes));

test('what landed is the merge commit, else the squash commit, else the head of a fast-forward', () => {
  expect(landing({})).toEqual({ kind: 'merged', sha: '5f0c' });
  expect(landing({ mergeRequest: { squashCommitSha: '50a5' } })).toEqual({ kind: 'merged', sha: '5f0c' });
  expect(landing({ mergeRequest: { mergeCommitSha: null, squashCommitSha: '50a5' } })).toEqual({
    kind: 'merged',
    sha: '50a5',
  });
  expect(landing({ mergeRequest: { mergeCommitSha: null } })).toEqual({ kind: 'merged', sha: '1a2b' });
});

test('the state event tells a push to the target branch, whatever the hook says', () => {
  expect(landing(states({ ...told, source: { kind: 'commit', id: '5f0c' } }))).toEqual({
    kind: 'pushed',
    commit: '5f0c',
  });
});

test('the state event tells the merge request that carried the commits', () => {
  expect(landing(states(carried))).toEqual({ kind: 'carried', mergeRequestId: '90072' });
});

test('of several merges the last one counts: a merge request may have been reopened', () => {
  const again = { ...told, id: 52, source: null };
  expect(landing(states(carried, again))).toEqual({ kind: 'merged', sha: '5f0c' });
  expect(landing(states(again, carried))).toEqual({ kind: 'merged', sha: '5f0c' });
});

test('a server that does not say what merged it: the lock that the hook saw says it', () => {
  expect(landing(states(told))).toEqual({ kind: 'merged', sha: '5f0c' });
  expect(landing({ ...states(), event: { previousState: 'locked' } })).toEqual({ kind: 'merged', sha: '5f0c' });
  expect(landing({ ...states(told), event: { previousState: 'opened' } })).toEqual({
    kind: 'unknown',
    why: 'open_until_merged',
  });
  expect(landing({ ...states(told), event: { previousState: null } })).toEqual({
    kind: 'unknown',
    why: 'merge_source_not_shown',
  });
  expect(landing({ ...states(), event: { action: 'reconciled', previousState: null } })).toEqual({
    kind: 'unknown',
    why: 'merge_not_among_state_events',
  });
});

test('a server that does not say what merged it, and a hook that neither: the note of the merge says it', () => {
  const silent = (body: string) => ({
    evidence: { stateEvents: read([told]) },
    event: { previousState: null },
    notes: [note(body, mira, mergedAt)],
  });
  expect(landing(silent('merged'))).toEqual({ kind: 'merged', sha: '5f0c' });
  expect(landing(silent('merged via commit 5f0c5f0c'))).toEqual({ kind: 'pushed', commit: '5f0c5f0c' });
  expect(landing(silent('merged via merge request !12'))).toEqual({ kind: 'carried', mergeRequestId: '!12' });
  expect(landing(silent('merged, I hope'))).toEqual({ kind: 'unknown', why: 'merge_source_not_shown' });
});

test('a plain note does not outweigh that it was open until it was merged', () => {
  const changes = { evidence: { stateEvents: read([told]) }, event: { previousState: 'opened' } };
  expect(landing({ ...changes, notes: [note('merged', mira, mergedAt)] })).toEqual({
    kind: 'unknown',
    why: 'open_until_merged',
  });
});

test('what was not read, not merged or not shown is unknown, each for its own reason', () => {
  const why = (changes: RecordChanges) => {
    const found = landing(changes);
    return found.kind === 'unknown' ? found.why : found.kind;
  };
  expect(why({ evidence: { mergeRequest: unread('not_found') } })).toBe('merge_request_not_found');
  expect(why({ evidence: { stateEvents: unread('forbidden') } })).toBe('state_events_forbidden');
  expect(why({ mergeRequest: { state: 'closed' } })).toBe('not_shown_as_merged');
  expect(why({ mergeRequest: { mergeCommitSha: null, sha: null } })).toBe('landed_commit_not_shown');
});
