import type { Database } from '../storage/database.ts';
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
export async function startPipeline(parts: StartParts, pipeline: readonly Stage[]): Promise<() => void> {
  for (const stage of pipeline) {
    await parts.queue.work(stage.name, stage, async (jobs) => {
      await parts.calm();
      await runStage(parts, stage, jobs);
    });
  }
  const resume = (): void => {
    resumeStranded(parts).catch((error: unknown) =>
      parts.log.error({ err: error }, 'Stranded stages were not looked for'),
    );
  };
  resume();
  const clock = setInterval(resume, resumeEveryMs);
  return () => clearInterval(clock);
}
