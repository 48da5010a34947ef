import { expect, test } from 'vitest';
import { open, ready, requestFor, writes } from './fixtures/closing.ts';
import { linearError } from './fixtures/server.ts';
import type { Workspace } from './fixtures/workspace.ts';

const reads = (workspace: Workspace) => workspace.calls.filter(({ name }) => name === 'issues').length;

test("what the write's own answer shows counts as read back: no reading follows", async () => {
  const workspace = ready();
  const bug = workspace.label('bug');
  workspace.issue('SEC-1', { labelIds: [bug.id] });
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([
    { kind: 'closed', changed: true, issue: { state: { type: 'completed' }, labels: ['bug', 'audited'] } },
  ]);
  expect(reads(workspace)).toBe(1);
});

test('a link alone is read back by its own answer as well', async () => {
  const workspace = ready();
  workspace.issue('SEC-1', { state: 'Done', labelIds: ['label-0'] });
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed', changed: true }]);
  expect(writes(workspace)).toEqual(['attachmentCreate']);
  expect(reads(workspace)).toBe(1);
});

const shown = {
  id: 'id-SEC-1',
  identifier: 'SEC-1',
  url: 'https://linear.app/acme/issue/SEC-1/slug',
  completedAt: '2026-09-21T14:13:00.000Z',
  archivedAt: null,
  trashed: null,
  state: { name: 'Done', type: 'completed' },
  team: { id: 'team-SEC', key: 'SEC' },
  labels: { nodes: [{ id: 'label-0', name: 'audited' }] },
};
const attached = { url: requestFor('SEC-1').attachment.url, issue: shown };

test.each([
  ['issueUpdate', 'shows no issue', { success: true, issue: null }],
  ['issueUpdate', 'shows another issue', { success: true, issue: { ...shown, id: 'id-SEC-2' } }],
  ['issueUpdate', 'does not say that it succeeded', { success: false, issue: shown }],
  [
    'attachmentCreate',
    'shows another link',
    { success: true, attachment: { ...attached, url: 'https://other.example' } },
  ],
  ['attachmentCreate', 'does not say that it succeeded', { success: false, attachment: attached }],
  [
    'attachmentCreate',
    'shows another issue',
    { success: true, attachment: { ...attached, issue: { ...shown, id: 'x' } } },
  ],
  [
    'attachmentCreate',
    'shows the issue open',
    { success: true, attachment: { ...attached, issue: { ...shown, state: { name: 'Todo', type: 'unstarted' } } } },
  ],
  [
    'attachmentCreate',
    'shows the label missing',
    { success: true, attachment: { ...attached, issue: { ...shown, labels: { nodes: [] } } } },
  ],
])('where %s %s, the issue is read, and what it shows counts', async (name, _what, payload) => {
  const workspace = ready();
  const issue = workspace.issue('SEC-1');
  // It did what it was told to do, and answers something else.
  workspace.before = (called, { input }) => {
    if (called === 'issueUpdate') {
      issue.stateId = 'SEC-Done';
      issue.completedAt = shown.completedAt;
      issue.labelIds = ['label-0'];
    }
    if (called === 'attachmentCreate') issue.links = [input];
    if (called === name) return payload;
    return called === 'issueUpdate'
      ? { success: true, issue: shown }
      : called === 'attachmentCreate'
        ? { success: true, attachment: attached }
        : undefined;
  };
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed', changed: true }]);
  expect(reads(workspace)).toBe(2);
});

test('an issue whose answer shows a label lost is an error, once a reading shows it as well', async () => {
  const workspace = ready();
  const bug = workspace.label('bug');
  const issue = workspace.issue('SEC-1', { labelIds: [bug.id] });
  workspace.before = (name) => {
    if (name === 'issueUpdate') issue.labelIds = [];
    return undefined;
  };
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'error', error: { code: 'conflict' } }]);
  expect(reads(workspace)).toBe(2);
});

test('an update that failed is settled by a reading, although the answer to the link looks well', async () => {
  const workspace = ready();
  const issue = workspace.issue('SEC-1');
  workspace.before = (name) => {
    if (name !== 'issueUpdate' || issue.labelIds.length > 0) return undefined;
    issue.stateId = 'SEC-Done';
    issue.labelIds = ['label-0'];
    return linearError('Oops', 'INTERNAL_ERROR');
  };
  await using linear = await open(workspace);
  await linear.close(requestFor('SEC-1'));
  expect(reads(workspace)).toBeGreaterThan(1);
});
