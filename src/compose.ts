import { formatVerifierKey } from '@countersign/ledger';
import { pino, type Logger } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import type { Config } from './config/config.ts';
import { policyOf } from './config/policy.ts';
import type { Secret } from './config/secret.ts';
import { createConfluence } from './connectors/confluence/client.ts';
import { createGitLab } from './connectors/gitlab/client.ts';
import { createLinear } from './connectors/linear/client.ts';
import { createSlack } from './connectors/slack/client.ts';
import { createTsa } from './connectors/tsa/client.ts';
import { instanceOf } from './domain/change.ts';
import type { Filter } from './domain/filter.ts';
import type { LogName } from './domain/introduction.ts';
import type { ChangeName } from './domain/name.ts';
import type { StageName } from './domain/stage.ts';
import { createMetrics } from './server/metrics.ts';
import { checkBundle } from './server/sealed-check.ts';
import { createServer } from './server/server.ts';
import { findChange } from './storage/changes.ts';
import { readCommitments } from './storage/commitments.ts';
import { openDatabase, type Connection, type Database } from './storage/database.ts';
import { connectEmbedded, startEmbedded } from './storage/embedded.ts';
import { isMigrated, migrate } from './storage/migrate.ts';
import type { LogKeeper } from './storage/keeper.ts';
import { assertKeeper, readHead } from './storage/ledger.ts';
import { readLogFile } from './storage/log-files.ts';
import { writeTrigger } from './storage/settings.ts';
import { listStamps, readNote, readStamp } from './storage/timestamps.ts';
import { noteAction } from './storage/statements.ts';
import { openKeeper } from './storage/open-keeper.ts';
import { startClock } from './workflow/clock.ts';
import { createDoor, type Door } from './workflow/door.ts';
import { watchEmergencies } from './workflow/emergencies.ts';
import { createGroupCommit } from './workflow/group-commit.ts';
import { rulebookOf } from './workflow/judge-records.ts';
import { createPipeline } from './workflow/pipeline.ts';
import { primitives } from './workflow/primitives.ts';
import { reportKey, type KeyReport } from './workflow/report-key.ts';
import { startQueue, type Queue } from './workflow/queue.ts';
import { receive, type Arriving, type Received } from './workflow/receive.ts';
import { readGauges, reportChange, reportStatus, type ChangeReport, type StatusReport } from './workflow/report.ts';
import { rejudge, rejudgeAll, type Rejudged } from './workflow/rejudge.ts';
import { retryChange } from './workflow/retry-change.ts';
import { createPacks, type Packs } from './workflow/packs.ts';
import { rotateKey, type Rotation } from './workflow/rotate-key.ts';
import { startPipeline } from './workflow/start.ts';
import { stampHead } from './workflow/timestamps.ts';
import { keepLog } from './workflow/keep-log.ts';
import { checkAtStart, createLogWatch } from './workflow/watch-log.ts';
import { readKeyDocuments } from './storage/signing-keys.ts';
import type { SigningKeyOptions } from './storage/signing-key.ts';

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

/** What commands read from the trail and switch in it. */
export interface Trail {
  status(): Promise<StatusReport>;
  show(name: ChangeName): Promise<ChangeReport | undefined>;
  setTrigger(value: 'on' | 'off'): Promise<void>;
  /**
   * Judges sealed records again under the policy of a configuration: one change, or all. Undefined where the change is
   * unknown. No record is changed.
   */
  judge(config: Config, options?: JudgeOptions): Promise<Rejudged | undefined>;
  /** The public key of the log, in the forms that others verify with. */
  keys(config: Config): Promise<KeyReport>;
  /** Goes over to another key: both sign the change. */
  rotateKey(config: Config): Promise<Rotation>;
  /** What is handed to auditors: packs, lists of a period, samples. */
  packs(config: Config): Promise<Packs>;
  /** Opens refused stages again; undefined where the change is unknown. */
  retry(name: ChangeName, stage?: StageName): Promise<string[] | undefined>;
}

