import { afterAll, expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { passingKinds } from '../support/fault-kinds.ts';
import { allEffectsOf, oneOfEach, startFaultyWorld, type FaultyWorld } from '../support/faults.ts';
import { openMergeRequest } from '../support/merge-requests.ts';

let started: Promise<FaultyWorld> | undefined;
const worldOf = (): Promise<FaultyWorld> => (started ??= startFaultyWorld());
afterAll(async () => (await started)?.close());

// A message whose answer was lost, and which Slack did not show when it was looked for, is sent again. Both show then.
test.each<FaultKind>(passingKinds)(
  'a second copy of a message is taken away, although that meets %s',
  { timeout: 60_000 },
  async (kind) => {
    const world = await worldOf();
    const { faults, calls } = world.sandbox;
    const before = (await world.status()).changes.done;
    const seen = calls.at(-1)?.seq ?? 0;
    // Once for all changes of a while it is looked whether they had a message before.
    const looksFirst = before === 0 ? 1 : 0;
    const mr = openMergeRequest(world, { pod: before % 10 });
    faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind: 'commit_then_500' });
    const unseen = { kind: 'altered', set: { messages: [] } } as const;
    faults.add({ vendor: 'slack', operation: 'conversations.history', skip: looksFirst, times: 2, ...unseen });
    faults.add({ vendor: 'slack', operation: 'chat.delete', kind });
    world.merge(mr);
    await world.untilEnded(before + 1, 50_000);

    expect(faults.list()).toEqual([]);
    const made = calls.filter((call) => call.seq > seen && call.operation === 'chat.postMessage');
    expect(made.length).toBe(2);
    expect(await allEffectsOf(world, mr)).toEqual(oneOfEach);
    expect((await world.status()).attention).toEqual([]);
  },
);
