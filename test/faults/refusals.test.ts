import { afterEach, expect, test } from 'vitest';
import { effectsOf } from '../support/effects.ts';
import { openMergeRequest, type MergeRequestOptions, type OpenedMergeRequest } from '../support/merge-requests.ts';
import { startWorld, type World, type WorldOptions } from '../support/service.ts';

const worlds: World[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

interface Refused {
  readonly options?: WorldOptions;
  readonly mergeRequest?: MergeRequestOptions;
  readonly prepare?: (world: World, mr: OpenedMergeRequest) => void;
}

/** Merges where something is refused: what is listed for a person, and how each stage ended. */
async function mergeRefused({ options = {}, mergeRequest = {}, prepare }: Refused) {
  const world = await startWorld(options);
  worlds.push(world);
  const mr = openMergeRequest(world, mergeRequest);
  prepare?.(world, mr);
  world.merge(mr);
  const status = await world.untilDone(1);
  const report = (await world.show(mr))!;
  return {
    listed: status.attention.map(({ kind, stage, reason }) => `${kind} ${stage} ${reason}`),
    stages: report.stages.map(({ outcome }) => outcome),
    sealed: report.record_sha256 !== null,
    ...effectsOf(world, report.record_id),
  };
}

const otherToken = 'glpat-sandbox-other-0001';
const withOtherToken: WorldOptions = { environment: { GITLAB_TOKEN: otherToken } };
const goesOn = { stages: ['failed', 'done', 'done', 'done', 'done'], sealed: true, rows: 1, messages: 1 };

test('a token without scope is listed, and the change ends in the trail all the same', async () => {
  const result = await mergeRefused({
    options: withOtherToken,
    prepare: ({ sandbox: { gitlab } }) =>
      void gitlab.createToken({ user: 'tnguyen', scopes: ['read_user'], value: otherToken }),
  });
  expect(result).toMatchObject({ ...goesOn, listed: [expect.stringContaining('refused capture')] });
});

test('a merge request that is gone, or hidden from the token, ends in the trail and is listed', async () => {
  const result = await mergeRefused({
    options: withOtherToken,
    prepare: ({ sandbox: { gitlab } }) => {
      gitlab.createUser({ username: 'stranger', name: 'Stranger', email: 'stranger@example.net' });
      gitlab.createToken({ user: 'stranger', scopes: ['read_api'], value: otherToken });
    },
  });
  expect(result).toMatchObject({ ...goesOn, listed: ['refused capture not_found'] });
});

test('an expired token is listed, and the change waits for a new one', async () => {
  const world = await startWorld(withOtherToken);
  worlds.push(world);
  const mr = openMergeRequest(world);
  world.merge(mr);
  await expect
    .poll(async () => (await world.status()).attention, { timeout: 10_000 })
    .toMatchObject([{ kind: 'refused', stage: 'capture', reason: 'unauthorized' }]);
  expect((await world.status()).changes).toMatchObject({ open: 1, done: 0 });
  world.sandbox.gitlab.createToken({ user: 'tnguyen', scopes: ['read_api'], value: otherToken });
  expect((await world.untilDone(1)).attention).toEqual([]);
});

test('a merge without a linked issue skips the issue and nothing else', async () => {
  const result = await mergeRefused({ mergeRequest: { issue: false } });
  const stages = ['done', 'done', 'skipped', 'done', 'done'];
  expect(result).toEqual({ listed: [], stages, sealed: true, rows: 1, messages: 1 });
});

test('several linked issues are an exception and not a guess', async () => {
  const result = await mergeRefused({
    prepare: ({ sandbox: { linear } }, mr) => {
      const other = linear.createIssue({ team: 'SEC', title: 'Another' }).identifier;
      for (const issue of [mr.issue!, other]) linear.attach(issue, { url: mr.webUrl, title: 'The merge request' });
    },
  });
  expect(result).toMatchObject({ listed: ['refused close-issue ambiguous'], rows: 1, messages: 1 });
});

test('a cancelled issue is not overwritten', async () => {
  const result = await mergeRefused({
    prepare: ({ sandbox: { linear } }, mr) => void linear.setState(mr.issue!, 'Canceled'),
  });
  expect(result).toMatchObject({ listed: ['refused close-issue unsuitable'], rows: 1, messages: 1 });
  expect(worlds[0]!.sandbox.linear.issues().filter(({ state }) => state.type === 'completed')).toEqual([]);
});

test('a page that may not be seen is listed, and the confirmation says that there is no row', async () => {
  const result = await mergeRefused({
    prepare: ({ sandbox: { confluence } }) => confluence.restrict(confluence.pages()[0]!.id),
  });
  expect(result).toMatchObject({ rows: 0, messages: 1, listed: [expect.stringContaining('refused add-row')] });
});
