import { expect, test } from 'vitest';
import { open, ready, requestFor, writes } from './fixtures/closing.ts';
import type { Issue, Workspace } from './fixtures/workspace.ts';

const readings = (workspace: Workspace) =>
  workspace.calls.filter(({ name, args }) => name === 'issues' && args['filter'].id !== undefined).length;

test('what was found a moment ago is closed without being read before or after', async () => {
  const workspace = ready();
  const issue = workspace.issue('SEC-1');
  await using linear = await open(workspace);
  expect(await linear.find('sec-1-x')).toMatchObject({ kind: 'found' });
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed', changed: true }]);
  expect(readings(workspace)).toBe(0);
  expect(issue).toMatchObject({ stateId: 'SEC-Done', labelIds: ['label-0'], links: [requestFor('SEC-1').attachment] });
});

test('a repeat reads first: what was found is good for one use', async () => {
  const workspace = ready();
  workspace.issue('SEC-1');
  await using linear = await open(workspace);
  await linear.find('sec-1-x');
  await linear.close(requestFor('SEC-1'));
  const before = writes(workspace).length;
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed', changed: false }]);
  expect(readings(workspace)).toBe(1);
  expect(writes(workspace)).toHaveLength(before);
});

test('a repeat after a lost answer reads first', async () => {
  const workspace = ready();
  const issue = workspace.issue('SEC-1');
  workspace.answer = async (reply, { body }) => ({
    ...(await reply()),
    ...(body.includes('CloseIssues') ? { ending: 'reset' as const } : {}),
  });
  await using linear = await open(workspace);
  await linear.find('sec-1-x');
  await expect(linear.close(requestFor('SEC-1'))).rejects.toMatchObject({ code: 'lost' });
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed', changed: false }]);
  expect(issue.links).toHaveLength(1);
});

test('what was found longer ago is read again, and a person’s word of that time holds', async () => {
  const workspace = ready();
  const issue = workspace.issue('SEC-1');
  let time = new Date('2026-09-21T14:00:00Z');
  await using linear = await open(workspace, { now: () => time });
  await linear.find('sec-1-x');
  time = new Date(time.getTime() + 5_001);
  issue.stateId = 'SEC-Canceled';
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'refused', code: 'unsuitable' }]);
  expect(writes(workspace)).toEqual([]);
});

test.each<[string, Partial<Issue> & { state?: string }]>([
  ['canceled', { state: 'Canceled' }],
  ['a duplicate', { state: 'Duplicate' }],
  ['archived', { archivedAt: '2026-09-03T00:00:00Z' }],
  [
    'labelled more often than a finding shows',
    { labelIds: Array.from({ length: 25 }, (_, index) => `label-${index + 1}`) },
  ],
])('one that was found %s is read before anything is written', async (_what, more) => {
  const workspace = ready();
  for (let index = 0; index < 25; index++) workspace.label(`label ${index}`);
  workspace.issue('SEC-1', more);
  await using linear = await open(workspace);
  expect(await linear.find('sec-1-x')).toMatchObject({ kind: 'found' });
  await linear.close(requestFor('SEC-1'));
  expect(readings(workspace)).toBeGreaterThan(0);
});

test('two merge requests of one issue share what was found, and one that was not found is read beside them', async () => {
  const workspace = ready();
  const issue = workspace.issue('SEC-1');
  workspace.issue('SEC-2');
  await using linear = await open(workspace);
  await linear.find('sec-1-x');
  const [one, other] = ['https://gitlab.example/1', 'https://gitlab.example/2'];
  expect(await linear.close(requestFor('SEC-1', one), requestFor('SEC-1', other), requestFor('SEC-2'))).toMatchObject([
    { kind: 'closed' },
    { kind: 'closed' },
    { kind: 'closed' },
  ]);
  expect(readings(workspace)).toBe(1);
  expect(writes(workspace).filter((name) => name === 'issueUpdate')).toHaveLength(2);
  expect(issue.links.map(({ url }) => url)).toEqual([one, other]);
});
