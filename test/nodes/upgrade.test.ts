import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { countEffects } from '../../bench/support/effects.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { startCluster } from '../support/cluster.ts';
import { makeLaterVersion } from '../support/later-version.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { quiet } from '../support/quiet.ts';
import { addressOf } from '../support/service.ts';
import { verifyServed } from '../support/watch-heads.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of closing.splice(0).toReversed()) await step();
});

test(
  'a later version migrates while the earlier one runs, both go on side by side, and the earlier one can start again',
  { timeout: 150_000 },
  async () => {
    const later = await makeLaterVersion();
    closing.push(() => later.remove());
    const created = await createTestDatabase();
    closing.push(() => created.drop());
    const sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
    closing.push(() => sandbox.close());
    const cluster = await startCluster({
      sandbox,
      databaseUrl: addressOf(created.connection),
      roles: ['all', 'all', 'all'],
      launchers: [undefined, undefined, later.launcher],
      startLast: true,
    });
    closing.push(() => cluster.close());
    const database = await openDatabase({ connection: created.connection, log: quiet });
    closing.push(() => database.close());
    const isMigrated = async (): Promise<boolean> => {
      const { rows } = await sql`select from countersign.migration where name = ${later.migration}`.execute(
        database.db,
      );
      return rows.length === 1;
    };
    expect(await isMigrated()).toBe(false);

    const opened = Array.from({ length: 90 }, (_, index) => openMergeRequest({ sandbox }, { pod: index % 10 }));
    const merge = (from: number, to: number): void => {
      for (const { project, iid } of opened.slice(from, to))
        sandbox.gitlab.merge({ project, iid, by: 'mlund', anyway: true });
    };
    const [first, second, newer] = [cluster.nodes[0]!, cluster.nodes[1]!, cluster.nodes[2]!];
    merge(0, 30);
    newer.start();
    await newer.ready();
    expect(await isMigrated()).toBe(true);

    merge(30, 60);
    // One of the earlier version is restarted on the tables of the later one, and is ready.
    await first.stop();
    first.start();
    await first.ready();
    await second.ready();
    merge(60, 90);
    await pause(500);
    await second.stop();
    await sandbox.gitlab.delivered();
    await cluster.untilDone(90, 90_000);

    expect(await countEffects(sandbox, opened)).toEqual({ lost: 0, doubled: 0 });
    expect(await cluster.trail.status()).toMatchObject({ changes: { open: 0, done: 90 }, attention: [] });
    const log = await verifyServed(cluster.address, await cluster.verifierKey(), new Map());
    expect(log.failures).toEqual([]);
    expect(log.ids.filter((id) => id.startsWith('record '))).toHaveLength(90);
  },
);