export interface JudgeOptions {
  readonly name?: ChangeName | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

const now = (): Date => new Date();

const emergenciesEveryMs = 60_000;
const timestampsEveryMs = 60_000;
const keepLogEveryMs = 60_000;
const watchLogEveryMs = 60_000;

/** Stands in every record and verdict: what made it. */
const product = `${manifest.name}/${manifest.version}`;

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

function trailOf(database: Database, dataFolder: string): Trail {
  const { db } = database;
  return {
    status: () => reportStatus(db),
    show: (name) => reportChange(db, name),
    setTrigger: (value) =>
      database.transaction(async (trx) => {
        await writeTrigger(trx, value, now());
        await noteAction(trx, { what: 'trigger', detail: { value } }, now());
      }),
    judge: async (config, { name, onProgress } = {}) => {
      const keeper = await keeperOf(database, config, dataFolder);
      const parts = { database, rulebook: rulebookOf(policyOf(config), product), keeper, now };
      if (name === undefined) return rejudgeAll(parts, onProgress);
      const change = await findChange(db, name);
      return change === undefined ? undefined : rejudge(parts, [change.id]);
    },
    keys: async (config) => reportKey(db, await keeperOf(database, config, dataFolder)),
    rotateKey: async (config) => {
      const keeper = await keeperOf(database, config, dataFolder);
      return rotateKey(database, keeper, keyOptionsOf(config, dataFolder), now());
    },
    packs: async (config) =>
      createPacks({ database, keeper: await keeperOf(database, config, dataFolder), now, product }),
    retry: (name, stage) => retryChange(database, name, stage, now()),
  };
}

function keeperOf({ db }: Database, config: Config, dataFolder: string): Promise<LogKeeper> {
  return openKeeper(db, primitives, keyOptionsOf(config, dataFolder));
}

function keyOptionsOf({ signingKey, nextSigningKey, ledger }: Config, dataFolder: string): SigningKeyOptions {
  const pem = signingKey?.reveal() ?? null;
  return { pem, nextPem: nextSigningKey?.reveal() ?? null, dataFolder, origin: ledger.origin };
}

function logNameOf({ ledger, server }: Config, { signer }: LogKeeper): LogName {
  return {
    origin: signer.name,
    verifierKey: formatVerifierKey(primitives, signer),
    checkpointUrl: ledger.serve ? `${server.publicUrl}/log/checkpoint` : null,
  };
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

function filterOf(config: Config): Filter {
  const { groups, projects } = config.gitlab;
  return { groups, projects, ...config.filter };
}

function createClients(config: Config) {
  const { gitlab, linear, confluence, slack, message, policy } = config;
  const { group } = policy.securityReviewers;
  return {
    gitlab: createGitLab({
      url: gitlab.url,
      token: gitlab.token.reveal(),
      ...(group === null ? {} : { securityReviewersGroup: group }),
    }),
    linear: createLinear({
      url: linear.url,
      auth:
        linear.auth.kind === 'api_key'
          ? { kind: 'api_key', key: linear.auth.key.reveal() }
          : {
              kind: 'client_credentials',
              clientId: linear.auth.clientId,
              clientSecret: linear.auth.clientSecret.reveal(),
            },
      auditedLabel: linear.auditedLabel,
      ...(linear.completedState === null ? {} : { completedState: linear.completedState }),
    }),
    confluence: createConfluence({
      url: confluence.url,
      flavour: confluence.api,
      auth:
        confluence.auth.kind === 'basic'
          ? { kind: 'basic', email: confluence.auth.email, token: confluence.auth.token.reveal() }
          : { kind: 'bearer', token: confluence.auth.token.reveal() },
    }),
    slack: createSlack({ url: slack.url, token: slack.token.reveal() }),
    publicUrl: config.server.publicUrl,
    page: confluence.page,
    pods: slack.pods,
    fallbackChannel: slack.fallbackChannel,
    digestAbove: message.digestAbove,
  };
}
