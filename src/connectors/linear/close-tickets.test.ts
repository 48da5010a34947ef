import { expect, test } from 'vitest';
import { open, ready, requestFor, writes } from './fixtures/closing.ts';
import { linearError } from './fixtures/server.ts';

test('an issue is completed, labelled and linked, keeps its other labels, and is read back', async () => {
  const workspace = ready();
  const bug = workspace.label('bug');
  const issue = workspace.issue('SEC-1', { labelIds: [bug.id] });
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toEqual([
    {
      kind: 'closed',
      changed: true,
      issue: {
        id: 'id-SEC-1',
        identifier: 'SEC-1',
        url: issue.url,
        completedAt: '2026-09-21T14:13:00.000Z',
        state: { name: 'Done', type: 'completed' },
        labels: ['bug', 'audited'],
      },
    },
  ]);
  expect(issue.links).toEqual([{ issueId: 'id-SEC-1', ...requestFor('SEC-1').attachment }]);
});

test('a repeat changes nothing and writes nothing', async () => {
  const workspace = ready();
  workspace.issue('SEC-1');
  await using linear = await open(workspace);
  await linear.close(requestFor('SEC-1'));
  const before = writes(workspace).length;
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed', changed: false }]);
  expect(writes(workspace)).toHaveLength(before);
});

test('an issue that is completed already keeps its state and date, and gets what it lacks', async () => {
  const workspace = ready();
  const issue = workspace.issue('SEC-1', { state: 'Shipped' });
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([
    { kind: 'closed', changed: true, issue: { completedAt: '2026-09-02T10:00:00.000Z', state: { name: 'Shipped' } } },
  ]);
  expect(issue).toMatchObject({ stateId: 'SEC-Shipped', labelIds: ['label-0'] });
  expect(workspace.calls.find(({ name }) => name === 'issueUpdate')?.args).toEqual({
    id: 'id-SEC-1',
    input: { addedLabelIds: ['label-0'] },
  });
});

test('a link that is there already is left as it is, and only the link is added where only it lacks', async () => {
  const workspace = ready();
  const linked = workspace.issue('SEC-1', {
    links: [{ url: requestFor('SEC-1').attachment.url, title: 'Rich', metadata: {} }],
  });
  workspace.issue('SEC-2', { state: 'Done', labelIds: ['label-0'] });
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'), requestFor('SEC-2'))).toMatchObject([
    { kind: 'closed' },
    { kind: 'closed' },
  ]);
  expect(linked.links[0]?.title).toBe('Rich');
  expect(writes(workspace)).toEqual(['issueUpdate', 'attachmentCreate']);
});

test.each([
  ['canceled', { state: 'Canceled' }, 'unsuitable'],
  ['a duplicate', { state: 'Duplicate' }, 'unsuitable'],
  ['in the trash', { trashed: true, archivedAt: '2026-09-03T00:00:00Z' }, 'unsuitable'],
  ['archived before it was completed', { archivedAt: '2026-09-03T00:00:00Z' }, 'unsuitable'],
])('an issue that is %s is refused and not written to', async (_what, more, code) => {
  const workspace = ready();
  workspace.issue('SEC-1', more);
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([
    { kind: 'refused', code, message: expect.stringContaining('SEC-1') },
  ]);
  expect(writes(workspace)).toEqual([]);
});

test('an archived issue that lacks nothing is closed', async () => {
  const workspace = ready();
  const { url } = requestFor('SEC-1').attachment;
  workspace.issue('SEC-1', {
    state: 'Done',
    labelIds: ['label-0'],
    links: [{ url, title: '', metadata: {} }],
    archivedAt: '2026-09-20T00:00:00Z',
  });
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed', changed: false }]);
});

test('an issue that this credential cannot see is refused as not found', async () => {
  await using linear = await open(ready());
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'refused', code: 'not_found' }]);
});

test("each issue moves to its own team's completed state of the lowest position, or to the one named", async () => {
  const workspace = ready();
  const [one, other] = [workspace.issue('SEC-1'), workspace.issue('ENG-1')];
  await using linear = await open(workspace);
  await linear.close(requestFor('SEC-1'), requestFor('ENG-1'));
  expect([one.stateId, other.stateId]).toEqual(['SEC-Done', 'ENG-Done']);

  const third = workspace.issue('SEC-3');
  await using named = await open(workspace, { completedState: 'shipped' });
  await named.close(requestFor('SEC-3'));
  expect(third.stateId).toBe('SEC-Shipped');
});

