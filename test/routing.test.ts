import { afterEach, describe, expect, test } from 'vitest';
import { openMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World, type WorldOptions } from './support/service.ts';

const worlds: World[] = [];

async function start(options: WorldOptions): Promise<World> {
  const world = await startWorld(options);
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** A service whose pods are told by what GitLab has to be asked for. */
async function startRouted(): Promise<World> {
  const pods = [
    { name: 'hidden', groups: ['hidden'], channel: 'C0IDENTITY' },
    { name: 'reviewers', groups: ['acme/reviewers'], channel: 'C0PAYMENTS' },
    { name: 'web', paths: ['services/web/*'], channel: 'C0WEB' },
  ];
  const world = await start({ configuration: { slack: { pods } } });
  const { gitlab } = world.sandbox;
  gitlab.createGroup({ path: 'reviewers', parent: 'acme' });
  gitlab.createGroup({ path: 'hidden', visibility: 'private' });
  return world;
}

// Members of `acme` are inherited members of everything below it, so that reviewers come from elsewhere.
function review(world: World, mr: { project: string; iid: number }, username: string, ...groups: string[]): void {
  const { gitlab } = world.sandbox;
  const memberOf = groups.map((group) => ({ group, role: 'developer' as const }));
  gitlab.createUser({ username, memberOf: [...memberOf, { project: mr.project, role: 'developer' as const }] });
  gitlab.approve({ ...mr, by: username });
}

/** Opens one that nobody was asked to review. */
function open({ sandbox: { gitlab } }: World, paths: string[] = ['docs/readme.md']): { project: string; iid: number } {
  const { project, iid } = gitlab.createMergeRequest({
    project: 'acme/payments',
    author: 'aruiz',
    title: `Change ${paths.join(' and ')}`,
    labels: ['security::payments'],
    commits: [{ title: 'Change files', paths }],
  });
  return { project, iid };
}

function channelsTold({ sandbox: { slack } }: World): string[] {
  return slack.channels().flatMap(({ id }) => slack.messages(id).flatMap(({ own }) => (own ? [id] : [])));
}

async function listed(world: World) {
  const { attention } = await world.status();
  return attention
    .filter(({ kind }) => kind === 'routing')
    .map(({ change: subject, reason, owner, detail }) => ({ subject, reason, owner, detail }));
}

describe('a change goes to the channel of', () => {
  test('the pod whose files it changed, though nobody had to review', async () => {
    const world = await startRouted();
    world.merge(open(world, ['services/web/login.ts', 'README.md']));
    await world.untilDone(1);
    expect(channelsTold(world)).toEqual(['C0WEB']);
    expect(await listed(world)).toEqual([]);
  });

  test('the pod whose group somebody is in who reviewed it; what is hidden on the way is listed', async () => {
    const world = await startRouted();
    const mr = open(world, ['services/web/login.ts']);
    review(world, mr, 'gus', 'acme/reviewers');
    world.merge(mr);
    await world.untilDone(1);
    expect(channelsTold(world)).toEqual(['C0PAYMENTS']);
    expect(await listed(world)).toEqual([
      { subject: 'group hidden', reason: 'not_found', owner: null, detail: expect.stringContaining('group hidden') },
    ]);
  });

  test('nobody in particular, where no pod matches', async () => {
    const world = await startRouted();
    const mr = open(world);
    review(world, mr, 'hal', 'hidden');
    world.merge(mr);
    await world.untilDone(1);
    expect(channelsTold(world)).toEqual(['C0SECURITY']);
    expect(await listed(world)).toMatchObject([{ subject: 'group hidden' }]);
    const report = await world.show(mr);
    expect(report?.change).toMatchObject({ pod: null });
  });
});

test('what is asked for choosing a pod enters no record', async () => {
  const world = await startRouted();
  const mr = open(world, ['services/web/login.ts']);
  review(world, mr, 'gus', 'acme/reviewers');
  world.merge(mr);
  await world.untilDone(1);
  const text = JSON.stringify((await world.show(mr))?.record);
  expect(text).toContain('approvals');
  expect(text).not.toMatch(/\/diffs|members\/all|group_members/);
});

test('while members cannot be had the change waits, and then goes where it belongs', async () => {
  const world = await startRouted();
  world.sandbox.faults.add({
    vendor: 'gitlab',
    operation: 'groups/:id/members/all',
    kind: 'error_503',
    times: Infinity,
  });
  const mr = open(world, ['services/web/login.ts']);
  review(world, mr, 'gus', 'acme/reviewers');
  world.merge(mr);
  await expect
    .poll(async () => (await world.show(mr))?.stages[0], { timeout: 10_000, interval: 20 })
    .toMatchObject({ outcome: 'waiting', reason: 'server_error' });
  expect(channelsTold(world)).toEqual([]);
  world.sandbox.faults.clear();
  await world.untilDone(1);
  expect(channelsTold(world)).toEqual(['C0PAYMENTS']);
});

describe('with teams named', () => {
  const teams = [
    { key: 'sec', completed_state: 'Released', audited_label: 'security-audited' },
    { key: 'PLAT', completed_state: { type: 'completed' } },
  ];

  /** Merges one whose description closes these issues. */
  function close(world: World, ...issues: string[]): { project: string; iid: number } {
    const { gitlab } = world.sandbox;
    const mr = openMergeRequest(world, { issue: false });
    const description = issues.map((identifier) => `Fixes ${identifier}`).join('\n');
    gitlab.updateMergeRequest({ project: mr.project, iid: mr.iid, by: 'aruiz', description });
    world.merge(mr);
    return mr;
  }

  test('each issue is closed in the way of its own team', async () => {
    const world = await start({ configuration: { linear: { completed_state: 'Done', teams } } });
    const { linear } = world.sandbox;
    linear.createState({ team: 'SEC', name: 'Released', type: 'completed' });
    // Before Done, which all other teams have.
    linear.createState({ team: 'PLAT', name: 'Shipped', type: 'completed', position: 0 });
    const issues = ['SEC', 'PLAT'].map((team) => linear.createIssue({ team, state: 'In Review' }).identifier);
    for (const identifier of issues) close(world, identifier);
    expect((await world.untilDone(2)).attention).toEqual([]);
    expect(issues.map((id) => linear.issue(id))).toMatchObject([
      { state: { name: 'Released' }, labels: [{ name: 'security-audited' }] },
      { state: { name: 'Shipped' }, labels: [{ name: 'audited' }] },
    ]);
  });

  test('an issue of a third team is left alone, also beside one that counts', async () => {
    const world = await start({ configuration: { linear: { teams } } });
    const { linear } = world.sandbox;
    linear.createState({ team: 'SEC', name: 'Released', type: 'completed' });
    linear.createTeam({ key: 'ENG' });
    const [other, another, own] = ['ENG', 'ENG', 'SEC'].map((team) => linear.createIssue({ team }).identifier);
    const alone = close(world, other!);
    close(world, another!, own!);
    expect((await world.untilDone(2)).attention).toEqual([]);
    for (const id of [other!, another!]) {
      expect(linear.issue(id)).toMatchObject({ state: { type: 'backlog' }, labels: [], attachments: [] });
    }
    expect(linear.issue(own!)).toMatchObject({ state: { name: 'Released' } });
    expect((await world.show(alone))?.stages[2]).toMatchObject({ outcome: 'skipped', reason: 'no_issue' });
  });
});
