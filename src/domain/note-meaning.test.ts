import { expect, test } from 'vitest';
import { meaningOf } from './note-meaning.ts';

test.each([
  ['approved this merge request', { kind: 'approved' }],
  ['  approved this merge request\n', { kind: 'approved' }],
  ['unapproved this merge request', { kind: 'unapproved' }],
  ['added 1 commit\n\n<ul><li>1a2b - Fix</li></ul>', { kind: 'pushed' }],
  ['added 12 commits', { kind: 'pushed' }],
  ['added 3 new commits', { kind: 'pushed' }],
  ['reset all approvals by pushing to the branch', { kind: 'reset', usernames: [] }],
  ['reset approvals from @bchen by pushing to the branch', { kind: 'reset', usernames: ['bchen'] }],
  [
    'reset approvals from @bchen, @a.b-c_d and @x by pushing to the branch.',
    { kind: 'reset', usernames: ['bchen', 'a.b-c_d', 'x'] },
  ],
])('%j says what it says', (body, meaning) => {
  expect(meaningOf(body)).toEqual(meaning);
});

test.each([
  'approved this merge request, at last',
  'I approved this merge request',
  'has approved this merge request in part',
  'added ~71 label',
  'added security label and 2 commits',
  'reset approvals',
  'requested review from @bchen',
  'mentioned in commit 1a2b',
  '',
])('%j says nothing about the review', (body) => {
  expect(meaningOf(body)).toBeNull();
});
