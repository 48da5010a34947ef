import { expect, test } from 'vitest';
import type { MergeRequestEvent } from './event.ts';
import { decide, type Decision, type Filter } from './filter.ts';

const filter: Filter = {
  groups: ['acme'],
  projects: [],
  labels: ['security::*'],
  targetBranches: ['main'],
  journalProjects: [],
  overrides: [],
};

function event(parts: Partial<MergeRequestEvent>): MergeRequestEvent {
  return {
    action: 'update',
    state: 'opened',
    project: { id: 501, path: 'acme/payments', webUrl: 'https://gitlab.example/acme/payments' },
    mergeRequestId: 90071,
    iid: 7,
    title: 'Harden token check',
    description: '',
    url: 'https://gitlab.example/acme/payments/-/merge_requests/7',
    sourceBranch: 'mlund/sec-123',
    targetBranch: 'main',
    previousState: null,
    labels: ['security::high'],
    labelIds: [],
    previousLabels: null,
    authorId: 12,
    user: null,
    reviewers: [],
    headSha: null,
    oldRev: null,
    mergeCommitSha: null,
    system: false,
    systemAction: null,
    actionedAt: null,
    updatedAt: null,
    ...parts,
  };
}

const cases: readonly [string, Partial<MergeRequestEvent>, Decision][] = [
  ['a merge with a scope label is a change', { action: 'merge', state: 'merged' }, { kind: 'merge' }],
  ['a nested scope is in scope', { action: 'merge', labels: ['bug', 'security::web::high'] }, { kind: 'merge' }],
  ['several scope labels are in scope', { action: 'merge', labels: ['security::a', 'security::b'] }, { kind: 'merge' }],
  ['a merge without one is ignored', { action: 'merge', labels: ['bug'] }, { kind: 'ignored', reason: 'label' }],
  [
    'a merge that takes the label off with it is withdrawn',
    { action: 'merge', labels: [], previousLabels: ['security::high'] },
    { kind: 'journal', label: 'withdrawn' },
  ],
  ['an approval goes into the journal', { action: 'approved' }, { kind: 'journal', label: null }],
  [
    'a label that comes after the merge is late',
    { state: 'merged', previousLabels: [] },
    { kind: 'journal', label: 'late' },
  ],
  [
    'a label that goes before the merge is withdrawn',
    { labels: [], previousLabels: ['security::high'] },
    { kind: 'journal', label: 'withdrawn' },
  ],
  [
    'a label that goes after the merge changes nothing',
    { state: 'merged', labels: [], previousLabels: ['security::high'] },
    { kind: 'journal', label: null },
  ],
  ['a label that comes before the merge is in time', { previousLabels: [] }, { kind: 'journal', label: 'returned' }],
  [
    'one scope label for another stays in scope',
    { labels: ['security::low'], previousLabels: ['security::high'] },
    { kind: 'journal', label: null },
  ],
  ['another branch is ignored', { action: 'merge', targetBranch: 'dev' }, { kind: 'ignored', reason: 'target_branch' }],
  [
    'another group is ignored, even where its name begins alike',
    { action: 'merge', project: { id: 1, path: 'acme-labs/payments', webUrl: '' } },
    { kind: 'ignored', reason: 'project' },
  ],
  [
    'a subgroup belongs to its group, without regard to case',
    { action: 'merge', project: { id: 1, path: 'Acme/platform/payments', webUrl: '' } },
    { kind: 'merge' },
  ],
];

test.each(cases)('%s', (_sentence, parts, expected) => {
  expect(decide(event(parts), filter)).toEqual(expected);
});

const journaled: readonly [string, Partial<MergeRequestEvent>, Decision][] = [
  ['an opening without labels goes into the journal', { action: 'open', labels: [] }, { kind: 'journal', label: null }],
  ['so does an approval', { action: 'approved', labels: ['bug'] }, { kind: 'journal', label: null }],
  [
    'a merge without a scope label is no change',
    { action: 'merge', state: 'merged', labels: ['bug'] },
    { kind: 'journal', label: null },
  ],
  ['a merge with a scope label is a change', { action: 'merge', state: 'merged' }, { kind: 'merge' }],
  [
    'a label that comes after the merge is late, journal or not',
    { state: 'merged', previousLabels: [] },
    { kind: 'journal', label: 'late' },
  ],
  [
    'a label that goes before the merge is withdrawn',
    { labels: [], previousLabels: ['security::high'] },
    { kind: 'journal', label: 'withdrawn' },
  ],
  ['a label that comes before the merge is in time', { previousLabels: [] }, { kind: 'journal', label: 'returned' }],
  [
    'one label out of scope for another is no turn',
    { labels: ['bug'], previousLabels: ['feature'] },
    { kind: 'journal', label: null },
  ],
  [
    'paths match without regard to case',
    { labels: [], project: { id: 501, path: 'ACME/Pay-Outs', webUrl: '' } },
    { kind: 'journal', label: null },
  ],
  [
    'a project that is not named still needs a label',
    { labels: [], project: { id: 501, path: 'acme/web', webUrl: '' } },
    { kind: 'ignored', reason: 'label' },
  ],
  [
    'a project that is not watched stays ignored',
    { labels: [], project: { id: 1, path: 'other/pay-outs', webUrl: '' } },
    { kind: 'ignored', reason: 'project' },
  ],
  ['another branch stays ignored', { labels: [], targetBranch: 'dev' }, { kind: 'ignored', reason: 'target_branch' }],
];

test.each(journaled)('where every merge request is journaled, %s', (_sentence, parts, expected) => {
  const whole = { ...filter, journalProjects: ['Acme/payments', '*/pay-*'] };
  expect(decide(event(parts), whole)).toEqual(expected);
});

test('without groups and projects every project is watched', () => {
  const open = { ...filter, groups: [], projects: [] };
  expect(decide(event({ action: 'merge', project: { id: 1, path: 'x/y', webUrl: '' } }), open)).toEqual({
    kind: 'merge',
  });
});

test('a single project can be watched', () => {
  const one = { ...filter, groups: [], projects: ['acme/payments'] };
  expect(decide(event({ action: 'merge' }), one).kind).toBe('merge');
  expect(decide(event({ action: 'merge', project: { id: 1, path: 'acme/web', webUrl: '' } }), one).kind).toBe(
    'ignored',
  );
});

const website = { id: 502, path: 'acme/website', webUrl: '' };

const special: Filter = {
  ...filter,
  overrides: [
    { path: 'Acme/Payments', labels: ['audit'], targetBranches: null },
    { path: 'acme/website', labels: null, targetBranches: ['release/*'] },
  ],
};

test.each<[string, Partial<MergeRequestEvent>, Decision['kind']]>([
  ['its own label, the path in other case', { labels: ['audit'] }, 'journal'],
  ['the label of all others, where it has its own', {}, 'ignored'],
  [
    'the branches of all others, where it has only its own labels',
    { labels: ['audit'], targetBranch: 'dev' },
    'ignored',
  ],
  ['its own branch', { project: website, targetBranch: 'release/1' }, 'journal'],
  ['the branch of all others, where it has its own', { project: website }, 'ignored'],
])('a project that is different counts by %s', (_what, parts, kind) => {
  expect(decide(event(parts), special).kind).toBe(kind);
});
