import type { StageName } from '../domain/stage.ts';
import { tryLockInTransaction, type Database } from '../storage/database.ts';
import { bringForward, findStranded } from '../storage/outcomes.ts';
import { queueSchema, type Queue } from './queue.ts';
import type { Log } from './run-stage.ts';

export interface ResumeParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly queue: Pick<Queue, 'handOver' | 'lookAfter'>;
  readonly log: Log;
}

const mostAtOnce = 5000;

/**
 * Frees the jobs of nodes that died, and hands out every open stage that has no live job. Jobs are only how work is handed
 * out: whatever becomes of them (a queue that was emptied, a restored backup), the outcomes say what is still to be done.
 * One node at a time.
 */
export async function resumeStranded({ database, queue, log }: ResumeParts): Promise<number> {
  await queue.lookAfter();
  const stranded = await database.transaction(async (db) => {
    if (!(await tryLockInTransaction(db, 'resume'))) return [];
    const early = await bringForward(db, queueSchema);
    if (early > 0) log.warn({ jobs: early }, 'The clock was set back; stages that waited for later are handed out now');
    const stranded = await findStranded(db, queueSchema, mostAtOnce);
    for (const [stage, open] of Map.groupBy(stranded, (one): StageName => one.stage))
      await queue.handOver(db, stage, open);
    return stranded;
  });
  if (stranded.length === 0) return 0;
  log.warn({ changes: stranded.length }, 'Stages without a job were handed out again');
  return stranded.length;
}
