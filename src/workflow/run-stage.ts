import { isConnectorError } from '../connectors/errors.ts';
import { nextStage } from '../domain/stage.ts';
import type { Database } from '../storage/database.ts';
import { raise, resolve, type Finding } from '../storage/attention.ts';
import { finish, readChanges } from '../storage/changes.ts';
import { openOutcomes, readOpen, writeOutcomes, type OutcomeUpdate } from '../storage/outcomes.ts';
import type { Queue, StageJob } from './queue.ts';
import { decideRetry } from './retry.ts';
import { resultOfError, type Stage, type StageResult, type StageRun, type Work } from './stage.ts';

export interface RunStageParts {
  readonly database: Pick<Database, 'db' | 'transaction'>;
  readonly queue: Queue;
  readonly now: () => Date;
  readonly random: () => number;
  readonly log: Log;
}

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * Takes a batch of jobs through one stage. The vendors are called first, outside any transaction; then one transaction
 * writes the outcomes, hands the changes over to the next stage, and completes the jobs. A crash anywhere repeats the
 * stage and never skips it.
 */
export async function runStage(parts: RunStageParts, stage: Stage, jobs: readonly StageJob[]): Promise<void> {
  try {
    await runBatch(parts, stage, jobs);
  } catch (error) {
    if (jobs.length === 1) return postpone(parts, stage, jobs, error);
    // One change that nobody foresaw must not hold up its neighbours.
    parts.log.warn({ stage: stage.name, err: error }, 'A batch failed; its changes are taken one by one');
    for (const job of jobs) await runStage(parts, stage, [job]);
  }
}

async function runBatch(parts: RunStageParts, stage: Stage, jobs: readonly StageJob[]): Promise<void> {
  const batch = await readWork(parts, stage, jobs);
  const run = await runWhole(stage, batch);
  await settle(parts, stage, jobs, batch, run);
}

async function readWork(parts: RunStageParts, stage: Stage, jobs: readonly StageJob[]): Promise<Work[]> {
  const { db } = parts.database;
  const open = await readOpen(
    db,
    stage.name,
    jobs.map((job) => job.data.change),
  );
  const changes = await readChanges(db, [...open.keys()]);
  return changes.map((change) => {
    const outcome = open.get(change.id)!;
    return { change, attempts: outcome.attempts, openedAt: outcome.openedAt };
  });
}

// A vendor that fails as a whole fails for every change of the batch.
async function runWhole(stage: Stage, batch: readonly Work[]): Promise<StageRun> {
  if (batch.length === 0) return { results: new Map() };
  try {
    return await stage.run(batch);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    const result = resultOfError(error);
    return { results: new Map(batch.map(({ change }) => [change.id, result])) };
  }
}

async function postpone(parts: RunStageParts, stage: Stage, jobs: readonly StageJob[], error: unknown): Promise<void> {
  parts.log.error({ stage: stage.name, change: jobs[0]?.data.change, err: error }, 'A stage failed unexpectedly');
  const batch = await readWork(parts, stage, jobs);
  const result: StageResult = { kind: 'retry', code: 'internal', detail: 'An unexpected failure; see the log' };
  await settle(parts, stage, jobs, batch, { results: new Map(batch.map(({ change }) => [change.id, result])) });
}

async function settle(
  parts: RunStageParts,
  stage: Stage,
  jobs: readonly StageJob[],
  batch: readonly Work[],
  run: StageRun,
): Promise<void> {
  const now = parts.now();
  const endings = batch.map((work) => ending(parts, stage, work, run.results.get(work.change.id), now));
  const again = endings.filter((one) => one.update.outcome === 'waiting');
  const over = endings.filter((one) => one.update.outcome !== 'waiting').map((one) => one.work.change);
  const following = nextStage(stage.name);

  await parts.database.transaction(async (db) => {
    await run.save?.(db);
    await writeOutcomes(
      db,
      stage.name,
      endings.map((one) => one.update),
      now,
    );
    // First completed, then handed over again: a change has at most one live job per stage.
    if (!(await parts.queue.complete(db, stage.name, jobs))) {
      throw new Error(`The claim on a batch of ${stage.name} was lost to another worker`);
    }
    await parts.queue.handOver(
      db,
      stage.name,
      again.map((one) => ({ changeId: one.work.change.id, inSeconds: one.inSeconds ?? 0 })),
    );
    const ids = over.map((change) => change.id);
    if (following !== undefined) {
      await openOutcomes(db, following, ids, now);
      await parts.queue.handOver(
        db,
        following,
        ids.map((changeId) => ({ changeId })),
      );
    }
    await finish(db, ids, now);
    await raise(
      db,
      endings.flatMap((one) => one.finding ?? []),
      now,
    );
    await resolve(
      db,
      'refused',
      endings.filter((one) => one.update.outcome === 'done').map((one) => one.work.change.keyText),
      now,
      stage.name,
    );
  });
  await run.saved?.();
  for (const { work, update } of endings) {
    if (update.outcome === 'done') continue;
    const fields = { stage: stage.name, change: work.change.keyText, reason: update.reason, detail: update.detail };
    parts.log.info(fields, update.outcome === 'waiting' ? 'To be tried again' : `Ended as ${update.outcome}`);
  }
}

interface Ending {
  readonly work: Work;
  readonly update: OutcomeUpdate;
  /** When to try again. */
  readonly inSeconds?: number;
  readonly finding?: Finding;
}

function ending(parts: RunStageParts, stage: Stage, work: Work, result: StageResult | undefined, now: Date): Ending {
  const changeId = work.change.id;
  const over = (outcome: 'done' | 'skipped', reason: string | null): Ending => ({
    work,
    update: { changeId, outcome, reason, detail: null, nextAt: null },
  });
  const findingOf = (reason: string, detail: string | null): Finding => ({
    kind: 'refused',
    subject: work.change.keyText,
    stage: stage.name,
    reason,
    detail,
    owner: work.change.pod,
  });
  const failed = (reason: string, detail: string): Ending => ({
    work,
    update: { changeId, outcome: 'failed', reason, detail, nextAt: null },
    finding: findingOf(reason, detail),
  });

  if (result === undefined) throw new Error(`A stage gave no result for change ${work.change.keyText}`);
  switch (result.kind) {
    case 'done':
      return over('done', null);
    case 'skipped':
      return over('skipped', result.reason);
    case 'failed':
      return failed(result.code, result.detail);
    case 'retry': {
      const decision = decideRetry({
        code: result.code,
        attempts: work.attempts,
        openedAt: work.openedAt,
        now,
        afterSeconds: result.afterSeconds,
        random: parts.random(),
      });
      if (decision.kind === 'give_up') return failed(result.code, result.detail ?? 'Given up after a week of tries');
      const inSeconds = decision.seconds;
      const nextAt = new Date(now.getTime() + inSeconds * 1000);
      const update = {
        changeId,
        outcome: 'waiting',
        reason: result.code,
        detail: result.detail ?? null,
        nextAt,
      } as const;
      // It waits for somebody to replace the credential, so somebody has to hear of it.
      return result.code === 'unauthorized'
        ? { work, update, inSeconds, finding: findingOf(result.code, update.detail) }
        : { work, update, inSeconds };
    }
  }
}
