import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { z } from 'zod';
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
  ['versions', z.array(schema.Version)],
  ['commits', z.array(schema.Commit)],
  ['label-events', z.array(schema.LabelEvent)],
  ['notes', z.array(schema.Note)],
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
    headPipeline: { id: 7001, status: 'success', sha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d' },
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
    headPipeline: { id: 7001 },
  });
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
  expect(parse(z.array(schema.Version), 'versions.json').map(({ id, patchId }) => [id, patchId])).toEqual([
    [9002, 'd'.repeat(40)],
    [9001, null],
  ]);
  expect(parse(z.array(schema.Commit), 'commits.json')[1]).toMatchObject({
    authorEmail: 'mlund@acme.example',
    committerEmail: 'aruiz@acme.example',
    parents: null,
  });
  expect(parse(z.array(schema.Commit), 'commits-8.json')[0]).toMatchObject({ committerEmail: '', committedAt: null });
  const events = parse(z.array(schema.LabelEvent), 'label-events.json');
  expect(events.map(({ action, label, user }) => [action, label?.name, user?.id])).toEqual([
    ['add', 'security::high', 12],
    ['add', undefined, 12],
    ['remove', 'backend', undefined],
  ]);
});

test('a person who writes what GitLab writes is counted as a person', () => {
  const { system, byPeople } = schema.notesOf(parse(z.array(schema.Note), 'notes.json'));
  expect(byPeople).toBe(1);
  expect(system.filter(({ body }) => body === 'approved this merge request').map(({ author }) => author?.id)).toEqual([
    13, 14,
  ]);
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
