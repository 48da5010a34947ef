import { afterEach, expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import type { VendorName } from '../../src/sandbox/http.ts';
import { allEffectsOf, oneOfEach, startFaultyWorld, type FaultyWorld } from '../support/faults.ts';
import { openMergeRequest, type OpenedMergeRequest } from '../support/merge-requests.ts';
import { until } from '../support/service-process.ts';

const hours = 6 * 3600;
/** More than all waits after one fault at each vendor together, and far less than the clock is wrong by. */
const fewSeconds = 300;

const worlds: FaultyWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const faults: readonly (readonly [VendorName, string, FaultKind])[] = [
  ['gitlab', 'approvals', 'error_503'],
  ['linear', 'issueUpdate', 'error_500'],
  ['confluence', 'PUT /pages', 'commit_then_500'],
  ['slack', 'chat.postMessage', 'commit_then_reset'],
];

/** Merges a few changes, each vendor failing once on the way. */
async function mergeWithFaults(): Promise<{ world: FaultyWorld; merges: OpenedMergeRequest[] }> {
  const world = await startFaultyWorld();
  worlds.push(world);
  for (const [vendor, operation, kind] of faults) world.sandbox.faults.add({ vendor, operation, kind });
  const merges = [0, 1, 2].map((pod) => openMergeRequest(world, { pod }));
  for (const mr of merges) world.merge(mr);
  await world.sandbox.gitlab.delivered();
  return { world, merges };
}

const taken = ({ sandbox }: FaultyWorld, vendor: VendorName): boolean =>
  sandbox.calls.some((call) => call.vendor === vendor && call.fault !== undefined);

async function endOf(world: FaultyWorld, merges: readonly OpenedMergeRequest[]) {
  return {
    effects: await Promise.all(merges.map((mr) => allEffectsOf(world, mr))),
    faultsLeft: world.sandbox.faults.list(),
    attention: (await world.status()).attention,
  };
}

const wellEnded = (merges: number) => ({
  effects: Array.from({ length: merges }, () => oneOfEach),
  faultsLeft: [],
  attention: [],
});

test.each(faults.map(([vendor]) => vendor))(
  'a clock that runs hours ahead until %s has failed, and is put right then, loses and doubles nothing and holds up nothing',
  { timeout: 60_000 },
  async (vendor) => {
    const { world, merges } = await mergeWithFaults();
    world.time.setServiceClock(hours);
    await world.waits.skipUntil(async () => taken(world, vendor), 30_000);
    // What was just refused is to be noted by the wrong clock as well.
    await world.waits.skip();
    world.time.setServiceClock(0);
    expect(await world.untilEnded(merges.length)).toBeLessThan(fewSeconds);
    expect(await endOf(world, merges)).toEqual(wellEnded(merges.length));
  },
);

test('a clock that goes back hours in the middle, and forward again, does neither', { timeout: 60_000 }, async () => {
  const { world, merges } = await mergeWithFaults();
  await world.waits.skipUntil(async () => taken(world, 'linear'), 30_000);
  world.time.setServiceClock(-hours);
  await world.waits.skipUntil(async () => taken(world, 'slack'), 30_000);
  world.time.setServiceClock(hours);
  expect(await world.untilEnded(merges.length)).toBeLessThan(fewSeconds);
  expect(await endOf(world, merges)).toEqual(wellEnded(merges.length));
});

test(
  'what the queue was to do later is done although its clock went back hours since',
  { timeout: 90_000 },
  async () => {
    const world = await startFaultyWorld();
    worlds.push(world);
    await world.waits.setDatabaseClock(hours);
    world.sandbox.faults.add({ vendor: 'confluence', operation: 'PUT /pages', kind: 'error_503' });
    const mr = openMergeRequest(world);
    world.merge(mr);
    await until(async () => taken(world, 'confluence') && (await world.waits.waiting()) === 1, 30_000);
    await world.waits.setDatabaseClock(0);
    await world.untilDone(1, 50_000);
    expect(await endOf(world, [mr])).toEqual(wellEnded(1));
  },
);
