import { pino, type Logger } from 'pino';
import { createReconfiguration } from './compose/reconfigure.ts';
import { trailOf, type Trail } from './compose/trail.ts';
import { createWeb } from './compose/web.ts';
import { startWorker } from './compose/worker.ts';
import type { Config } from './config/config.ts';
import type { Secret } from './config/secret.ts';
import type { ConfigWatch } from './config/watch-config.ts';
import { openDatabase, type Connection } from './storage/database.ts';
import { connectEmbedded, startEmbedded } from './storage/embedded.ts';
import { migrate } from './storage/migrate.ts';
import { startClock } from './workflow/clock.ts';
import { createDoor } from './workflow/door.ts';
import { startQueue } from './workflow/queue.ts';

export type { JudgeOptions, Trail } from './compose/trail.ts';
export { parseChangeName, type ChangeName } from './domain/name.ts';
export { personName } from './domain/row.ts';
export { stageNames, type StageName } from './domain/stage.ts';
export { readable } from './domain/text.ts';
export type { Rejudged } from './workflow/rejudge.ts';
export type { Rotation } from './workflow/rotate-key.ts';
export type { KeyReport } from './workflow/report-key.ts';
export type { ChangeReport, StatusReport } from './workflow/report.ts';
export type { Packs } from './workflow/packs.ts';
export type { PackChoice } from './workflow/pack/selection.ts';
export { primitives } from './workflow/primitives.ts';
export { createLogClient } from './connectors/log/client.ts';
export { verifyServedLog } from './workflow/verify-served-log.ts';

export type Role = 'all' | 'web' | 'worker';

export interface ServiceOptions {
  readonly config: Config;
  /** Where the built-in Postgres keeps its data; not used where `DATABASE_URL` names a server. */
  readonly dataFolder: string;
  readonly role?: Role;
  /** Overrides the port of `server.listen`. */
  readonly port?: number;
  readonly log: Logger;
  /** Where given, changes of the configuration's files are taken over while the service runs. */
  readonly watch?: ConfigWatch;
  /** What the service takes for the time; the machine's clock unless told. */
  readonly now?: () => Date;
}

export interface Service {
  /** Where it listens; null in the role `worker`. */
  readonly address: string | null;
  readonly trail: Trail;
  /** Goes over to another configuration without a restart. Returns the keys that have to wait for one. */
  reconfigure(config: Config): Promise<readonly string[]>;
  close(): Promise<void>;
}

// Twice, before a change is taken over.
const lookAtConfigEveryMs = 1_500;

/** The service's log: JSON lines on standard error, without secrets. */
export function createLog(level: 'silent' | 'info' | 'debug' = 'info'): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['*.headers', '*.token'] },
    pino.destination(2),
  );
}

/** Puts the service together: configuration → clients → pipeline → server. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, log, role = 'all', now = () => new Date() } = options;
  const closing: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    const { connection, stop } = await openServer(options, startEmbedded);
    closing.push(stop);
    const database = await openDatabase({ connection, log });
    closing.push(() => database.close());
    await migrate(database.db);

    const queue = await startQueue({ connection, log });
    closing.push(() => queue.stop());

    const configuration = createReconfiguration({ database, log, now }, config);
    await configuration.begin();
    const door = createDoor();
    let address: string | null = null;
    if (role !== 'worker') {
      const server = await createWeb({ live: configuration, database, queue, log, door, now });
      closing.push(() => server.close());
      address = await server.listen({
        host: config.server.listen.host,
        port: options.port ?? config.server.listen.port,
      });
    }
    const stopLater = (stop: () => Promise<void> | void): void => void closing.push(stop);
    if (role !== 'web') {
      configuration.handTo(await startWorker({ ...options, database, queue, log, door, now, stopLater }));
    }
    const { watch } = options;
    if (watch !== undefined) {
      const follow = (): Promise<void> => configuration.follow(watch);
      stopLater(startClock(lookAtConfigEveryMs, follow, log, 'Following the configuration'));
    }
    return {
      address,
      trail: trailOf(database, options.dataFolder),
      reconfigure: (next) => configuration.apply(next),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens the trail for a command, beside a running service or without one. */
export async function openTrail(
  options: Pick<ServiceOptions, 'dataFolder' | 'log'> & { readonly databaseUrl: Secret | null },
): Promise<Trail & { close(): Promise<void> }> {
  const { connection, stop } = await openServer(
    { ...options, config: { database: { url: options.databaseUrl } } },
    connectEmbedded,
  );
  try {
    const database = await openDatabase({ connection, log: options.log, max: 3 });
    try {
      await migrate(database.db);
    } catch (error) {
      await database.close();
      throw error;
    }
    return {
      ...trailOf(database, options.dataFolder),
      close: async () => {
        await database.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openServer(
  { config, dataFolder, log }: Pick<ServiceOptions, 'dataFolder' | 'log'> & { config: Pick<Config, 'database'> },
  open: typeof startEmbedded,
): Promise<{ connection: Connection; stop: () => Promise<void> }> {
  const { url } = config.database;
  if (url !== null) return { connection: { connectionString: url.reveal() }, stop: async () => undefined };
  const server = await open({ folder: dataFolder, log });
  return { connection: server.connection, stop: () => server.stop() };
}
