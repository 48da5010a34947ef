import { pino, type Logger } from 'pino';
import { createClients } from './compose/clients.ts';
import { product } from './compose/product.ts';
import { filterOf, keeperOf, logNameOf } from './compose/settings.ts';
import { trailOf, type Trail } from './compose/trail.ts';
import type { Config } from './config/config.ts';
import { policyOf } from './config/policy.ts';
import type { Secret } from './config/secret.ts';
import { createTsa } from './connectors/tsa/client.ts';
import { instanceOf } from './domain/change.ts';
import type { LogName } from './domain/introduction.ts';
import { createMetrics } from './server/metrics.ts';
import { checkBundle } from './server/sealed-check.ts';
import { createServer } from './server/server.ts';
import { readCommitments } from './storage/commitments.ts';
import { openDatabase, type Connection, type Database } from './storage/database.ts';
import { connectEmbedded, startEmbedded } from './storage/embedded.ts';
import { isMigrated, migrate } from './storage/migrate.ts';
import { assertKeeper, readHead } from './storage/ledger.ts';
import { readLogFile } from './storage/log-files.ts';
import { listStamps, readNote, readStamp } from './storage/timestamps.ts';
import { startClock } from './workflow/clock.ts';
import { createDoor, type Door } from './workflow/door.ts';
import { watchEmergencies } from './workflow/emergencies.ts';
import { createGroupCommit } from './workflow/group-commit.ts';
import { rulebookOf } from './workflow/judge-records.ts';
import { createPipeline } from './workflow/pipeline.ts';
import { primitives } from './workflow/primitives.ts';
import { startQueue, type Queue } from './workflow/queue.ts';
import { receive, type Arriving, type Received } from './workflow/receive.ts';
import { readGauges } from './workflow/report.ts';
import { startPipeline } from './workflow/start.ts';
import { stampHead } from './workflow/timestamps.ts';
import { keepLog } from './workflow/keep-log.ts';
import { checkAtStart, createLogWatch } from './workflow/watch-log.ts';
import { readKeyDocuments } from './storage/signing-keys.ts';

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
}

export interface Service {
  /** Where it listens; null in the role `worker`. */
  readonly address: string | null;
  readonly trail: Trail;
  close(): Promise<void>;
}

const now = (): Date => new Date();

const emergenciesEveryMs = 60_000;
const timestampsEveryMs = 60_000;
const keepLogEveryMs = 60_000;
const watchLogEveryMs = 60_000;

/** The service's log: JSON lines on standard error, without secrets. */
export function createLog(level: 'silent' | 'info' | 'debug' = 'info'): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['*.headers', '*.token'] },
    pino.destination(2),
  );
}

/** Puts the service together: configuration → clients → pipeline → server. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, log, role = 'all' } = options;
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

    const door = createDoor();
    let address: string | null = null;
    if (role !== 'worker') {
      const server = await createWeb(config, { database, queue, log, door });
      closing.push(() => server.close());
      address = await server.listen({
        host: config.server.listen.host,
        port: options.port ?? config.server.listen.port,
      });
    }
    if (role !== 'web') {
      const rulebook = rulebookOf(policyOf(config), product);
      const keeper = await keeperOf(database, config, options.dataFolder);
      await assertKeeper(database.db, keeper);
      await checkAtStart({ database, keeper, now });
      const parts = { database, queue, now, random: Math.random, log, rulebook, keeper, calm: () => door.calm() };
      const keep = (): Promise<void> => keepLog({ ...parts, filter: filterOf(config) });
      await keep();
      closing.push(startClock(keepLogEveryMs, keep, log, 'Keeping the ledger'));
      const watchLog = createLogWatch({ database, keeper, now });
      closing.push(startClock(watchLogEveryMs, watchLog, log, 'Watching over the ledger'));
      const clients = createClients(config);
      const logName = (): LogName => logNameOf(config, keeper);
      closing.push(await startPipeline(parts, createPipeline({ ...parts, ...clients, logName })));
      const watch = (): Promise<void> => watchEmergencies({ ...parts, ...clients });
      closing.push(startClock(emergenciesEveryMs, watch, log, 'Looking after emergencies'));
      if (config.ledger.timestamps !== null) {
        const tsa = createTsa(config.ledger.timestamps);
        const stamp = (): Promise<void> => stampHead({ database, tsa, now, log });
        closing.push(startClock(timestampsEveryMs, stamp, log, 'Time-stamping the ledger'));
      }
    }
    return { address, trail: trailOf(database, options.dataFolder), close };
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

async function createWeb(config: Config, parts: { database: Database; queue: Queue; log: Logger; door: Door }) {
  const { database, queue, log, door } = parts;
  const filter = filterOf(config);
  const keep = createGroupCommit<Arriving, Received>({
    commit: (arrivals) => receive({ database, queue, filter, pods: config.slack.pods, now }, arrivals),
    largestGroup: 200,
    patienceMs: 8000,
    pauseMs: 200,
  });
  return createServer({
    log,
    now,
    filter,
    keep: (arriving) => door.enter(() => keep(arriving)),
    instance: instanceOf(config.gitlab.url),
    secrets: {
      signing: config.gitlab.webhook.signing.map((secret) => secret.reveal()),
      token: config.gitlab.webhook.token.map((secret) => secret.reveal()),
    },
    isReady: () => isMigrated(database.db),
    readCommitments: (recordId) => readCommitments(database.db, recordId),
    ledger: config.ledger.serve
      ? {
          readCheckpoint: async () => (await readHead(database.db))?.note,
          readFile: (address) => readLogFile(database.db, address),
          readNote: (size) => readNote(database.db, size),
          listStamps: () => listStamps(database.db),
          readStamp: (size) => readStamp(database.db, size),
          readKeyDocuments: () => readKeyDocuments(database.db),
          findBroken: (bundle) => checkBundle(database.db, primitives, bundle),
        }
      : null,
    metrics: createMetrics(() => readGauges(database.db)),
  });
}
