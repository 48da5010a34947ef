import { afterAll, expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import type { VendorName } from '../../src/sandbox/http.ts';
import { allEffectsOf, oneOfEach, startFaultyWorld, type FaultyWorld } from '../support/faults.ts';
import { openMergeRequest, type OpenedMergeRequest } from '../support/merge-requests.ts';

// What a read can do. A record that is made after it says what was read, or that it was not; never anything else.
const kinds: readonly FaultKind[] = [
  'limit',
  'limit_bare',
  'error_500',
  'error_503',
  'reset',
  'slow',
  'wrong_type',
  'wrong_json',
  'commit_then_half',
  'commit_then_cut',
];

const vendors: readonly VendorName[] = ['gitlab', 'linear', 'confluence', 'slack'];

let started: Promise<FaultyWorld> | undefined;
const worldOf = (): Promise<FaultyWorld> => (started ??= startFaultyWorld());
afterAll(async () => (await started)?.close());

test.each(kinds)(
  'every read of every vendor that is spoiled by %s is made again',
  { timeout: 90_000 },
  async (kind) => {
    const world = await worldOf();
    const { sandbox } = world;
    const whole = await merge(world);
    const reads = new Set(
      sandbox.calls
        .filter(({ seq, write }) => seq > whole.seenBefore && !write)
        .map((call) => `${call.vendor} ${call.operation}`),
    );
    const from = seen(world);
    for (const read of reads) {
      const [vendor = '', ...operation] = read.split(' ');
      sandbox.faults.add({
        vendor: vendors.find((name) => name === vendor)!,
        operation: `${operation.join(' ')}$`,
        kind,
      });
    }
    const spoiled = await merge(world);
    const taken = sandbox.calls.filter(({ seq, fault }) => seq > from && fault !== undefined);
    // What is still remembered of the merge before is not asked again.
    expect(taken.length).toBe(reads.size - sandbox.faults.list().length);
    expect(taken.length).toBeGreaterThan(10);
    sandbox.faults.clear();

    expect(await allEffectsOf(world, spoiled.mr)).toEqual(oneOfEach);
    expect((await world.status()).attention).toEqual([]);
    const [plain, other] = [await world.show(whole.mr), await world.show(spoiled.mr)];
    expect(other!.stages.map(({ stage, outcome }) => ({ stage, outcome }))).toEqual(
      plain!.stages.map(({ stage, outcome }) => ({ stage, outcome })),
    );
    // JSON of another shape is what a GitLab of another version answers: time does not heal it, and the record says so.
    const different = other!.verdict.checks.filter(({ reason }, at) => reason !== plain!.verdict.checks[at]!.reason);
    const unread = different.filter(
      ({ verdict, reason }) => verdict === 'undetermined' && reason?.endsWith('_bad_response'),
    );
    expect(different).toEqual(kind === 'wrong_json' ? unread : []);
  },
);

function seen(world: FaultyWorld): number {
  return world.sandbox.calls.at(-1)?.seq ?? 0;
}

async function merge(world: FaultyWorld): Promise<{ mr: OpenedMergeRequest; seenBefore: number }> {
  const seenBefore = seen(world);
  const before = (await world.status()).changes.done;
  const mr = openMergeRequest(world, { pod: before % 10 });
  world.merge(mr);
  await world.untilEnded(before + 1);
  return { mr, seenBefore };
}
