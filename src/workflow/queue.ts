import type { Kysely } from 'kysely';
import { fromKysely, PgBoss, type JobAttempt } from 'pg-boss';
import { stageNames, type StageName } from '../domain/stage.ts';
import type { Tables } from '../storage/tables.ts';

export const queueSchema = 'pgboss';

/** A job carries a change's id and nothing else: what is known about the change stands in our own tables. */
export interface StageJob extends JobAttempt {
  readonly data: { readonly change: number };
}

/** The queues between the stages. Jobs are handed over inside our own transactions. */
export interface Queue {
  /** Hands changes to a stage within a transaction; one that waits there already is not handed over twice. */
  handOver(
    db: Kysely<Tables>,
    stage: StageName,
    jobs: readonly { readonly changeId: number; readonly inSeconds?: number }[],
  ): Promise<void>;
  /** Completes jobs within a transaction; false when a claim had been lost to another worker. */
  complete(db: Kysely<Tables>, stage: StageName, jobs: readonly StageJob[]): Promise<boolean>;
  work(stage: StageName, options: { batchSize: number; concurrency: number }, handler: JobHandler): Promise<void>;
  /** Frees the jobs of dead nodes, and removes what has been done for a while. For a clock, and for the start. */
  lookAfter(): Promise<void>;
  stop(): Promise<void>;
}

export type JobHandler = (jobs: readonly StageJob[]) => Promise<void>;

export interface QueueOptions {
  /** Where the database is, as `pg` takes it. */
  readonly connection: object;
  readonly log: { error(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const yearSeconds = 365 * 24 * 3600;

const queueOptions = {
  notify: true,
  retryLimit: 1_000_000,
  retryDelay: 1,
  retryBackoff: true,
  // A job that comes back so has lost its node; what a vendor makes us wait for is another job.
  retryDelayMax: 10,
  expireInSeconds: 3600,
  heartbeatSeconds: 15,
  // The default deletes what has waited for 14 days.
  retentionSeconds: 10 * yearSeconds,
  // How a stage ended stands in `outcome`: of a job that is done nothing is ever asked.
  deleteAfterSeconds: 60,
};

/** Starts pg-boss and creates one queue per stage. */
export async function startQueue({ connection, log }: QueueOptions): Promise<Queue> {
  const boss = new PgBoss({
    ...connection,
    schema: queueSchema,
    application_name: 'countersign queue',
    max: 4,
    useListenNotify: true,
    // Its own clock looks at dead nodes only after its first interval: where nodes die sooner, none ever would.
    supervise: false,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 60,
    schedule: false,
    persistWarnings: false,
    // No flows and no asynchronous migrations here: their clocks would only cost commits.
    flowIntervalSeconds: 3600,
    bamIntervalSeconds: 600,
    registerInstance: false,
  });
  boss.on('error', (error) => log.error({ err: error }, 'The queue reported an error'));
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'The queue reported a warning'));
  await boss.start();
  for (const stage of stageNames) {
    // At most one live job for a change: two workers never do the same stage of it at once.
    await boss.createQueue(stage, { policy: 'exclusive', ...queueOptions });
    // One that was made by an earlier version has the options of that one.
    await boss.updateQueue(stage, queueOptions);
  }

  return {
    async handOver(db, stage, jobs) {
      if (jobs.length === 0) return;
      await boss.insert(
        stage,
        jobs.map(({ changeId, inSeconds }) => ({
          data: { change: changeId },
          singletonKey: String(changeId),
          // A span and not a moment: our clock may be hours away from the database's, by which the queue goes.
          ...(inSeconds === undefined ? {} : { startAfter: `${inSeconds} seconds` }),
        })),
        { db: fromKysely(db) },
      );
    },
    async complete(db, stage, jobs) {
      if (jobs.length === 0) return true;
      const done = await boss.complete(stage, [...jobs], null, { db: fromKysely(db) });
      // Documented, and missing from the published type.
      return 'affected' in done && done.affected === jobs.length;
    },
    async work(stage, { batchSize, concurrency }, handler) {
      await boss.work<StageJob['data']>(
        stage,
        {
          batchSize,
          localConcurrency: concurrency,
          pollingIntervalSeconds: 2,
          notifyPollingIntervalSeconds: 2,
          heartbeatRefreshSeconds: 5,
          burstWhenBatchFull: true,
        },
        async (jobs) => handler(jobs),
      );
    },
    lookAfter: () => boss.supervise(),
    stop: () => boss.stop({ graceful: true, timeout: 20_000 }),
  };
}
