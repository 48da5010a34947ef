import { afterAll, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { effectsOf } from '../support/effects.ts';
import { failures, hiddenSuccesses, whileSpoiled } from '../support/faults.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { startWorld, type World, type WorldOptions } from '../support/service.ts';

const quick = { switches: { slack: { channelLimit: 'off' } } } as const;
const oneOfEach = { rows: 1, messages: 1, state: 'completed', labels: ['audited', 'vulnerability'], attachments: 1 };

async function mergeWith(world: World, vendor: 'confluence' | 'linear', operation: string, kind: FaultKind) {
  const before = (await world.status()).changes.done;
  const mr = openMergeRequest(world, { pod: before % 10, issueLabels: ['vulnerability'] });
  await whileSpoiled(world, { vendor, operation, kind }, async () => {
    world.merge(mr);
    await world.untilDone(before + 1, 60_000);
  });
  const report = (await world.show(mr))!;
  const issue = world.sandbox.linear.issue(mr.issue!)!;
  return {
    ...effectsOf(world, report.record_id),
    state: issue.state.type,
    labels: issue.labels.map(({ name }) => name).toSorted((left, right) => left.localeCompare(right)),
    attachments: issue.attachments.length,
  };
}

const places: readonly [string, 'confluence' | 'linear', string, WorldOptions][] = [
  ['an update of the page', 'confluence', 'PUT /pages', { sandbox: quick }],
  [
    'an update of the Data Center page',
    'confluence',
    'PUT /content',
    { sandbox: { ...quick, confluence: 'data_center' } },
  ],
  ['the closing of the issue', 'linear', 'issueUpdate', { sandbox: quick }],
];

describe.each(places)('%s', (_what, vendor, operation, options) => {
  let started: Promise<World> | undefined;
  const world = (): Promise<World> => (started ??= startWorld(options));
  afterAll(async () => (await started)?.close());

  test.each(failures)('that failed (%s) is made once later', { timeout: 60_000 }, async (kind) => {
    expect(await mergeWith(await world(), vendor, operation, kind)).toEqual(oneOfEach);
  });

  test.each(hiddenSuccesses)(
    'that happened although the answer was lost (%s) is not made again',
    { timeout: 60_000 },
    async (kind) => {
      expect(await mergeWith(await world(), vendor, operation, kind)).toEqual(oneOfEach);
    },
  );
});

const firstTimes: readonly [string, 'confluence' | 'linear', string, WorldOptions][] = [
  ['the page', 'confluence', 'POST /pages', { sandbox: quick, configuration: { confluence: { title: 'A new page' } } }],
  ['the label', 'linear', 'issueLabelCreate', { sandbox: quick }],
];

describe.each(firstTimes)('%s that is made the first time', (_what, vendor, operation, options) => {
  test.each<FaultKind>(['error_500', 'reset', 'commit_then_reset', 'commit_then_500'])(
    'stands once after %s',
    { timeout: 60_000 },
    async (kind) => {
      const world = await startWorld(options);
      try {
        expect(await mergeWith(world, vendor, operation, kind)).toEqual(oneOfEach);
        expect(world.sandbox.linear.labels().filter(({ name }) => name === 'audited').length).toBe(1);
      } finally {
        await world.close();
      }
    },
  );
});
