import { afterEach, expect, test } from 'vitest';
import { openMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World, type WorldOptions } from './support/service.ts';

const worlds: World[] = [];
const scopeLabel = 'security::payments';

async function start(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld(options);
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** Waits for every delivery, then says what is open: label turns need no stage. */
async function findings(world: World): Promise<[kind: string, owner: string | null][]> {
  await world.sandbox.gitlab.delivered();
  return (await world.status()).attention.map(({ kind, owner }) => [kind, owner]);
}

function total({ changes }: Awaited<ReturnType<World['status']>>): number {
  return changes.open + changes.done;
}

test('a label that comes after the merge is listed, and the merge is not taken up', async () => {
  const world = await start();
  const mr = openMergeRequest(world, { labels: ['backend'] });
  world.merge(mr);
  world.sandbox.gitlab.addLabel({ project: mr.project, iid: mr.iid, by: 'mlund', label: scopeLabel });
  expect(await findings(world)).toEqual([['late_label', 'payments']]);
  expect(await world.show(mr)).toBeUndefined();
  expect(total(await world.status())).toBe(0);
});

test('a label that goes before the merge is listed, and is settled when it comes back', async () => {
  const world = await start();
  const mr = openMergeRequest(world);
  const label = { project: mr.project, iid: mr.iid, by: 'aruiz', label: scopeLabel };
  // GitLab's payloads tell times in whole seconds.
  const after = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
  world.sandbox.gitlab.removeLabel({ ...label, at: after(2) });
  expect(await findings(world)).toEqual([['withdrawn_label', 'payments']]);
  world.sandbox.gitlab.addLabel({ ...label, at: after(4) });
  expect(await findings(world)).toEqual([]);
});

test('a label that goes and comes back within one second is settled', async () => {
  const world = await start();
  const at = '2026-11-24T12:00:00.000Z';
  // Each pair ties; the order of arrival has to decide every one of them.
  for (let repeat = 0; repeat < 8; repeat++) {
    const mr = openMergeRequest(world);
    const label = { project: mr.project, iid: mr.iid, by: 'aruiz', label: scopeLabel, at };
    world.sandbox.gitlab.removeLabel(label);
    await world.sandbox.gitlab.delivered();
    world.sandbox.gitlab.addLabel(label);
    await world.sandbox.gitlab.delivered();
  }
  expect(await findings(world)).toEqual([]);
});

test('a merge without its withdrawn label stays listed and is not taken up', async () => {
  const world = await start();
  const mr = openMergeRequest(world);
  world.sandbox.gitlab.removeLabel({ project: mr.project, iid: mr.iid, by: 'aruiz', label: scopeLabel });
  world.merge(mr);
  expect(await findings(world)).toEqual([['withdrawn_label', 'payments']]);
  expect(await world.show(mr)).toBeUndefined();
});

test('a label that goes after the merge changes nothing', async () => {
  const world = await start();
  const mr = openMergeRequest(world);
  world.merge(mr);
  world.sandbox.gitlab.removeLabel({ project: mr.project, iid: mr.iid, by: 'mlund', label: scopeLabel });
  expect((await world.untilDone(1)).attention).toEqual([]);
  expect(await findings(world)).toEqual([]);
});

test('several labels of one scope on Free are one change', async () => {
  const world = await start({ sandbox: { tier: 'free' } });
  const mr = openMergeRequest(world, { labels: [scopeLabel, 'security::high', 'security::web'] });
  world.merge(mr);
  await world.untilDone(1);
  expect((await world.show(mr))?.record).toMatchObject({
    arrival: { event: { labels: expect.arrayContaining([scopeLabel, 'security::high', 'security::web']) } },
  });
  expect(total(await world.status())).toBe(1);
});

test('nested scopes are in scope, and a label that only begins alike is not', async () => {
  const world = await start();
  const { gitlab } = world.sandbox;
  for (const title of ['security::web::xss', 'securityish']) gitlab.createLabel({ group: 'acme', title });
  const nested = openMergeRequest(world, { labels: ['security::web::xss'] });
  const alike = openMergeRequest(world, { labels: ['securityish'] });
  world.merge(nested);
  world.merge(alike);
  await gitlab.delivered();
  await world.untilDone(1);
  expect(await world.show(nested)).toBeDefined();
  expect(await world.show(alike)).toBeUndefined();
});

test('with the trigger off a merge is journaled only; sent again with it on, it is taken up', async () => {
  const world = await start({ trigger: 'off' });
  const { gitlab } = world.sandbox;
  const mr = openMergeRequest(world);
  world.merge(mr);
  await gitlab.delivered();
  expect(await world.show(mr)).toBeUndefined();

  await world.service.trail.setTrigger('on');
  const [hook] = gitlab.snapshot().hooks;
  await gitlab.resendDelivery({ hook: hook!.id, delivery: hook!.deliveries[0]!.id });
  await world.untilDone(1);
  expect(await world.show(mr)).toBeDefined();
});

test('merges into other branches and in other projects are not taken up', async () => {
  const world = await start({
    configuration: {
      gitlab: { groups: [], projects: ['acme/payments'] },
      filter: { target_branches: ['release/*'] },
    },
  });
  const otherBranch = openMergeRequest(world);
  const otherProject = openMergeRequest(world, { project: 'acme/web' });
  for (const mr of [otherBranch, otherProject]) world.merge(mr);
  expect(await findings(world)).toEqual([]);
  expect(total(await world.status())).toBe(0);
});

test('in a project that is journaled whole, a label that comes late finds the history from the opening on', async () => {
  const world = await start({ configuration: { filter: { journal_projects: ['ACME/pay*'] } } });
  const { gitlab } = world.sandbox;
  const mr = openMergeRequest(world, { labels: ['backend'] });
  const elsewhere = openMergeRequest(world, { labels: ['backend'], project: 'acme/web' });
  for (const one of [mr, elsewhere]) {
    gitlab.addLabel({ project: one.project, iid: one.iid, by: 'aruiz', label: scopeLabel });
    world.merge(one);
  }
  await gitlab.delivered();
  await world.untilDone(2);

  const told = { events: expect.arrayContaining([expect.objectContaining({ action: 'open', labels: ['backend'] })]) };
  expect((await world.show(mr))?.record).toMatchObject({ journal: { from_opening: true, ...told } });
  expect((await world.show(elsewhere))?.record).toMatchObject({ journal: { from_opening: false } });
});

test('in a project that is journaled whole, a merge without the label is no change', async () => {
  const world = await start({ configuration: { filter: { journal_projects: ['*'] } } });
  const mr = openMergeRequest(world, { labels: ['backend'] });
  world.merge(mr);
  await world.sandbox.gitlab.delivered();
  expect(await world.show(mr)).toBeUndefined();
  expect(total(await world.status())).toBe(0);
});
