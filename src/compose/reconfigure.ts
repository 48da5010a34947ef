import type { Json } from '@countersign/ledger';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { problemLine, type ConfigProblem } from '../config/errors.ts';
import type { ConfigWatch } from '../config/watch-config.ts';
import { raise, resolve } from '../storage/attention.ts';
import type { Database } from '../storage/database.ts';
import { recordConfiguration } from '../workflow/record-configuration.ts';
import { adopt, isSameConfig } from './live-config.ts';
import type { Worker } from './worker.ts';

export interface Reconfiguration {
  /** As it holds now, and as the file says: they differ in what waits for a restart. */
  current(): Config;
  /** Goes over to another configuration without a restart. Returns the keys that have to wait for one. */
  apply(config: Config): Promise<readonly string[]>;
  /** Looks at the files, and takes over what changed. What is broken is listed, and the service goes on as it was. */
  follow(watch: ConfigWatch): Promise<void>;
}

/** Holds the configuration in force, and replaces it while the service runs. */
export function createReconfiguration(
  parts: { readonly database: Database; readonly log: Logger; readonly now: () => Date },
  begin: Config,
): Reconfiguration & { handTo(worker: Worker): void; begin(): Promise<void> } {
  const { database, log, now } = parts;
  let inForce = begin;
  let recorded = begin;
  /** What is still to be taken over or listed: the database may have been away. */
  let owed: (() => Promise<unknown>) | undefined;
  let worker: Worker | undefined;

  const record = async (): Promise<void> => {
    await recordConfiguration(database, described(inForce), now());
  };

  async function apply(config: Config): Promise<readonly string[]> {
    const { config: next, waiting } = adopt(begin, config);
    if (!isSameConfig(config, recorded) || !isSameConfig(next, inForce)) {
      await worker?.reconfigure(next);
      inForce = next;
      await record();
      recorded = config;
      log.info({ waiting }, 'The configuration changed, and holds from now on');
    }
    if (waiting.length === 0) await resolve(database.db, 'configuration', [subject], now());
    else await list('restart_needed', `Restart the service for ${waiting.join(', ')} to hold`);
    return waiting;
  }

  async function list(reason: string, detail: string): Promise<void> {
    await raise(database.db, [{ kind: 'configuration', subject, reason, detail }], now());
  }

  return {
    current: () => inForce,
    apply,
    async begin() {
      await record();
      // It holds whole: whatever was listed before the start is over.
      await resolve(database.db, 'configuration', [subject], now());
    },
    handTo(taken) {
      worker = taken;
    },
    async follow(watch) {
      const news = watch.look();
      if (news.kind === 'broken') {
        log.error({ problems: news.problems.map(problemLine) }, 'The configuration is broken; the one before holds');
        owed = () => list('broken', brokenLine(news.problems));
      } else if (news.kind === 'changed') owed = () => apply(news.config);
      if (owed === undefined) return;
      await owed();
      owed = undefined;
    },
  };
}

const subject = 'service';

function brokenLine(problems: readonly ConfigProblem[]): string {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: countersign config check)` : '';
  return `${first === undefined ? 'The configuration is broken' : problemLine(first)}${more}. The configuration before it holds`;
}

/** A configuration as data; secrets are masked in it. */
export function described(config: Config): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON.parse gives is JSON
  return JSON.parse(JSON.stringify(config)) as Json;
}
