import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAsking, type Answered, type Asking } from './asking.ts';

const find = `query($team: ID!) { issueLabels(first: 50, filter: {
  name: { eqIgnoreCase: "audited" }, or: [{ team: { null: true } }, { team: { id: { eq: $team } } }]
}) { nodes { id name isGroup retiredAt team { id } parent { id } } } }`;

describe('labels', () => {
  let sandbox: Asking;

  beforeEach(async () => {
    sandbox = await startAsking();
    sandbox.linear.createTeam({ key: 'SEC' });
    sandbox.linear.createTeam({ key: 'OPS' });
    sandbox.linear.createIssue({ team: 'SEC', labels: ['bug'] });
  });
  afterEach(() => sandbox.linear.close());

  function update(input: Readonly<Record<string, unknown>>): Promise<Answered> {
    const mutation = `mutation($input: IssueUpdateInput!) { issueUpdate(id: "SEC-1", input: $input) { success } }`;
    return sandbox.ask(mutation, { input });
  }

  function create(input: Readonly<Record<string, unknown>>, replaceTeamLabels = false): Promise<Answered> {
    return sandbox.ask(
      `mutation($input: IssueLabelCreateInput!, $replace: Boolean) {
        issueLabelCreate(input: $input, replaceTeamLabels: $replace) { success issueLabel { id name team { key } } }
      }`,
      { input, replace: replaceTeamLabels },
    );
  }

  function names(): string[] {
    return sandbox.linear.issue('SEC-1')?.labels.map(({ name }) => name) ?? [];
  }

  it('are added by addedLabelIds and replaced as a whole by labelIds', async () => {
    const { linear, calls } = sandbox;
    const label = linear.createLabel({ name: 'audited' });
    await update({ addedLabelIds: [label.id] });
    expect(names()).toEqual(['bug', 'audited']);
    expect(calls.at(-1)?.fact).toContain('linear 6 addedLabelIds adds');
    await update({ labelIds: [label.id] });
    expect(names()).toEqual(['audited']);
    expect(calls.at(-1)?.fact).toContain('linear 6 labelIds replaces');
    await update({ removedLabelIds: [label.id] });
    expect(names()).toEqual([]);
  });

  it('are added and removed one at a time', async () => {
    const { ask, linear } = sandbox;
    const { id } = linear.createLabel({ name: 'audited' });
    await ask('mutation($l: String!) { issueAddLabel(id: "SEC-1", labelId: $l) { success } }', { l: id });
    expect(names()).toEqual(['bug', 'audited']);
    await ask('mutation($l: String!) { issueRemoveLabel(id: "SEC-1", labelId: $l) { success } }', { l: id });
    expect(names()).toEqual(['bug']);
  });

  it('may be added twice, or not', async () => {
    const { linear } = sandbox;
    const { id } = linear.createLabel({ name: 'audited' });
    await update({ addedLabelIds: [id] });
    expect((await update({ addedLabelIds: [id] })).data.issueUpdate.success).toBe(true);
    linear.switches.sameLabelTwiceFails = true;
    expect((await update({ addedLabelIds: [id] })).errors[0]?.extensions['code']).toBe('INPUT_ERROR');
    expect(names()).toEqual(['bug', 'audited']);
  });

  it('are found in the workspace and in the team, and nowhere else', async () => {
    const { ask, linear } = sandbox;
    const [sec] = (await ask('{ teams(filter: { key: { eq: "SEC" } }) { nodes { id } } }')).data.teams.nodes;
    linear.createLabel({ name: 'Audited' });
    linear.createLabel({ name: 'audited', team: 'SEC' });
    linear.createLabel({ name: 'audited', team: 'OPS' });
    linear.createLabel({ name: 'unaudited' });
    const { data } = await ask(find, { team: sec.id });
    expect(data.issueLabels.nodes).toMatchObject([{ team: { id: sec.id } }, { team: null, name: 'Audited' }]);
  });

  it('of another team, of a group and retired ones are refused', async () => {
    const { linear, calls } = sandbox;
    const foreign = linear.createLabel({ name: 'audited', team: 'OPS' });
    const group = linear.createLabel({ name: 'review', isGroup: true });
    const retired = linear.createLabel({ name: 'old', retired: true });
    for (const [label, fact] of [
      [foreign, 'linear 6 team label fits its team only'],
      [group, 'linear 6 group cannot be applied'],
      [retired, 'linear 6 retired label cannot be added'],
    ] as const) {
      expect((await update({ addedLabelIds: [label.id] })).errors[0]?.extensions['code']).toBe('INPUT_ERROR');
      expect(calls.at(-1)?.fact).toContain(fact);
    }
    expect((await update({ addedLabelIds: ['audited'] })).errors[0]?.extensions['code']).toBe('INVALID_INPUT');
    expect(names()).toEqual(['bug']);
  });

  it('that were retired while on the issue stay', async () => {
    const { linear } = sandbox;
    const label = linear.createLabel({ name: 'audited' });
    await update({ addedLabelIds: [label.id] });
    linear.retireLabel(label);
    expect((await update({ labelIds: [label.id] })).data.issueUpdate.success).toBe(true);
  });

  it('of a parent team fit its sub-teams', async () => {
    const { ask, linear } = sandbox;
    const parent = linear.createTeam({ key: 'PAR' });
    linear.createTeam({ key: 'SUB', parent });
    linear.createIssue({ team: 'SUB' });
    const { id } = linear.createLabel({ name: 'audited', team: 'PAR' });
    await ask('mutation($l: String!) { issueAddLabel(id: "SUB-1", labelId: $l) { success } }', { l: id });
    expect(linear.issue('SUB-1')?.labels).toMatchObject([{ name: 'audited' }]);
  });

  it('of one single-select group exclude each other', async () => {
    const { linear } = sandbox;
    const group = linear.createLabel({ name: 'review', isGroup: true });
    const [one, two] = ['audited', 'unaudited'].map((name) => linear.createLabel({ name, parent: group }));
    await update({ addedLabelIds: [two?.id] });
    expect((await update({ addedLabelIds: [one?.id] })).errors).toHaveLength(1);
    linear.switches.groupSibling = 'replaced';
    await update({ addedLabelIds: [one?.id] });
    expect(names()).toEqual(['bug', 'audited']);
  });

  it('are made for the workspace or for a team; a name that is taken is refused, whatever its case', async () => {
    const { calls } = sandbox;
    const made = await create({ name: 'audited', color: '#4cb782' });
    expect(made.data.issueLabelCreate.issueLabel).toMatchObject({ name: 'audited', team: null });
    for (const input of [{ name: 'Audited' }, { name: 'audited', teamId: 'SEC' }]) {
      expect((await create(input)).errors[0]?.extensions['code']).toBe('INPUT_ERROR');
      expect(calls.at(-1)?.fact).toContain('linear 6 duplicate label name fails');
    }
    const team = await create({ name: 'own', teamId: 'OPS' });
    expect(team.data.issueLabelCreate.issueLabel.team).toEqual({ key: 'OPS' });
    expect((await create({ name: 'own', teamId: 'SEC' })).data.issueLabelCreate.success).toBe(true);
  });

  it('of teams are merged into one of the workspace on request', async () => {
    const { linear } = sandbox;
    const label = linear.createLabel({ name: 'audited', team: 'SEC' });
    await update({ addedLabelIds: [label.id] });
    expect((await create({ name: 'audited' })).errors).toHaveLength(1);
    const made = await create({ name: 'audited' }, true);
    expect(linear.labels().map(({ name }) => name)).toEqual(['bug', 'audited']);
    expect(linear.issue('SEC-1')?.labels).toContainEqual({
      id: made.data.issueLabelCreate.issueLabel.id,
      name: 'audited',
    });
  });

  it('may be for admins to make', async () => {
    sandbox.linear.restrictLabels(true);
    expect((await create({ name: 'audited' })).errors[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  it('can be retired, restored and deleted', async () => {
    const { ask, linear } = sandbox;
    const { id } = linear.createLabel({ name: 'audited' });
    await update({ addedLabelIds: [id] });
    const retire = await ask('mutation($id: String!) { issueLabelRetire(id: $id) { issueLabel { retiredAt } } }', {
      id,
    });
    expect(retire.data.issueLabelRetire.issueLabel.retiredAt).not.toBeNull();
    await ask('mutation($id: String!) { issueLabelRestore(id: $id) { success } }', { id });
    await ask('mutation($id: String!) { issueLabelDelete(id: $id) { entityId } }', { id });
    expect(names()).toEqual(['bug']);
  });
});
