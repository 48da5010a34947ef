import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog, startService, type Service } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { startWorld, type World } from '../support/service.ts';
import { verifyServed, watchHeads } from '../support/watch-heads.ts';

let world: World;
let second: Service;

beforeAll(async () => {
  world = await startWorld({ sandbox: { switches: { slack: { channelLimit: 'off' } } } });
  const path = join(world.dataFolder, 'countersign.yaml');
  const environment = { ...world.sandbox.environment(), DATABASE_URL: world.databaseUrl };
  const config = loadConfig({ path, environment });
  second = await startService({ config, dataFolder: world.dataFolder, log: createLog('silent'), port: 0 });
}, 60_000);

afterAll(async () => {
  await second.close();
  await world.close();
});

it(
  'two nodes that seal at the same time never fork the log, and each change is in it once',
  { timeout: 90_000 },
  async () => {
    const watches = [world.service, second].map(({ address }) => watchHeads(address!));
    const changes = Array.from({ length: 60 }, (_, at) => openMergeRequest(world, { pod: at % 10 }));
    for (const change of changes) world.merge(change);
    await world.untilDone(changes.length, 80_000);
    for (const watch of watches) await watch.stop();

    const path = join(world.dataFolder, 'countersign.yaml');
    const config = loadConfig({ path, environment: world.sandbox.environment() });
    const { verifier_key: key } = await world.service.trail.keys(config);
    for (const [at, { address }] of [world.service, second].entries()) {
      // Each node's log has to begin with what the other one published.
      const log = await verifyServed(address!, key, watches[1 - at]!.heads);
      expect(log.failures).toEqual([]);
      expect(log.ids.filter((id) => id.startsWith('record '))).toHaveLength(60);
      expect(new Set(log.ids).size).toBe(log.ids.length);
    }
  },
);
