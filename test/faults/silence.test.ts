import { expect, test } from 'vitest';
import { allEffectsOf, oneOfEach, startFaultyWorld, whileSpoiled, type Spoiled } from '../support/faults.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import type { WorldOptions } from '../support/service.ts';

// A vendor that does what it was asked to do and never answers takes as long as the client's patience.
const kind = 'commit_then_silence';

const worlds: readonly [string, readonly Spoiled[], WorldOptions][] = [
  [
    'a row, a closed issue and a confirmation stand',
    [
      { vendor: 'confluence', operation: 'PUT /pages', kind },
      { vendor: 'linear', operation: 'issueUpdate,attachmentCreate', kind },
      { vendor: 'slack', operation: 'chat.postMessage', kind },
    ],
    {},
  ],
  [
    'a page and a label stand',
    [
      { vendor: 'confluence', operation: 'POST /pages', kind },
      { vendor: 'linear', operation: 'issueLabelCreate', kind },
    ],
    { configuration: { confluence: { title: 'A new page' } } },
  ],
];

test.concurrent.each(worlds)('%s once after a silence', { timeout: 120_000 }, async (_what, spoiled, options) => {
  const world = await startFaultyWorld(options);
  try {
    const merges = [0, 1, 2].map((pod) => openMergeRequest(world, { pod }));
    await whileSpoiled(world, spoiled, async () => {
      for (const mr of merges) world.merge(mr);
      await world.untilEnded(merges.length, 110_000);
    });
    for (const mr of merges) expect(await allEffectsOf(world, mr)).toEqual(oneOfEach);
    expect(world.sandbox.linear.labels().filter(({ name }) => name === 'audited').length).toBe(1);
  } finally {
    await world.close();
  }
});
