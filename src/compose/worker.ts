import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { policyOf } from '../config/policy.ts';
import { createTsa } from '../connectors/tsa/client.ts';
import type { Database } from '../storage/database.ts';
import { assertKeeper } from '../storage/ledger.ts';
import { startClock } from '../workflow/clock.ts';
import { keepPages } from '../workflow/audit-pages/page-index.ts';
import type { Door } from '../workflow/door.ts';
import { watchEmergencies } from '../workflow/emergencies.ts';
import { rulebookOf } from '../workflow/judge-records.ts';
import { keepLog } from '../workflow/keep-log.ts';
import { createPipeline } from '../workflow/pipeline.ts';
import type { Queue } from '../workflow/queue.ts';
import type { Stage } from '../workflow/stage.ts';
import { startPipeline } from '../workflow/start.ts';
import { stampHead } from '../workflow/timestamps.ts';
import { checkAtStart, createLogWatch } from '../workflow/watch-log.ts';
import { createClients } from './clients.ts';
import { product } from './product.ts';
import { summariesOf } from './summaries.ts';
import { filterOf, keeperOf, logNameOf } from './settings.ts';

const emergenciesEveryMs = 60_000;
const timestampsEveryMs = 60_000;
const keepLogEveryMs = 60_000;
const watchLogEveryMs = 60_000;
const pagesEveryMs = 60_000;

export interface WorkerParts {
  readonly config: Config;
  readonly dataFolder: string;
  readonly database: Database;
  readonly queue: Queue;
  readonly log: Logger;
  readonly door: Door;
  readonly now: () => Date;
  /** Takes what has to be stopped again, in order. */
  readonly stopLater: (stop: () => Promise<void> | void) => void;
}

export interface Worker {
  /**
   * Goes over to another configuration. Its rules enter the log before anything is judged by them; batches that are
   * under way end by the rules with which they began.
   */
  reconfigure(config: Config): Promise<void>;
}

/** The pipeline, and all that runs on a clock. */
export async function startWorker(options: WorkerParts): Promise<Worker> {
  const { database, queue, log, door, now, stopLater } = options;
  const keeper = await keeperOf(database, options.config, options.dataFolder);
  await assertKeeper(database.db, keeper);
  await checkAtStart({ database, keeper, now });
  const parts = { database, queue, now, random: Math.random, log, keeper, calm: () => door.calm() };

  const wiringOf = (config: Config) => {
    const rulebook = rulebookOf(policyOf(config), product);
    const clients = createClients(config);
    const logName = () => logNameOf(config, keeper);
    const rules = { owed: true };
    return {
      rules,
      keep: () => keepLog({ ...parts, rulebook, rules, filter: filterOf(config) }),
      pipeline: createPipeline({ ...parts, rulebook, ...clients, logName, summaries: summariesOf(config, parts) }),
      watch: () => watchEmergencies({ ...parts, rulebook, ...clients }),
      pages: () => keepPages({ ...parts, ...clients }),
    };
  };
  let wiring = wiringOf(options.config);
  await wiring.keep();
  stopLater(startClock(keepLogEveryMs, () => wiring.keep(), log, 'Keeping the ledger'));
  const over = new AbortController();
  const watchLog = createLogWatch({ database, keeper, now }, over.signal);
  stopLater(startClock(watchLogEveryMs, watchLog, log, 'Watching over the ledger'));
  // Told before the clock waits for it.
  stopLater(() => over.abort());
  const stages = wiring.pipeline.map((stage, step): Stage => ({
    ...stage,
    run: (batch) => wiring.pipeline[step]!.run(batch),
  }));
  stopLater(await startPipeline(parts, stages));
  stopLater(startClock(emergenciesEveryMs, () => wiring.watch(), log, 'Looking after emergencies'));
  stopLater(startClock(pagesEveryMs, () => wiring.pages(), log, 'Keeping the list of audit pages'));
  if (options.config.ledger.timestamps !== null) {
    const tsa = createTsa(options.config.ledger.timestamps);
    stopLater(
      startClock(timestampsEveryMs, () => stampHead({ database, tsa, now, log }), log, 'Time-stamping the ledger'),
    );
  }

  return {
    async reconfigure(config) {
      const next = wiringOf(config);
      // Nothing is judged by rules that the log does not know.
      await next.keep();
      wiring = next;
    },
  };
}
