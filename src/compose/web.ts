import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { instanceOf } from '../domain/change.ts';
import type { Intake } from '../server/door/read-delivery.ts';
import { createMetrics } from '../server/metrics.ts';
import { checkBundle } from '../server/sealed-check.ts';
import { createServer } from '../server/server.ts';
import { isDatabaseAway } from '../storage/away.ts';
import { readCommitments } from '../storage/commitments.ts';
import type { Database } from '../storage/database.ts';
import { readHead } from '../storage/ledger.ts';
import { readLogFile } from '../storage/log-files.ts';
import { isMigrated } from '../storage/migrate.ts';
import { readKeyDocuments } from '../storage/signing-keys.ts';
import { listStamps, readNote, readStamp } from '../storage/timestamps.ts';
import { startClock } from '../workflow/clock.ts';
import { createDoorLife } from '../workflow/door-life.ts';
import type { Door } from '../workflow/door.ts';
import { createGroupCommit } from '../workflow/group-commit.ts';
import { createMissed } from '../workflow/missed.ts';
import { primitives } from '../workflow/primitives.ts';
import type { Queue } from '../workflow/queue.ts';
import { receive, type Arriving, type Received } from '../workflow/receive.ts';
import { readGauges } from '../workflow/report.ts';
import { createAwayTeller } from '../workflow/tell-away.ts';
import type { LiveConfig } from './live-config.ts';
import { filterOf } from './settings.ts';

export interface WebParts {
  readonly live: LiveConfig;
  readonly database: Database;
  readonly queue: Queue;
  readonly log: Logger;
  readonly door: Door;
  readonly now: () => Date;
}

const aliveEveryMs = 60_000;
const megabyte = 1024 * 1024;

/** The server: the front door, health, records and the log. */
export async function createWeb({ live, database, queue, log, door, now }: WebParts) {
  const tellAway = createAwayTeller(log, now);
  const arrivals = createGroupCommit<Arriving, Received>({
    commit: async (group) => {
      const config = live.current();
      try {
        return await receive({ database, queue, filter: filterOf(config), pods: config.slack.pods, now }, group);
      } catch (error) {
        tellAway(error);
        throw error;
      }
    },
    sizeOf: ({ delivery }) => delivery.body.length,
    isAway: isDatabaseAway,
    largestGroup: 200,
    patienceMs: 8000,
    pauseMs: 200,
    most: { items: 10_000, bytes: 64 * megabyte },
  });
  const missed = createMissed({ database, now, log });
  const app = await createServer({
    log,
    now,
    keep: (arriving) => door.enter(() => arrivals.keep(arriving)),
    isFull: arrivals.isFull,
    missed: missed.note,
    intake: intakeOf(live),
    isReady: () => isMigrated(database.db),
    readCommitments: (recordId) => readCommitments(database.db, recordId),
    ledger: live.current().ledger.serve
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

  const life = createDoorLife({ database, now, node: randomUUID() });
  let stopClock = async (): Promise<void> => undefined;
  app.addHook('onListen', async () => {
    stopClock = startClock(aliveEveryMs, life.tell, log, 'Saying that the front door is open');
  });
  // When the last request has been answered.
  app.addHook('onClose', async () => {
    await stopClock();
    await missed.close();
    await life.leave().catch((error: unknown) => log.warn({ err: error }, 'The front door closed without a word'));
  });
  return app;
}

/** What the front door asks of the configuration, made anew only when that has changed. */
function intakeOf(live: LiveConfig): () => Intake {
  let last: Config | undefined;
  let intake: Intake | undefined;
  return () => {
    const config = live.current();
    if (intake === undefined || config !== last) {
      const { gitlab } = config;
      last = config;
      intake = {
        filter: filterOf(config),
        instance: instanceOf(gitlab.url),
        secrets: {
          signing: gitlab.webhook.signing.map((secret) => secret.reveal()),
          token: gitlab.webhook.token.map((secret) => secret.reveal()),
        },
      };
    }
    return intake;
  };
}
