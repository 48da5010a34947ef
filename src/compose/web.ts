import type { Logger } from 'pino';
import { instanceOf } from '../domain/change.ts';
import { createMetrics } from '../server/metrics.ts';
import { checkBundle } from '../server/sealed-check.ts';
import { createServer } from '../server/server.ts';
import { readCommitments } from '../storage/commitments.ts';
import type { Database } from '../storage/database.ts';
import { readHead } from '../storage/ledger.ts';
import { readLogFile } from '../storage/log-files.ts';
import { isMigrated } from '../storage/migrate.ts';
import { readKeyDocuments } from '../storage/signing-keys.ts';
import { listStamps, readNote, readStamp } from '../storage/timestamps.ts';
import type { Door } from '../workflow/door.ts';
import { createGroupCommit } from '../workflow/group-commit.ts';
import { primitives } from '../workflow/primitives.ts';
import type { Queue } from '../workflow/queue.ts';
import { receive, type Arriving, type Received } from '../workflow/receive.ts';
import { readGauges } from '../workflow/report.ts';
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

/** The server: the front door, health, records and the log. */
export function createWeb({ live, database, queue, log, door, now }: WebParts) {
  const keep = createGroupCommit<Arriving, Received>({
    commit: (arrivals) => {
      const config = live.current();
      return receive({ database, queue, filter: filterOf(config), pods: config.slack.pods, now }, arrivals);
    },
    largestGroup: 200,
    patienceMs: 8000,
    pauseMs: 200,
  });
  return createServer({
    log,
    now,
    keep: (arriving) => door.enter(() => keep(arriving)),
    intake: () => {
      const config = live.current();
      const { gitlab } = config;
      return {
        filter: filterOf(config),
        instance: instanceOf(gitlab.url),
        secrets: {
          signing: gitlab.webhook.signing.map((secret) => secret.reveal()),
          token: gitlab.webhook.token.map((secret) => secret.reveal()),
        },
      };
    },
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
}
