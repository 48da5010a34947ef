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

async function mergeWith(vendor: 'confluence' | 'linear', operation: string, kind: FaultKind) {
  const before = (await world.status()).changes.done;
  world.sandbox.faults.add({ vendor, operation, kind });
  const mr = openMergeRequest(world, { pod: before % 10, issueLabels: ['vulnerability'] });
  world.merge(mr);
  await world.untilDone(before + 1, 60_000);
  expect(world.sandbox.calls.some(({ fault }) => fault === kind)).toBe(true);
  const report = (await world.show(mr))!;
  const issue = world.sandbox.linear.issue(mr.issue!)!;
  return {
    ...effectsOf(world, report.record_id),
    state: issue.state.type,
    labels: issue.labels.map(({ name }) => name).toSorted((left, right) => left.localeCompare(right)),
    attachments: issue.attachments.length,
  };
}

const oneOfEach = { rows: 1, messages: 1, state: 'completed', labels: ['audited', 'vulnerability'], attachments: 1 };

test.each<FaultKind>(['error_500', 'error_503', 'reset', 'limit', 'limit_bare', 'wrong_type', 'wrong_json'])(
  'an update of the page that failed (%s) is made once later',
  { timeout: 60_000 },
  async (kind) => {
    expect(await mergeWith('confluence', 'PUT /pages', kind)).toEqual(oneOfEach);
  },
);

test.each<FaultKind>(['commit_then_reset', 'commit_then_500', 'commit_then_half', 'commit_then_wrong_type'])(
  'an update that happened although the answer was lost is not made again (%s)',
  { timeout: 60_000 },
  async (kind) => {
    expect(await mergeWith('confluence', 'PUT /pages', kind)).toEqual(oneOfEach);
  },
);

test.each<FaultKind>(['error_500', 'error_503', 'reset', 'wrong_type'])(
  'an issue that could not be closed (%s) is closed once later',
  { timeout: 60_000 },
  async (kind) => {
    expect(await mergeWith('linear', 'issueUpdate', kind)).toEqual(oneOfEach);
  },
);

test.each<FaultKind>(['commit_then_reset', 'commit_then_500', 'commit_then_half', 'commit_then_wrong_type'])(
  'an issue that was closed although the answer was lost stays as it is (%s)',
  { timeout: 60_000 },
  async (kind) => {
    expect(await mergeWith('linear', 'issueUpdate', kind)).toEqual(oneOfEach);
  },
);
