import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAsking, type Asking } from './asking.ts';

const findIssue = `query FindIssue($id: String!) {
  issue(id: $id) {
    id identifier previousIdentifiers number title url branchName archivedAt trashed completedAt updatedAt
    team { id key visibility }
    state { id name type }
    labels(first: 50) { nodes { id name } }
  }
}`;

const findByNumber = `query FindByNumber($key: String!, $n: Float!) {
  issues(first: 1, includeArchived: true, filter: { team: { key: { eq: $key } }, number: { eq: $n } }) {
    nodes { id identifier archivedAt state { type } }
  }
}`;

const findByUrl = `query FindByUrl($url: String!) {
  attachmentsForURL(url: $url, first: 10) { nodes { id sourceType issue { id identifier } } }
}`;

const doneStates = `query DoneStates($team: ID!) {
  workflowStates(first: 50, filter: { team: { id: { eq: $team } }, type: { eq: "completed" } }) {
    nodes { id name type position }
  }
}`;

const closeAndLabel = `mutation CloseAndLabel($id: String!, $state: String!, $label: String!) {
  issueUpdate(id: $id, input: { stateId: $state, addedLabelIds: [$label] }) {
    success lastSyncId
    issue { id identifier completedAt state { type } labels(first: 50) { nodes { id name } } }
  }
}`;

const attachLink = `mutation Attach($input: AttachmentCreateInput!) {
  attachmentCreate(input: $input) { success attachment { id url } }
}`;

describe('the documented operations', () => {
  let sandbox: Asking;

  beforeEach(async () => {
    sandbox = await startAsking();
  });
  afterEach(() => sandbox.linear.close());

  it('find an issue by identifier and by UUID', async () => {
    const { linear, ask } = sandbox;
    linear.createTeam({ key: 'SEC' });
    const issue = linear.createIssue({ team: 'SEC', title: 'Escape user names', labels: ['bug'] });
    for (const id of ['SEC-1', issue.id]) {
      const { status, data } = await ask(findIssue, { id });
      expect(status).toBe(200);
      expect(data.issue).toMatchObject({
        id: issue.id,
        identifier: 'SEC-1',
        previousIdentifiers: [],
        number: 1,
        title: 'Escape user names',
        url: 'https://linear.app/acme/issue/SEC-1/escape-user-names',
        branchName: 'mlund/sec-1-escape-user-names',
        archivedAt: null,
        trashed: null,
        completedAt: null,
        team: { key: 'SEC', visibility: 'public' },
        state: { name: 'Backlog', type: 'backlog' },
        labels: { nodes: [{ name: 'bug' }] },
      });
    }
  });

  it('find an issue by team key and number', async () => {
    const { linear, ask } = sandbox;
    linear.createTeam({ key: 'SEC' });
    linear.createTeam({ key: 'OPS' });
    linear.createIssue({ team: 'OPS', number: 7 });
    linear.createIssue({ team: 'SEC', number: 7 });
    const { data } = await ask(findByNumber, { key: 'SEC', n: 7 });
    expect(data.issues.nodes).toMatchObject([{ identifier: 'SEC-7', archivedAt: null, state: { type: 'backlog' } }]);
  });

  it('find all issues that share a merge request', async () => {
    const { linear, ask } = sandbox;
    const url = 'https://gitlab.acme.example/pay/api/-/merge_requests/42';
    linear.createTeam({ key: 'SEC' });
    for (const title of ['One', 'Two']) {
      const { id } = linear.createIssue({ team: 'SEC', title });
      linear.attach(id, { url, title: '!42', sourceType: 'gitlab' });
    }
    const { data } = await ask(findByUrl, { url });
    expect(data.attachmentsForURL.nodes).toMatchObject([
      { sourceType: 'gitlab', issue: { identifier: 'SEC-2' } },
      { sourceType: 'gitlab', issue: { identifier: 'SEC-1' } },
    ]);
  });

  it('list the completed states of one team', async () => {
    const { linear, ask } = sandbox;
    const team = linear.createTeam({ key: 'SEC' });
    linear.createState({ team, name: 'Verified', type: 'completed', position: 9 });
    linear.createTeam({ key: 'OPS' });
    const { data } = await ask(doneStates, { team: team.id });
    expect(data.workflowStates.nodes.map(({ name }: { name: string }) => name).toSorted()).toEqual([
      'Done',
      'Verified',
    ]);
  });

  it('close and label in one call', async () => {
    const { linear, ask } = sandbox;
    const team = linear.createTeam({ key: 'SEC' });
    const label = linear.createLabel({ name: 'audited' });
    const issue = linear.createIssue({ team, labels: ['bug'] });
    const states = await ask(doneStates, { team: team.id });
    const state = states.data.workflowStates.nodes[0].id;
    const { data } = await ask(closeAndLabel, { id: issue.id, state, label: label.id });
    expect(data.issueUpdate).toMatchObject({
      success: true,
      lastSyncId: expect.any(Number),
      issue: { identifier: 'SEC-1', completedAt: expect.any(String), state: { type: 'completed' } },
    });
    expect(linear.issue('SEC-1')?.labels.map(({ name }) => name)).toEqual(['bug', 'audited']);
  });

  it('attach a link', async () => {
    const { linear, ask } = sandbox;
    linear.createTeam({ key: 'SEC' });
    linear.createIssue({ team: 'SEC' });
    const url = 'https://acme.atlassian.net/wiki/x/AbC';
    const input = { issueId: 'SEC-1', url, title: 'Review record', metadata: { record: 'SEC-0a1b', size: 3 } };
    const { data } = await ask(attachLink, { input });
    expect(data.attachmentCreate).toMatchObject({ success: true, attachment: { url } });
    expect(linear.issue('SEC-1')?.attachments).toMatchObject([{ url, title: 'Review record', metadata: { size: 3 } }]);
  });

  it('tell who is asking', async () => {
    const { data } = await sandbox.ask('query { viewer { id name email } organization { id urlKey } }');
    expect(data).toMatchObject({ viewer: { email: 'mlund@acme.example' }, organization: { urlKey: 'acme' } });
  });

  it('show what was done, by whom, and the states an issue went through', async () => {
    const { linear, ask } = sandbox;
    linear.createTeam({ key: 'SEC' });
    linear.createIssue({ team: 'SEC', state: 'Todo' });
    linear.closeByIntegration('SEC-1', 'https://gitlab.acme.example/a/b/-/merge_requests/1');
    const { data } = await ask(`query { issue(id: "SEC-1") {
      history(first: 20) { nodes {
        id createdAt actor { id } botActor { type name } fromState { name type } toState { name type } addedLabels { name }
      } }
      stateHistory(first: 10) { nodes { state { name } startedAt endedAt } }
    } }`);
    expect(data.issue.history.nodes[0]).toMatchObject({
      actor: null,
      botActor: { type: 'gitlab', name: 'GitLab' },
      fromState: { name: 'Todo' },
      toState: { name: 'Done', type: 'completed' },
    });
    expect(data.issue.stateHistory.nodes).toMatchObject([
      { state: { name: 'Done' }, endedAt: null },
      { state: { name: 'Todo' }, endedAt: expect.any(String) },
    ]);
  });
});
