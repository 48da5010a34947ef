import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { countEffects } from '../../bench/support/effects.ts';
import type { Role } from '../../src/compose.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startCluster } from '../support/cluster.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { addressOf } from '../support/service.ts';
import { verifyServed, watchHeads } from '../support/watch-heads.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of closing.splice(0).toReversed()) await step();
});

const merges = 150;

const splits: readonly (readonly Role[])[] = [
  ['all', 'all', 'all'],
  ['web', 'worker', 'worker'],
];

test.each(splits)(
  'three nodes (%s, %s, %s), one killed every second during a burst, lose nothing and double nothing',
  { timeout: 180_000 },
  async (...roles) => {
    const database = await createTestDatabase();
    closing.push(() => database.drop());
    const sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
    closing.push(() => sandbox.close());
    const cluster = await startCluster({ sandbox, databaseUrl: addressOf(database.connection), roles });
    closing.push(() => cluster.close());
    const watch = watchHeads(cluster.address);
    closing.push(() => watch.stop());

    const opened = Array.from({ length: merges }, (_, index) => openMergeRequest({ sandbox }, { pod: index % 10 }));
    const over = new AbortController();
    const killing = (async () => {
      for (let at = 0; !over.signal.aborted && at < 9; at++) {
        await pause(1000);
        const node = cluster.nodes[at % cluster.nodes.length]!;
        await node.kill();
        node.start();
      }
    })();
    for (const { project, iid } of opened) sandbox.gitlab.merge({ project, iid, by: 'mlund', anyway: true });
    await sandbox.gitlab.delivered();
    await cluster.untilDone(merges, 150_000);
    over.abort();
    await killing;

    expect(await countEffects(sandbox, opened)).toEqual({ lost: 0, doubled: 0 });
    expect(await cluster.trail.status()).toMatchObject({ changes: { open: 0, done: merges }, attention: [] });
    await watch.stop();
    const log = await verifyServed(cluster.address, await cluster.verifierKey(), watch.heads);
    expect(log.failures).toEqual([]);
    for (const kind of ['record ', 'verdict ', 'statement publication/']) {
      const named = log.ids.filter((id) => id.startsWith(kind));
      expect({ kind, entries: named.length, different: new Set(named).size }).toEqual({
        kind,
        entries: merges,
        different: merges,
      });
    }
  },
);
