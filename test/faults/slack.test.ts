import { afterAll, beforeAll, expect, test } from 'vitest';
import { effectsOf } from '../support/effects.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { startWorld, type World } from '../support/service.ts';
import type { FaultKind } from '../../src/sandbox/faults.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ sandbox: { switches: { slack: { channelLimit: 'off' } } } });
});
afterAll(() => world.close());

async function mergeWith(kind: FaultKind, pod: number): Promise<number> {
  const before = (await world.status()).changes.done;
  world.sandbox.faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind });
  const mr = openMergeRequest(world, { pod });
  world.merge(mr);
  await world.untilDone(before + 1, 80_000);
  expect(world.sandbox.calls.some(({ fault }) => fault === kind)).toBe(true);
  return effectsOf(world, (await world.show(mr))!.record_id).messages;
}

test.each<FaultKind>(['limit', 'limit_bare'])('a message that was refused (%s) is posted once later', async (kind) => {
  expect(await mergeWith(kind, 1)).toBe(1);
});

test('a message that was posted although the answer was lost is not posted again', { timeout: 90_000 }, async () => {
  expect(await mergeWith('commit_then_reset', 2)).toBe(1);
});

test('a message of which nobody knows, and which was not posted, is posted once', { timeout: 90_000 }, async () => {
  expect(await mergeWith('error_500', 3)).toBe(1);
});
