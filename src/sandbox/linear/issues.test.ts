import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAsking, type Asking } from './asking.ts';

const byId = 'query($id: String!) { issue(id: $id) { id identifier previousIdentifiers archivedAt trashed } }';
const update = `mutation($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) {
  success issue { identifier completedAt canceledAt startedAt state { name type } }
} }`;

describe('issues', () => {
  let sandbox: Asking;
  let time: number;

  beforeEach(async () => {
    time = Date.parse('2026-05-04T09:00:00Z');
    sandbox = await startAsking({ now: () => new Date(time) });
    sandbox.linear.createTeam({ key: 'SEC', name: 'Security' });
  });
  afterEach(() => sandbox.linear.close());

  async function stateId(team: string, name: string): Promise<string> {
    const { data } = await sandbox.ask(
      `query($team: String!, $name: String!) {
        workflowStates(filter: { team: { key: { eq: $team } }, name: { eq: $name } }) { nodes { id } }
      }`,
      { team, name },
    );
    return data.workflowStates.nodes[0].id;
  }

  it('are not found as an error, never as null, and the HTTP status may be 200', async () => {
    const { ask, linear, calls } = sandbox;
    const { status, data, errors } = await ask(byId, { id: 'SEC-404' });
    expect({ status, data }).toEqual({ status: 200, data: null });
    expect(errors[0]).toMatchObject({
      message: 'Entity not found: Issue',
      path: ['issue'],
      extensions: {
        type: 'invalid input',
        code: 'INPUT_ERROR',
        statusCode: 400,
        userError: true,
        userPresentableMessage: expect.any(String),
        meta: {},
      },
    });
    expect(calls.at(-1)?.fact).toContain('linear 2 not found is an error');
    linear.switches.notFoundCode = 'ENTITY_NOT_FOUND';
    linear.switches.notFoundStatus = 400;
    const other = await ask(byId, { id: 'SEC-404' });
    expect(other.status).toBe(400);
    expect(other.errors[0]?.extensions['code']).toBe('ENTITY_NOT_FOUND');
  });

  it('may be found by UUID only, where identifiers are not understood', async () => {
    const { ask, linear } = sandbox;
    const { id } = linear.createIssue({ team: 'SEC' });
    linear.switches.identifierLookup = false;
    expect((await ask(byId, { id: 'SEC-1' })).errors).toHaveLength(1);
    expect((await ask(byId, { id })).data.issue.identifier).toBe('SEC-1');
  });

  it('want their identifier in upper case, unless the workspace is kinder', async () => {
    const { ask, linear } = sandbox;
    linear.createIssue({ team: 'SEC' });
    expect((await ask(byId, { id: 'sec-1' })).errors).toHaveLength(1);
    linear.switches.identifierIgnoresCase = true;
    expect((await ask(byId, { id: 'sec-1' })).data.issue.identifier).toBe('SEC-1');
  });

  it('keep their UUID when they move, and remember the old identifier', async () => {
    const { ask, linear } = sandbox;
    linear.createTeam({ key: 'OPS' });
    linear.createIssue({ team: 'OPS' });
    const { id } = linear.createIssue({ team: 'SEC', state: 'Todo' });
    expect(linear.moveIssue(id, 'OPS')).toMatchObject({ identifier: 'OPS-2', previousIdentifiers: ['SEC-1'] });
    for (const asked of [id, 'OPS-2', 'SEC-1']) {
      const { data } = await ask(byId, { id: asked });
      expect(data.issue).toMatchObject({ id, identifier: 'OPS-2', previousIdentifiers: ['SEC-1'] });
    }
    linear.switches.oldIdentifierResolves = false;
    expect((await ask(byId, { id: 'SEC-1' })).errors).toHaveLength(1);
    expect(linear.issue(id)?.state.name).toBe('Todo');
  });

  it('move through the API too, into a state of the new team', async () => {
    const { ask, linear } = sandbox;
    const ops = linear.createTeam({ key: 'OPS' });
    linear.createIssue({ team: 'SEC', state: 'In Progress' });
    const { data } = await ask(update, { id: 'SEC-1', input: { teamId: ops.id } });
    expect(data.issueUpdate.issue).toMatchObject({ identifier: 'OPS-1', state: { type: 'started' } });
  });

  it('are hidden from lists when archived or trashed, unless asked for', async () => {
    const { ask, linear } = sandbox;
    linear.createIssue({ team: 'SEC' });
    linear.createIssue({ team: 'SEC' });
    linear.createIssue({ team: 'SEC' });
    linear.archive('SEC-1');
    linear.archive('SEC-2', { trash: true });
    const list = 'query($all: Boolean) { issues(includeArchived: $all) { nodes { identifier } } }';
    expect((await ask(list)).data.issues.nodes).toEqual([{ identifier: 'SEC-3' }]);
    expect((await ask(list, { all: true })).data.issues.nodes).toHaveLength(3);
    expect((await ask(byId, { id: 'SEC-2' })).data.issue).toMatchObject({
      trashed: true,
      archivedAt: '2026-05-04T09:00:00.000Z',
    });
    linear.switches.archivedVisibleById = false;
    expect((await ask(byId, { id: 'SEC-1' })).errors).toHaveLength(1);
  });

  it('of a private team look as if they were not there', async () => {
    const { ask, linear, calls } = sandbox;
    linear.createTeam({ key: 'HID', visibility: 'private' });
    const { id } = linear.createIssue({ team: 'HID' });
    linear.attach(id, { url: 'https://acme.example/1', title: 'Link' });
    expect((await ask(byId, { id })).errors[0]?.message).toBe('Entity not found: Issue');
    expect(calls.at(-1)?.fact).toContain('linear 8.1 private team invisible');
    expect((await ask('{ issues { nodes { id } } }')).data.issues.nodes).toEqual([]);
    expect((await ask('{ teams { nodes { key } } }')).data.teams.nodes).toEqual([{ key: 'SEC' }]);
    const links = await ask('{ attachmentsForURL(url: "https://acme.example/1") { nodes { id } } }');
    expect(links.data.attachmentsForURL.nodes).toEqual([]);
    expect((await ask(update, { id, input: { title: 'x' } })).errors).toHaveLength(1);
  });

  it('of a private team that let the credential in are there', async () => {
    const { ask, linear } = sandbox;
    linear.createTeam({ key: 'HID', visibility: 'private', admitted: true });
    linear.createIssue({ team: 'HID' });
    const { data } = await ask('{ issue(id: "HID-1") { team { key visibility private } } }');
    expect(data.issue.team).toEqual({ key: 'HID', visibility: 'private', private: true });
  });

  it('get completedAt when they become completed, and keep it in another completed state', async () => {
    const { ask, linear } = sandbox;
    linear.createState({ team: 'SEC', name: 'Verified', type: 'completed' });
    linear.createIssue({ team: 'SEC' });
    await ask(update, { id: 'SEC-1', input: { stateId: await stateId('SEC', 'Done') } });
    time += 60_000;
    const { data } = await ask(update, { id: 'SEC-1', input: { stateId: await stateId('SEC', 'Verified') } });
    expect(data.issueUpdate.issue).toMatchObject({
      completedAt: '2026-05-04T09:00:00.000Z',
      state: { name: 'Verified' },
    });
    const back = await ask(update, { id: 'SEC-1', input: { stateId: await stateId('SEC', 'Todo') } });
    expect(back.data.issueUpdate.issue.completedAt).toBeNull();
  });

  it('get canceledAt in a canceled or duplicate state', async () => {
    const { ask, linear } = sandbox;
    linear.createIssue({ team: 'SEC', state: 'Canceled' });
    expect(linear.issue('SEC-1')).toMatchObject({ state: { type: 'canceled' }, canceledAt: expect.any(String) });
    linear.createIssue({ team: 'SEC' });
    const { data } = await ask(update, { id: 'SEC-2', input: { stateId: await stateId('SEC', 'Duplicate') } });
    expect(data.issueUpdate.issue).toMatchObject({ state: { type: 'duplicate' }, canceledAt: expect.any(String) });
  });

  it('do not take a state of another team, and then nothing else of the update either', async () => {
    const { ask, linear, calls } = sandbox;
    linear.createTeam({ key: 'OPS' });
    linear.createIssue({ team: 'SEC' });
    const foreign = await stateId('OPS', 'Done');
    const { errors } = await ask(update, { id: 'SEC-1', input: { stateId: foreign, title: 'Changed' } });
    expect(errors[0]?.extensions['code']).toBe('INPUT_ERROR');
    expect(calls.at(-1)?.fact).toContain('linear 5 foreign state fails');
    expect(linear.issue('SEC-1')).toMatchObject({ title: 'Fix a vulnerability', state: { type: 'backlog' } });
    expect(linear.issue('SEC-1')?.history).toEqual([]);
  });

  it('answer an id that is no UUID with the validation that failed', async () => {
    const { ask, linear } = sandbox;
    linear.createIssue({ team: 'SEC' });
    const { errors } = await ask(update, { id: 'SEC-1', input: { stateId: 'Done' } });
    expect(errors[0]).toMatchObject({
      message: 'Argument Validation Error',
      extensions: { code: 'INVALID_INPUT', validationErrors: [{ property: 'stateId' }] },
    });
    expect(JSON.stringify(errors)).toContain('stateId must be a UUID.');
    linear.switches.inputErrorStatus = 400;
    expect((await ask(update, { id: 'SEC-1', input: { stateId: 'Done' } })).status).toBe(400);
  });

  it('may be written to by UUID only', async () => {
    const { ask, linear } = sandbox;
    const { id } = linear.createIssue({ team: 'SEC' });
    linear.switches.mutationTakesIdentifier = false;
    expect((await ask(update, { id: 'SEC-1', input: { title: 'x' } })).errors).toHaveLength(1);
    expect((await ask(update, { id, input: { title: 'x' } })).data.issueUpdate.success).toBe(true);
  });

  it('may already be closed by the GitLab integration, which linked the merge request', async () => {
    const { ask, linear } = sandbox;
    const url = 'https://gitlab.acme.example/a/b/-/merge_requests/4';
    linear.createIssue({ team: 'SEC' });
    linear.closeByIntegration('SEC-1', url);
    const { data } = await ask(
      'query($url: String!) { attachmentsForURL(url: $url) { nodes { sourceType metadata issue { completedAt } } } }',
      { url },
    );
    expect(data.attachmentsForURL.nodes).toMatchObject([
      { sourceType: 'gitlab', metadata: { status: 'merged' }, issue: { completedAt: expect.any(String) } },
    ]);
    expect(linear.issue('SEC-1')?.history.map(({ by, toState }) => [by, toState])).toEqual([
      ['gitlab', null],
      ['gitlab', 'Done'],
    ]);
  });

  it('closed by the integration carry its attachment as this workspace’s version of it writes', async () => {
    const { linear } = sandbox;
    linear.createIssue({ team: 'SEC' });
    Object.assign(linear.switches, { gitlabSourceType: 'gitlabMergeRequest', gitlabMetadata: false });
    const { attachments } = linear.closeByIntegration('SEC-1', 'https://gitlab.acme.example/a/b/-/merge_requests/4');
    expect(attachments).toMatchObject([{ sourceType: 'gitlabMergeRequest', metadata: {} }]);
  });

  it('write history: one actor’s changes within a short time are one row', async () => {
    const { ask, linear } = sandbox;
    const label = linear.createLabel({ name: 'audited' });
    linear.createIssue({ team: 'SEC', state: 'Todo' });
    await ask(update, { id: 'SEC-1', input: { stateId: await stateId('SEC', 'In Progress') } });
    await ask(update, { id: 'SEC-1', input: { stateId: await stateId('SEC', 'Done'), addedLabelIds: [label.id] } });
    expect(linear.issue('SEC-1')?.history).toMatchObject([
      { by: 'mlund', fromState: 'Todo', toState: 'Done', addedLabels: ['audited'] },
    ]);
    time += 61_000;
    await ask(update, { id: 'SEC-1', input: { removedLabelIds: [label.id] } });
    expect(linear.issue('SEC-1')?.history).toHaveLength(2);
    linear.setState('SEC-1', 'Todo');
    expect(linear.issue('SEC-1')?.history.at(-1)?.by).toBe('jreyes');
    linear.switches.historyMergeSeconds = 0;
    await ask(update, { id: 'SEC-1', input: { title: 'One' } });
    await ask(update, { id: 'SEC-1', input: { title: 'Two' } });
    expect(linear.issue('SEC-1')?.history).toHaveLength(5);
  });

  it('leave no history when nothing changes', async () => {
    const { ask, linear } = sandbox;
    linear.createIssue({ team: 'SEC', state: 'Done' });
    const before = linear.issue('SEC-1');
    time += 1000;
    await ask(update, { id: 'SEC-1', input: { stateId: await stateId('SEC', 'Done') } });
    expect(linear.issue('SEC-1')).toEqual(before);
  });

  it('close their parent when the last child is closed, and their children, where the team wants that', async () => {
    const { ask, linear } = sandbox;
    linear.createTeam({ key: 'AUT', autoCloseParentIssues: true, autoCloseChildIssues: true });
    linear.createIssue({ team: 'AUT' });
    linear.createIssue({ team: 'AUT', parent: 'AUT-1' });
    linear.createIssue({ team: 'AUT', parent: 'AUT-1' });
    linear.createIssue({ team: 'AUT', parent: 'AUT-3' });
    const done = await stateId('AUT', 'Done');
    await ask(update, { id: 'AUT-2', input: { stateId: done } });
    expect(linear.issue('AUT-1')?.state.type).toBe('backlog');
    await ask(update, { id: 'AUT-3', input: { stateId: done } });
    expect(linear.issue('AUT-4')?.state.type).toBe('completed');
    expect(linear.issue('AUT-1')).toMatchObject({ state: { type: 'completed' }, history: [{ by: 'linear' }] });
  });

  it('are found by a branch that names them, else null', async () => {
    const { ask, linear } = sandbox;
    const { branchName } = linear.createIssue({ team: 'SEC', title: 'Escape names' });
    const find = 'query($b: String!) { issueVcsBranchSearch(branchName: $b) { identifier } }';
    for (const b of [branchName, 'feature/sec-1-other', 'SEC-1']) {
      expect((await ask(find, { b })).data.issueVcsBranchSearch).toEqual({ identifier: 'SEC-1' });
    }
    for (const b of ['main', 'sec-10', 'xsec-1', 'sec-1a']) {
      expect((await ask(find, { b })).data).toEqual({ issueVcsBranchSearch: null });
    }
  });

  it('are found inexactly by full text', async () => {
    const { ask, linear } = sandbox;
    linear.createIssue({ team: 'SEC', number: 12 });
    linear.createIssue({ team: 'SEC', number: 123 });
    const { data } = await ask('{ searchIssues(term: "SEC-12") { totalCount nodes { identifier metadata } } }');
    expect(data.searchIssues).toMatchObject({ totalCount: 2, nodes: [{ metadata: {} }, {}] });
  });

  it('can be made, archived and brought back', async () => {
    const { ask, linear } = sandbox;
    const { data } = await ask(
      `mutation($team: String!) { issueCreate(input: { teamId: $team, title: "New" }) { issue { identifier } } }`,
      { team: 'SEC' },
    );
    expect(data.issueCreate.issue.identifier).toBe('SEC-1');
    await ask('mutation { issueArchive(id: "SEC-1", trash: true) { success entity { id } } }');
    expect(linear.issue('SEC-1')).toMatchObject({ trashed: true, archivedAt: expect.any(String) });
    await ask('mutation { issueUnarchive(id: "SEC-1") { success } }');
    expect(linear.issue('SEC-1')).toMatchObject({ trashed: false, archivedAt: null });
    const refused = await ask(
      'mutation { issueCreate(input: { teamId: "SEC", title: "x", labelIds: ["no"] }) { success } }',
    );
    expect(refused.errors).toHaveLength(1);
    expect(linear.issues()).toHaveLength(1);
  });
});
