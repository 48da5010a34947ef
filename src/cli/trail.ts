import { createLog, openTrail, type Trail } from '../compose.ts';
import { loadDatabaseUrl } from '../config/load-config.ts';
import type { TrailOptions } from './options.ts';

/** Opens the trail beside a running service, does something with it, and closes it again. */
export async function withTrail<T>(options: TrailOptions, use: (trail: Trail) => Promise<T>): Promise<T> {
  const databaseUrl = loadDatabaseUrl({ path: options.config });
  const trail = await openTrail({ databaseUrl, dataFolder: options.data, log: createLog('silent') });
  try {
    return await use(trail);
  } finally {
    await trail.close();
  }
}
