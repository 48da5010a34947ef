import { join } from 'node:path';
import { createLog, startService, type Service } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { openMergeRequest } from './merge-requests.ts';
import { startWorld } from './service.ts';
import { startTsa, type TestTsa } from './tsa.ts';

/** The whole service with one merged change, and an authority that has stamped the head after it. */
export interface StampedWorld {
  readonly service: Service;
  readonly authority: TestTsa;
  /** The first line of the list that is served. */
  readonly stamped: { readonly size: number; readonly at: string };
  close(): Promise<void>;
}

/**
 * The authority is down until the change is sealed: otherwise the head before it would be stamped, and the next an hour
 * later. Then the service starts anew: it looks for what is to be stamped at its start, and once a minute.
 */
export async function startStampedWorld(): Promise<StampedWorld> {
  const authority = await startTsa();
  authority.fault = 'down';
  const timestamps = { url: authority.url };
  const world = await startWorld({ configuration: { ledger: { origin: 'ledger.example/log', timestamps } } });
  world.merge(openMergeRequest(world, { pod: 0 }));
  await world.untilDone(1);
  await world.service.close();

  authority.fault = undefined;
  const path = join(world.dataFolder, 'countersign.yaml');
  const environment = { ...world.sandbox.environment(), DATABASE_URL: world.databaseUrl };
  const config = loadConfig({ path, environment });
  const service = await startService({ config, dataFolder: world.dataFolder, port: 0, log: createLog('silent') });
  return {
    service,
    authority,
    stamped: await untilStamped(service),
    async close() {
      await service.close();
      await world.close();
      await authority.close();
    },
  };
}

async function untilStamped({ address }: Service): Promise<StampedWorld['stamped']> {
  const end = performance.now() + 20_000;
  for (;;) {
    const response = await fetch(`${address}/log/timestamps`);
    const [stamp] = JSON.parse(await response.text());
    if (stamp !== undefined) return stamp;
    if (performance.now() > end) throw new Error('Not stamped in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
