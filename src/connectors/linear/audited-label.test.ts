import { expect, test } from 'vitest';
import { open, requestFor, writes } from './fixtures/closing.ts';
import { linearError } from './fixtures/server.ts';
import { Workspace } from './fixtures/workspace.ts';

test('a label that is missing is made once, for the workspace', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1');
  workspace.issue('ENG-1');
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'), requestFor('ENG-1'))).toMatchObject([
    { kind: 'closed' },
    { kind: 'closed' },
  ]);
  expect(workspace.labels).toMatchObject([{ name: 'audited', team: null }]);
});

test.each(['Audited', 'AUDITED'])('a label is the same in any case: %s', async (name) => {
  const workspace = new Workspace();
  workspace.label(name);
  workspace.issue('SEC-1');
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed', issue: { labels: [name] } }]);
  expect(workspace.labels).toHaveLength(1);
});

test("a team's own label is used where the workspace has none, and another team gets its own", async () => {
  const workspace = new Workspace();
  const [one, other] = [workspace.issue('SEC-1'), workspace.issue('ENG-1')];
  const own = workspace.label('audited', { team: one.team });
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'), requestFor('ENG-1'))).toMatchObject([
    { kind: 'closed' },
    { kind: 'closed' },
  ]);
  expect(one.labelIds).toEqual([own.id]);
  expect(workspace.labels.find(({ id }) => id === other.labelIds[0])?.team).toEqual(other.team);
});

test("the workspace's label is preferred to the team's", async () => {
  const workspace = new Workspace();
  const issue = workspace.issue('SEC-1');
  workspace.label('audited', { team: issue.team });
  const shared = workspace.label('audited');
  await using linear = await open(workspace);
  await linear.close(requestFor('SEC-1'));
  expect(issue.labelIds).toEqual([shared.id]);
});

test.each([
  ['a group', { isGroup: true }],
  ['retired', { retiredAt: '2026-01-01T00:00:00Z' }],
  ["a group's child", { parent: { id: 'group' } }],
])('a label that is %s is not used, and the message says so', async (_what, more) => {
  const workspace = new Workspace();
  workspace.label('audited', more);
  workspace.issue('SEC-1');
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([
    { kind: 'refused', code: 'unsuitable', message: expect.stringContaining('"audited"') },
  ]);
  expect(writes(workspace)).toEqual([]);
});

test('somebody else makes the label at the same moment: theirs is used', async () => {
  const workspace = new Workspace();
  const issue = workspace.issue('SEC-1');
  workspace.before = (name) => {
    if (name === 'issueLabelCreate' && workspace.labels.length === 0) workspace.label('audited');
    return undefined;
  };
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed' }]);
  expect(issue.labelIds).toEqual(['label-0']);
  expect(workspace.labels).toHaveLength(1);
});

test('a label that may not be made is refused with what to do, and the next call looks again', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1');
  workspace.before = (name) =>
    name === 'issueLabelCreate' ? linearError('Admins only', 'FORBIDDEN', 'forbidden') : undefined;
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([
    { kind: 'refused', code: 'forbidden', message: expect.stringMatching(/by hand/) },
  ]);
  workspace.label('audited');
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed' }]);
});
