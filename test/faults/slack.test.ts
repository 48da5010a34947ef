import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { effectsOf } from '../support/effects.ts';
import { failures, hiddenSuccesses } from '../support/faults.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { startWorld, type World } from '../support/service.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ sandbox: { switches: { slack: { channelLimit: 'off' } } } });
});
afterAll(() => world.close());

/** Merges one change for each kind, each with a pod of its own, and spoils the first message of each. */
async function messagesAfter(kinds: readonly FaultKind[]): Promise<number[]> {
  const before = (await world.status()).changes.done;
  const seen = world.sandbox.calls.at(-1)?.seq ?? 0;
  for (const kind of kinds) world.sandbox.faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind });
  const merges = kinds.map((_kind, pod) => openMergeRequest(world, { pod }));
  for (const mr of merges) world.merge(mr);
  await world.untilDone(before + merges.length, 80_000);
  const taken = world.sandbox.calls.filter(({ seq, fault }) => seq > seen && fault !== undefined);
  expect(new Set(taken.map(({ fault }) => fault))).toEqual(new Set(kinds));
  const reports = await Promise.all(merges.map((mr) => world.show(mr)));
  return reports.map((report) => effectsOf(world, report!.record_id).messages);
}

test('a message that was refused for now is posted once later', { timeout: 30_000 }, async () => {
  expect(await messagesAfter(['limit', 'limit_bare'])).toEqual([1, 1]);
});

test('a message that was refused for good is listed', { timeout: 30_000 }, async () => {
  expect(await messagesAfter(['refuse'])).toEqual([0]);
  expect((await world.status()).attention).toMatchObject([{ kind: 'refused', stage: 'confirm' }]);
});

// An unknown outcome is given time before it is looked up, so all of a kind are waited for together.
test('a message that was posted although the answer was lost is not posted again', { timeout: 90_000 }, async () => {
  expect(await messagesAfter(hiddenSuccesses)).toEqual(hiddenSuccesses.map(() => 1));
});

test('a message of which nobody knows, and which was not posted, is posted once', { timeout: 90_000 }, async () => {
  expect(await messagesAfter(failures)).toEqual(failures.map(() => 1));
});
