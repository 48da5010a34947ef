import { expect, test } from 'vitest';
import { allEffectsOf, oneOfEach, startFaultyWorld, whileSpoiled } from '../support/faults.ts';
import { openMergeRequest } from '../support/merge-requests.ts';

test('a message that was refused for good is listed, and not sent again', async () => {
  const world = await startFaultyWorld();
  try {
    const mr = openMergeRequest(world);
    await whileSpoiled(world, [{ vendor: 'slack', operation: 'chat.postMessage', kind: 'refuse' }], async () => {
      world.merge(mr);
      await world.untilEnded(1);
    });
    expect(await allEffectsOf(world, mr)).toEqual({ ...oneOfEach, messages: 0 });
    expect((await world.status()).attention).toMatchObject([{ kind: 'refused', stage: 'confirm' }]);
  } finally {
    await world.close();
  }
});