test('a team without the named state is refused with the names it has; issues that are completed do not mind', async () => {
  const workspace = ready();
  workspace.issue('SEC-1');
  workspace.issue('SEC-2', { state: 'Done' });
  await using linear = await open(workspace, { completedState: 'Released' });
  const [one, other] = await linear.close(requestFor('SEC-1'), requestFor('SEC-2'));
  expect(one).toMatchObject({ kind: 'refused', code: 'refused' });
  expect(one).toHaveProperty('message', expect.stringMatching(/SEC.*"Released".*"Done", "Shipped"/));
  expect(other).toMatchObject({ kind: 'closed', changed: true });
});

test('states and label are read once for minutes, and again when Linear no longer knows one', async () => {
  const workspace = ready();
  for (const name of ['SEC-1', 'SEC-2', 'SEC-3', 'SEC-4']) workspace.issue(name);
  let time = new Date('2026-09-21T14:00:00Z');
  await using linear = await open(workspace, { now: () => time });
  const reads = () => workspace.calls.filter(({ name }) => name === 'workflowStates').length;

  await linear.close(requestFor('SEC-1'));
  await linear.close(requestFor('SEC-2'));
  expect(reads()).toBe(1);

  workspace.states = workspace.states.map((state) =>
    state.id === 'SEC-Done' ? { ...state, id: 'SEC-Done-2' } : state,
  );
  expect(await linear.close(requestFor('SEC-3'))).toMatchObject([{ kind: 'closed' }]);
  expect(reads()).toBe(2);

  time = new Date(time.getTime() + 6 * 60_000);
  await linear.close(requestFor('SEC-4'));
  expect(reads()).toBe(3);
});

test('one issue that Linear refuses spoils no other of its document', async () => {
  const workspace = ready();
  for (let number = 1; number <= 5; number++) workspace.issue(`SEC-${number}`);
  workspace.before = (name, args) =>
    name === 'issueUpdate' && ['id-SEC-2', 'id-SEC-4'].includes(args['id'])
      ? linearError('No', 'FORBIDDEN', 'forbidden')
      : undefined;
  await using linear = await open(workspace);
  const results = await linear.close(...[1, 2, 3, 4, 5].map((number) => requestFor(`SEC-${number}`)));
  expect(results.map((one) => (one.kind === 'refused' ? one.code : one.kind))).toEqual([
    'closed',
    'forbidden',
    'closed',
    'forbidden',
    'closed',
  ]);
});

test('a document that is refused as a whole is narrowed down to the issue that causes it', async () => {
  const workspace = ready();
  for (let number = 1; number <= 3; number++) workspace.issue(`SEC-${number}`);
  workspace.answer = (reply, { body }) =>
    body.startsWith('{"query":"mutation') && body.includes('id-SEC-2')
      ? {
          status: 400,
          body: { errors: [{ message: 'Argument Validation Error', extensions: { code: 'INVALID_INPUT' } }] },
        }
      : reply();
  await using linear = await open(workspace);
  const results = await linear.close(...[1, 2, 3].map((number) => requestFor(`SEC-${number}`)));
  expect(results).toMatchObject([{ kind: 'closed' }, { kind: 'refused', code: 'refused' }, { kind: 'closed' }]);
});

test('an issue that cannot be read spoils no other', async () => {
  const workspace = ready();
  for (const name of ['SEC-1', 'SEC-2']) workspace.issue(name);
  workspace.before = (name, args) =>
    name === 'issues' && args['filter'].id.eq === 'id-SEC-1' ? linearError('No', 'FORBIDDEN') : undefined;
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'), requestFor('SEC-2'))).toMatchObject([
    { kind: 'refused', code: 'forbidden' },
    { kind: 'closed' },
  ]);
});

test('a team whose states cannot be read spoils no other', async () => {
  const workspace = ready();
  for (const name of ['SEC-1', 'ENG-1']) workspace.issue(name);
  workspace.before = (name, args) =>
    name === 'workflowStates' && args['filter'].team.id.eq === 'team-SEC' ? linearError('No', 'FORBIDDEN') : undefined;
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'), requestFor('ENG-1'))).toMatchObject([
    { kind: 'refused', code: 'forbidden' },
    { kind: 'closed' },
  ]);
});

