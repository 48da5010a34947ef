import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { z } from 'zod';
import { Member, userDetailsOf } from './account.ts';
import { CommitAuthors } from './commit-authors.ts';
import { Note, notesOf } from './notes.ts';
import { FoundUser } from './public-addresses.ts';
import * as revisions from './revisions.ts';
import { ChangedFile } from './routing.ts';
import * as schema from './schema.ts';
import { parseEvent } from './webhook.ts';

const folder = new URL('fixtures/', import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, folder));
const parse = <T>(shape: ZodType<T>, name: string): T => shape.parse(JSON.parse(read(`rest/${name}`).toString()));

const webhooks = readdirSync(new URL('webhooks/', folder));
const answers = readdirSync(new URL('rest/', folder));

test('every fixture says which fact it shows, and every fact has its fixture', () => {
  const named = [
    ...read('README.md')
      .toString()
      .matchAll(/^\| `([^`]+)` \| \S/gm),
  ].map(([, name]) => name);
  const files = [...webhooks.map((name) => `webhooks/${name}`), ...answers.map((name) => `rest/${name}`)];
  expect(new Set(named)).toEqual(new Set(files));
  expect(named).toHaveLength(files.length);
});

test.each(webhooks)('the webhook body %s is read', (name) => {
  const isOther = name === 'note.json' || name === 'system-hook-project-create.json';
  expect(parseEvent(read(`webhooks/${name}`)).kind).toBe(isOther ? 'other' : 'merge_request');
});

const shapes: readonly (readonly [string, ZodType])[] = [
  ['merge-request-', schema.MergeRequest],
  ['approvals-', schema.Approvals],
  ['approval-state', schema.ApprovalState],
  ['reviewers', z.array(schema.Reviewer)],
  ['versions', z.array(revisions.Version)],
  ['commits', z.array(revisions.Commit)],
  ['commit-authors', CommitAuthors],
  ['version.', revisions.commitsOfVersion(9001)],
  ['label-events', z.array(schema.LabelEvent)],
  ['state-events', z.array(schema.StateEvent)],
  ['user.', userDetailsOf(13)],
  ['user-12', userDetailsOf(12)],
  ['user-service', userDetailsOf(70)],
  ['users-search', z.array(FoundUser)],
  ['members', z.array(Member)],
  ['diffs', z.array(ChangedFile)],
  ['notes', z.array(Note)],
  ['project-approvals', schema.ProjectSettings],
];

test.each(answers.filter((name) => !name.startsWith('error-')))('the answer %s is read', (name) => {
  const shape = shapes.find(([prefix]) => name.startsWith(prefix))?.[1];
  expect(shape?.safeParse(JSON.parse(read(`rest/${name}`).toString())).error).toBeUndefined();
});

test.each(answers.filter((name) => name.startsWith('error-') && name.endsWith('.json')))(
  'the refusal %s is taken for nothing else, even with status 200',
  (name) => {
    for (const [, shape] of shapes)
      expect(shape.safeParse(JSON.parse(read(`rest/${name}`).toString())).success).toBe(false);
  },
);

test('reads a merge request in full', () => {
  expect(parse(schema.MergeRequest, 'merge-request-19.json')).toEqual({
    id: 90071,
    iid: 7,
    projectId: 501,
    sourceProjectId: 501,
    state: 'merged',
    title: 'Harden token check',
    description: 'Fixes SEC-123',
    webUrl: 'https://gitlab.example/acme/payments/-/merge_requests/7',
    sourceBranch: 'mlund/sec-123-harden-token-check',
    targetBranch: 'main',
    draft: false,
    author: { id: 12, username: 'aruiz', name: 'Ana Ruiz', state: 'active' },
    mergeUser: { id: 11, username: 'mlund', name: 'Mira Lund', state: 'active' },
    createdAt: '2026-09-20T08:00:00.412Z',
    preparedAt: '2026-09-20T08:00:03.001Z',
    mergedAt: '2026-09-21T14:13:25.298Z',
    sha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    mergeCommitSha: '5f0c2a9d8e7b6a5f4c3d2e1f0a9b8c7d6e5f4a3b',
    squashCommitSha: null,
    labels: ['backend', 'security::high'],
    reference: 'acme/payments!7',
    blockingDiscussionsResolved: true,
    headPipeline: {
      id: 7001,
      status: 'success',
      sha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
      createdAt: '2026-09-21T13:58:10.000Z',
      updatedAt: '2026-09-21T14:05:00.000Z',
    },
    imported: false,
  });
});

test('finds the merger, the draft flag and the pipeline where old servers put them', () => {
  expect(parse(schema.MergeRequest, 'merge-request-12.json')).toMatchObject({
    mergeUser: { id: 11, username: 'mlund', name: 'Mira Lund' },
    createdAt: '2026-09-20T08:00:00.412Z',
    description: '',
    draft: false,
    reference: null,
    blockingDiscussionsResolved: null,
    headPipeline: { id: 7001, createdAt: '2026-09-21T13:58:10.000Z' },
    imported: false,
  });
});

test('says of a merge request that was imported that it was', () => {
  const shown = JSON.parse(read('rest/merge-request-19.json').toString()) as object;
  expect(schema.MergeRequest.parse({ ...shown, imported: true }).imported).toBe(true);
});

test('keeps what GitLab does not show as null', () => {
  expect(parse(schema.MergeRequest, 'merge-request-fast-forward-from-fork.json')).toMatchObject({
    sourceProjectId: null,
    mergeCommitSha: null,
    squashCommitSha: null,
    headPipeline: null,
  });
  expect(parse(schema.MergeRequest, 'merge-request-with-label-details.json')).toMatchObject({
    author: null,
    mergeUser: null,
    labels: ['backend', 'security::high'],
  });
  expect(parse(schema.MergeRequest, 'merge-request-squash.json').squashCommitSha).toBe('c'.repeat(40));
});

test.each([
  ['approvals-premium-19.json', 2, ['2026-09-21T13:59:40.120Z', '2026-09-21T14:02:11.004Z']],
  ['approvals-premium-17.json', 1, [null]],
  ['approvals-free.json', null, ['2026-09-21T13:59:40.120Z']],
  ['approvals-free-nobody.json', null, []],
])('reads %s', (name, required, times) => {
  const approvals = parse(schema.Approvals, name);
  expect(approvals).toMatchObject({ approved: true, approvalsRequired: required });
  expect(approvals.approvedBy.map(({ approvedAt }) => approvedAt)).toEqual(times);
});

test('reads rules with who may satisfy them and who did', () => {
  expect(parse(schema.ApprovalState, 'approval-state.json')).toEqual({
    rulesOverwritten: true,
    rules: [
      {
        id: 61,
        name: 'Security',
        type: 'regular',
        approvalsRequired: 1,
        approved: true,
        eligible: [13, 14],
        approvedBy: [13],
        overridden: true,
        hiddenGroups: false,
        sourceRequired: 2,
      },
      {
        id: null,
        name: 'All Members',
        type: 'any_approver',
        approvalsRequired: 0,
        approved: true,
        eligible: [],
        approvedBy: [14],
        overridden: false,
        hiddenGroups: true,
        sourceRequired: null,
      },
    ],
  });
});

test('tells the state of a review from the state of an account', () => {
  expect(parse(z.array(schema.Reviewer), 'reviewers.json')[1]).toEqual({
    user: { id: 14, username: 'cdahl', name: 'Cy Dahl', state: 'active' },
    state: 'unreviewed',
    askedAt: '2026-09-20T08:01:00.000Z',
  });
  expect(parse(z.array(schema.Reviewer), 'reviewers-13.json')[0]?.state).toBe('unknown');
});

test('reads versions, commits and label events', () => {
  expect(parse(z.array(revisions.Version), 'versions.json').map(({ id, patchId }) => [id, patchId])).toEqual([
    [9002, 'd'.repeat(40)],
    [9001, null],
  ]);
  expect(parse(z.array(revisions.Commit), 'commits.json')[1]).toMatchObject({
    authorEmail: 'mlund@acme.example',
    committerEmail: 'aruiz@acme.example',
    parents: null,
  });
  expect(parse(z.array(revisions.Commit), 'commits-8.json')[0]).toMatchObject({
    committerEmail: '',
    committedAt: null,
  });
  const events = parse(z.array(schema.LabelEvent), 'label-events.json');
  expect(events.map(({ action, label, user }) => [action, label?.name, user?.id])).toEqual([
    ['add', 'security::high', 12],
    ['add', undefined, 12],
    ['remove', 'backend', undefined],
  ]);
});

test.each<[string, object]>([
  ['state-events.json', { state: 'merged', user: { id: 11 }, source: null }],
  [
    'state-events-merged-by-push.json',
    {
      source: { kind: 'commit', id: '5f0c2a9d8e7b6a5f4c3d2e1f0a9b8c7d6e5f4a3b' },
      createdAt: '2026-09-21T14:13:25.300Z',
    },
  ],
  ['state-events-merged-by-another.json', { source: { kind: 'merge_request', id: '90080' }, user: null }],
])('reads from %s what merged it', (name, expected) => {
  expect(parse(z.array(schema.StateEvent), name).at(-1)).toMatchObject(expected);
});

test.each<[string, object]>([
  ['neither field', {}],
  ['one field, and that null', { source_commit: null }],
  ['the other field, and that null', { source_merge_request_id: null }],
])('does not say that nothing else merged it where the server shows %s', (_what, shown) => {
  const [event] = JSON.parse(read('rest/state-events-13.json').toString()) as object[];
  expect(schema.StateEvent.parse({ ...event, ...shown })).not.toHaveProperty('source');
});

test('a person who writes what GitLab writes is counted as a person', () => {
  const { system, byPeople } = notesOf(parse(z.array(Note), 'notes.json'));
  expect(byPeople).toEqual([
    { userId: 14, count: 1 },
    { userId: 13, count: 2 },
    { userId: 12, count: 1 },
  ]);
  expect(system.filter(({ body }) => body === 'approved this merge request').map(({ author }) => author?.id)).toEqual([
    13, 14,
  ]);
});

test('says what a note of GitLab means beside its text', () => {
  const { system } = notesOf(parse(z.array(Note), 'notes.json'));
  expect(system.map(({ id, meaning }) => [id, meaning])).toEqual([
    [3001, null],
    [3002, null],
    [3004, { kind: 'pushed' }],
    [3005, { kind: 'approved' }],
    [3006, { kind: 'approved' }],
    [3007, null],
  ]);
});

test('keeps of every note in a thread whether and when it was resolved, and no other note', () => {
  expect(notesOf(parse(z.array(Note), 'notes.json')).threads).toEqual([
    { id: 3008, createdAt: '2026-09-21T13:55:00.000Z', resolved: true, resolvedAt: '2026-09-21T13:59:00.000Z' },
    { id: 3009, createdAt: '2026-09-21T13:58:30.000Z', resolved: true, resolvedAt: '2026-09-21T13:59:00.000Z' },
    { id: 3010, createdAt: '2026-09-21T13:59:20.000Z', resolved: false, resolvedAt: null },
  ]);
});

test.each<[string, object, boolean]>([
  ['a note of a thread that does not say whether it is resolved', { resolvable: true, resolved: undefined }, false],
  ['a note of no thread that does not say so either', { resolvable: false, resolved: undefined }, true],
  ['a note of an old server, that says neither', { resolvable: undefined, resolved: undefined }, true],
  ['a resolved note without its time', { resolvable: true, resolved: true, resolved_at: undefined }, true],
])('%s: %j is readable: %s', (_what, shown, readable) => {
  const rows = JSON.parse(read('rest/notes.json').toString()) as { id: number }[];
  const row = rows.find(({ id }) => id === 3008);
  expect(Note.safeParse({ ...row, ...shown }).success).toBe(readable);
});

test('a thread that was opened again is not resolved, whatever time its note still shows', () => {
  const rows = JSON.parse(read('rest/notes.json').toString()) as { id: number }[];
  const note = Note.parse({ ...rows.find(({ id }) => id === 3008), resolved: false });
  expect(notesOf([note]).threads).toMatchObject([{ resolved: false, resolvedAt: null }]);
});

test('tells people from bots, and does not take silence for an answer', () => {
  expect(parse(userDetailsOf(13), 'user.json')).toEqual({
    id: 13,
    username: 'bchen',
    name: 'Bo Chen',
    state: 'active',
    bot: false,
  });
  expect(parse(userDetailsOf(70), 'user-service-account.json').bot).toBe(true);
  expect(parse(userDetailsOf(12), 'user-12.json').bot).toBeNull();
  expect(userDetailsOf(14).safeParse(JSON.parse(read('rest/user.json').toString())).success).toBe(false);
});

test('turns every setting to what it allows, and leaves unknown what is not shown', () => {
  expect(parse(schema.ProjectSettings, 'project-approvals.json')).toEqual({
    authorMayApprove: false,
    committersMayApprove: false,
    resetOnPush: true,
    rulesFixed: false,
  });
  expect(parse(schema.ProjectSettings, 'project-approvals-11.json')).toEqual({
    authorMayApprove: null,
    committersMayApprove: null,
    resetOnPush: true,
    rulesFixed: true,
  });
});

test('makes text well-formed and free of NUL, and refuses an id that is not exact', () => {
  const shown = JSON.parse(read('rest/reviewers.json').toString()) as unknown[];
  const [first] = z.array(schema.Reviewer).parse([{ user: { id: 1, username: 'a\0b', name: '\ud800x' } }, ...shown]);
  expect(first?.user).toEqual({ id: 1, username: 'ab', name: '\ufffdx' });
  expect(schema.Reviewer.safeParse({ user: { id: 2 ** 53, username: 'a', name: 'b' } }).success).toBe(false);
});
