import { afterEach, expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import type { VendorName } from '../../src/sandbox/http.ts';
import { allEffectsOf, oneOfEach, startFaultyWorld, type FaultyWorld } from '../support/faults.ts';
import { openMergeRequest, type OpenedMergeRequest } from '../support/merge-requests.ts';

/** Longer than the longest delay between two tries (300 s), and than the longest that a vendor may ask for (3600 s). */
const outageSeconds = 3 * 3600;

let world: FaultyWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const outages: readonly (readonly [VendorName, FaultKind])[] = [
  ['gitlab', 'error_503'],
  ['linear', 'reset'],
  ['confluence', 'error_502'],
  ['slack', 'reset'],
  ['slack', 'error_503'],
];

test.each(outages)(
  'an outage of %s (%s) that outlasts every delay ends with one of each',
  { timeout: 90_000 },
  async (vendor, kind) => {
    world = await startFaultyWorld();
    const { sandbox, waits } = world;
    const merges: OpenedMergeRequest[] = [];
    const merge = (): void => {
      merges.push(openMergeRequest(world!, { pod: merges.length }));
      world!.merge(merges.at(-1)!);
    };
    merge();
    await world.untilEnded(1);
    sandbox.faults.add({ vendor, operation: '', kind, times: Number.POSITIVE_INFINITY });
    for (let part = 1; part <= 3; part++) {
      merge();
      await sandbox.gitlab.delivered();
      let played = 0;
      // The first skips may fall before the first failure, when nothing waits.
      while (played < outageSeconds / 3) played += await waits.skipUntil(async (seconds) => seconds > 60, 30_000);
    }
    const during = await world.status();
    expect({ done: during.changes.done, open: during.changes.open }).toEqual({ done: 1, open: 3 });

    sandbox.faults.clear();
    await world.untilEnded(merges.length);
    for (const mr of merges) expect({ mr, ...(await allEffectsOf(world, mr)) }).toEqual({ mr, ...oneOfEach });
    expect((await world.status()).attention).toEqual([]);
  },
);

test('while one vendor is away, what does not need it goes on', { timeout: 60_000 }, async () => {
  world = await startFaultyWorld();
  world.sandbox.faults.add({
    vendor: 'confluence',
    operation: '',
    kind: 'error_503',
    times: Number.POSITIVE_INFINITY,
  });
  const mr = openMergeRequest(world);
  world.merge(mr);
  await world.waits.skipUntil(async (seconds) => seconds > outageSeconds, 40_000);
  expect(await allEffectsOf(world, mr)).toEqual({ ...oneOfEach, rows: 0, messages: 0 });
  world.sandbox.faults.clear();
  await world.untilEnded(1);
  expect(await allEffectsOf(world, mr)).toEqual(oneOfEach);
});