test('an issue whose link alone is refused says so', async () => {
  const workspace = ready();
  for (let number = 1; number <= 3; number++) workspace.issue(`SEC-${number}`);
  workspace.before = (name, args) =>
    name === 'attachmentCreate' && args['input'].issueId === 'id-SEC-2'
      ? linearError('No', 'USAGE_LIMIT_EXCEEDED')
      : undefined;
  await using linear = await open(workspace);
  const results = await linear.close(...[1, 2, 3].map((number) => requestFor(`SEC-${number}`)));
  expect(results).toMatchObject([
    { kind: 'closed' },
    { kind: 'refused', message: expect.stringMatching(/SEC-2 lacks the link/) },
    { kind: 'closed' },
  ]);
});

test('an internal error for one issue may pass: it is an error to repeat, and the others are closed', async () => {
  const workspace = ready();
  for (const name of ['SEC-1', 'SEC-2']) workspace.issue(name);
  workspace.before = (name, args) =>
    name === 'issueUpdate' && args['id'] === 'id-SEC-1' ? linearError('Oops', 'INTERNAL_ERROR') : undefined;
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'), requestFor('SEC-2'))).toMatchObject([
    { kind: 'error', error: { vendor: 'linear', code: 'server_error' } },
    { kind: 'closed', changed: true },
  ]);
});

test('what failed but happened counts as done', async () => {
  const workspace = ready();
  const issue = workspace.issue('SEC-1');
  workspace.before = (name) => {
    if (name !== 'issueUpdate' || issue.labelIds.length > 0) return undefined;
    issue.stateId = 'SEC-Done';
    issue.completedAt = '2026-09-21T14:13:00.000Z';
    issue.labelIds.push('label-0');
    return linearError('Oops', 'INTERNAL_ERROR');
  };
  await using linear = await open(workspace);
  // The link was not reached; the issue itself shows that the update was.
  await linear.close(requestFor('SEC-1'));
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed' }]);
  expect(writes(workspace).filter((name) => name === 'issueUpdate')).toHaveLength(1);
});

test.each(['reset', 'silence', 'half'] as const)(
  'a write whose answer is lost (%s) is settled by repeating',
  async (ending) => {
    const workspace = ready();
    const issue = workspace.issue('SEC-1');
    workspace.answer = async (reply, _asked, count) => ({ ...(await reply()), ...(count === 3 ? { ending } : {}) });
    await using linear = await open(workspace, { timeoutMs: 200 });
    await expect(linear.close(requestFor('SEC-1'))).rejects.toMatchObject({
      code: ending === 'silence' ? 'timeout' : 'lost',
    });
    expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'closed', changed: false }]);
    expect(issue.labelIds).toEqual(['label-0']);
    expect(issue.links).toHaveLength(1);
  },
);

test('a write that is said to have succeeded but shows no effect is an error', async () => {
  const workspace = ready();
  workspace.issue('SEC-1');
  workspace.before = (name) => (name === 'issueUpdate' ? { success: true } : undefined);
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'error', error: { code: 'conflict' } }]);
});

test('a label that is lost on the way is noticed', async () => {
  const workspace = ready();
  const bug = workspace.label('bug');
  const issue = workspace.issue('SEC-1', { labelIds: [bug.id] });
  workspace.before = (name) => {
    if (name === 'issueUpdate') issue.labelIds = [];
    return undefined;
  };
  await using linear = await open(workspace);
  expect(await linear.close(requestFor('SEC-1'))).toMatchObject([{ kind: 'error', error: { code: 'conflict' } }]);
});

test('two merge requests of one issue update it once and link both', async () => {
  const workspace = ready();
  const issue = workspace.issue('SEC-1');
  await using linear = await open(workspace);
  const results = await linear.close(
    requestFor('SEC-1', 'https://gitlab.example/1'),
    requestFor('SEC-1', 'https://gitlab.example/2'),
  );
  expect(results).toMatchObject([{ kind: 'closed' }, { kind: 'closed' }]);
  expect(writes(workspace)).toEqual(['issueUpdate', 'attachmentCreate', 'attachmentCreate']);
  expect(issue.links.map(({ url }) => url)).toEqual(['https://gitlab.example/1', 'https://gitlab.example/2']);
});

test('many issues share documents: twenty cost three requests, and two once the team is known', async () => {
  const workspace = ready();
  const names = Array.from({ length: 40 }, (_, index) => `SEC-${index + 1}`);
  for (const name of names) workspace.issue(name);
  await using linear = await open(workspace);
  const results = await linear.close(...names.map((name) => requestFor(name)));
  expect(results.every(({ kind }) => kind === 'closed')).toBe(true);
  expect(linear.asked()).toBe(3 + 2);
});

test('nothing to close, no request', async () => {
  await using linear = await open(ready());
  expect(await linear.close()).toEqual([]);
  expect(linear.asked()).toBe(0);
});
