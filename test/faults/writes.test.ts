import { afterAll, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { passingKinds } from '../support/fault-kinds.ts';
import {
  allEffectsOf,
  oneOfEach,
  startFaultyWorld,
  whileSpoiled,
  type FaultyWorld,
  type Spoiled,
} from '../support/faults.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import type { WorldOptions } from '../support/service.ts';

type Write = Omit<Spoiled, 'kind'>;

interface Case {
  readonly what: string;
  /** Each of them is spoiled once on the way of one merge. */
  readonly writes: readonly Write[];
  readonly options?: WorldOptions;
  /** Gone over to before each merge, where a write is made once for a configuration only. */
  readonly configure?: (kind: FaultKind) => Parameters<FaultyWorld['configure']>[0];
}

const updatePage: Write = { vendor: 'confluence', operation: 'PUT /pages' };
const makePage: Write = { vendor: 'confluence', operation: 'POST /pages' };
const closeIssue: Write = { vendor: 'linear', operation: 'issueUpdate,attachmentCreate' };
const makeLabel: Write = { vendor: 'linear', operation: 'issueLabelCreate' };
const post: Write = { vendor: 'slack', operation: 'chat.postMessage' };

// A page for each row: every merge makes one.
const aPageEach: WorldOptions = { configuration: { confluence: { roll: { rows: 1 } } } };
const dataCenter: WorldOptions = { sandbox: { confluence: 'data_center' } };

const cases: readonly Case[] = [
  { what: 'a row, an issue and a confirmation', writes: [updatePage, closeIssue, post] },
  { what: 'a further page', writes: [makePage], options: aPageEach },
  {
    what: 'a row on Data Center',
    writes: [{ vendor: 'confluence', operation: 'PUT /content' }],
    options: dataCenter,
  },
  {
    what: 'a further page on Data Center',
    writes: [{ vendor: 'confluence', operation: 'POST /content' }],
    options: { ...aPageEach, ...dataCenter },
  },
  {
    what: 'the first page and the label',
    writes: [makePage, makeLabel],
    configure: (kind) => ({ confluence: { title: `Audit ${kind}` }, linear: { audited_label: `audited-${kind}` } }),
  },
];

describe.each(cases)('$what', ({ writes, options, configure }) => {
  let started: Promise<FaultyWorld> | undefined;
  const worldOf = (): Promise<FaultyWorld> => (started ??= startWarm(options));
  afterAll(async () => (await started)?.close());

  test.each<FaultKind>(passingKinds)('stands once after %s', { timeout: 60_000 }, async (kind) => {
    const world = await worldOf();
    const label = configure === undefined ? 'audited' : `audited-${kind}`;
    if (configure !== undefined) {
      await world.configure(configure(kind));
      await world.service.reconfigure(await world.configWith({}));
    }
    expect(await mergeSpoiled(world, writes, kind)).toEqual({ ...oneOfEach, labels: [label], posts: 1 });
    const { linear, confluence } = world.sandbox;
    expect(linear.labels().filter(({ name }) => name === label).length).toBe(1);
    const titles = confluence.pages().map(({ title }) => title);
    expect(titles.length).toBe(new Set(titles).size);
    expect((await world.status()).attention).toEqual([]);
  });
});

/** A world in which one merge has gone all the way, so that what is made once is there. */
async function startWarm(options?: WorldOptions): Promise<FaultyWorld> {
  const world = await startFaultyWorld(options);
  world.merge(openMergeRequest(world));
  await world.untilEnded(1);
  return world;
}

async function mergeSpoiled(world: FaultyWorld, writes: readonly Write[], kind: FaultKind) {
  const before = (await world.status()).changes.done;
  const seen = world.sandbox.calls.at(-1)?.seq ?? 0;
  const mr = openMergeRequest(world, { pod: before % 10 });
  await whileSpoiled(
    world,
    writes.map((write) => ({ ...write, kind })),
    async () => {
      world.merge(mr);
      await world.untilEnded(before + 1);
    },
  );
  const happened = world.sandbox.calls.filter(
    (call) => call.seq > seen && call.operation === 'chat.postMessage' && mayHaveHappened(call.fault),
  );
  return { ...(await allEffectsOf(world, mr)), posts: happened.length };
}

// A message that is taken back again was still read by somebody.
function mayHaveHappened(fault: string | undefined): boolean {
  return fault === undefined || fault === 'slow' || fault.startsWith('commit_then');
}
