import type { StageJob } from './queue.ts';

/**
 * Jobs in the portions in which they are done: all together at the first try, and half as many with every try that ended with
 * its node. So something gets done however short nodes live, and a change that takes them down is alone in the end.
 */
export function portionsOf(jobs: readonly StageJob[]): StageJob[][] {
  const lost = Math.max(0, ...jobs.map(({ retryCount }) => retryCount));
  const size = Math.max(1, Math.floor(jobs.length / 2 ** lost));
  return Array.from({ length: Math.ceil(jobs.length / size) }, (_, at) => jobs.slice(at * size, (at + 1) * size));
}
