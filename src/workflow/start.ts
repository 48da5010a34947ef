import type { Database } from '../storage/database.ts';
import { startClock } from './clock.ts';
import { portionsOf } from './portions.ts';
import type { Queue } from './queue.ts';
import { resumeStranded } from './resume.ts';
import { runStage, type Log } from './run-stage.ts';
import type { Stage } from './stage.ts';

export interface StartParts {
  readonly database: Pick<Database, 'db' | 'transaction'>;
  readonly queue: Queue;
  /** Resolves when the front door has nothing to do. */
  readonly calm: () => Promise<void>;
  readonly now: () => Date;
  readonly random: () => number;
  readonly log: Log;
}

const resumeEveryMs = 10_000;

/** Starts a worker for every stage, and the clock that hands out what has been stranded. Returns what stops the clock. */
export async function startPipeline(parts: StartParts, pipeline: readonly Stage[]): Promise<() => Promise<void>> {
  for (const stage of pipeline) {
    await parts.queue.work(stage.name, stage, async (jobs) => {
      await parts.calm();
      for (const portion of portionsOf(jobs)) await runStage(parts, stage, portion);
    });
  }
  const resume = async (): Promise<void> => void (await resumeStranded(parts));
  return startClock(resumeEveryMs, resume, parts.log, 'Looking for stranded stages');
}
