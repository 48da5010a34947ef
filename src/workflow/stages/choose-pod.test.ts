import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGitLab } from '../../connectors/gitlab/client.ts';
import type { Pod } from '../../domain/pods.ts';
import { startFilledGitLab, type FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { choosePod, type Routed } from './choose-pod.ts';

let filled: FilledGitLab;
let routed: Routed;

beforeEach(async () => {
  filled = await startFilledGitLab();
  const { gitlab } = filled;
  gitlab.createGroup({ path: 'reviewers', parent: 'acme' });
  gitlab.createGroup({ path: 'payments', parent: 'acme/reviewers' });
  gitlab.createGroup({ path: 'elsewhere', visibility: 'private' });
  for (const [username, group] of [
    ['gus', 'acme/reviewers'],
    ['hal', 'acme/reviewers/payments'],
  ] as const) {
    gitlab.createUser({ username, memberOf: [{ group, role: 'developer' }] });
  }
  gitlab.createMergeRequest({
    project: 'acme/payments',
    author: 'ana',
    title: 'Rotate keys',
    commits: [{ title: 'Rotate keys', paths: ['services/payments/keys.ts', 'README.md'] }],
  });
  const { project_id: projectId, iid } = (await filled.ask('/projects/acme%2Fpayments/merge_requests/2')).body;
  routed = { key: { projectId, iid }, labels: [], reviewers: [], project: 'acme/payments', subject: 'gl/501!2' };
  filled.calls.length = 0;
});
afterEach(() => filled.gitlab.close());

function pod(name: string, selectors: Partial<Pod>): Pod {
  return { name, labels: [], reviewers: [], projects: [], paths: [], groups: [], channel: `C0${name}`, ...selectors };
}

/** The pod by name, what was asked, and what is told. */
async function choose(pods: readonly Pod[], more: Partial<Routed> = {}, late = false) {
  const gitlab = createGitLab({ url: filled.gitlab.url, token: 'reader' });
  const { pod: chosen, ...told } = await choosePod({ gitlab, pods }, { ...routed, ...more }, late);
  return {
    pod: chosen?.name,
    asked: filled.calls.map(({ path }) => path.replace(/^.*\/(groups|merge_requests)\//, '').replace(/\?.*$/, '')),
    ...told,
  };
}

async function reviewer(username: string) {
  const [{ id }] = (await filled.ask(`/users?username=${username}`)).body;
  filled.calls.length = 0;
  return { id, username };
}

test('a pod is found by a changed file', async () => {
  const pods = [
    pod('web', { paths: ['services/web/*', '*.css'] }),
    pod('payments', { paths: ['services/payments/*'] }),
  ];
  expect(await choose(pods)).toEqual({ pod: 'payments', asked: ['2/diffs'], notShown: [], shown: ['gl/501!2'] });
});

test('a pod is found by a member of its group, its own as well as an inherited one', async () => {
  const pods = [pod('payments', { groups: ['acme/reviewers/payments'] })];
  for (const username of ['hal', 'gus', 'mira']) {
    expect(await choose(pods, { reviewers: [await reviewer(username)] })).toMatchObject({ pod: 'payments' });
  }
});

test('a member of a group below is no member', async () => {
  const pods = [pod('all', { groups: ['acme/reviewers'] })];
  expect(await choose(pods, { reviewers: [await reviewer('hal')] })).toMatchObject({ pod: undefined });
});

test('nothing is asked where an earlier pod needs no asking, or where nobody reviewed', async () => {
  const pods = [
    pod('labelled', { labels: ['security::high'] }),
    pod('grouped', { groups: ['acme/reviewers'] }),
    pod('mine', { projects: ['acme/payments'] }),
    pod('late', { paths: ['*'] }),
  ];
  expect(await choose(pods, { labels: ['security::high'] })).toMatchObject({ pod: 'labelled', asked: [] });
  expect(await choose(pods)).toMatchObject({ pod: 'mine', asked: [] });
});

test('an earlier pod is decided before a later one, although that one needs no asking', async () => {
  const pods = [pod('files', { paths: ['services/*'] }), pod('labelled', { labels: ['security::high'] })];
  expect(await choose(pods, { labels: ['security::high'] })).toMatchObject({ pod: 'files', asked: ['2/diffs'] });
});

test('files are asked for once, however many pods name some', async () => {
  const pods = ['a', 'b', 'c'].map((name) => pod(name, { paths: [`${name}/*`] }));
  expect(await choose(pods)).toMatchObject({ pod: undefined, asked: ['2/diffs'] });
});

test('a hidden group matches nothing and is told by name, and the next pod is tried', async () => {
  const pods = [pod('hidden', { groups: ['elsewhere'] }), pod('payments', { paths: ['README.md'] })];
  expect(await choose(pods, { reviewers: [await reviewer('hal')] })).toMatchObject({
    pod: 'payments',
    notShown: [
      { subject: 'group elsewhere', code: 'not_found', detail: expect.stringContaining('the group elsewhere') },
    ],
  });
});

test('files that are refused match nothing and are told by the project', async () => {
  filled.faults.add({ vendor: 'gitlab', operation: '/diffs$', kind: 'refuse' });
  expect(await choose([pod('payments', { paths: ['*'] })])).toMatchObject({
    pod: undefined,
    notShown: [{ subject: 'gl/501!2', code: 'forbidden', detail: expect.stringContaining('acme/payments!2') }],
  });
});

test('an outage is thrown, and when it is late, told instead', async () => {
  const pods = [pod('payments', { paths: ['*'] }), pod('other', { projects: ['acme/*'] })];
  filled.faults.add({ vendor: 'gitlab', operation: '/diffs$', kind: 'error_503', times: 2 });
  await expect(choose(pods)).rejects.toMatchObject({ code: 'server_error' });
  expect(await choose(pods, {}, true)).toMatchObject({ pod: 'other', notShown: [{ code: 'server_error' }] });
});
