import type { Log } from './run-stage.ts';

/**
 * Runs something now and then, never twice at the same time. Returns what stops the clock and waits for a run that is
 * under way.
 */
export function startClock(everyMs: number, run: () => Promise<void>, log: Log, what: string): () => Promise<void> {
  let running: Promise<void> | undefined;
  const tick = (): void => {
    running ??= run()
      .catch((error: unknown) => log.error({ err: error }, `${what} failed`))
      .finally(() => {
        running = undefined;
      });
  };
  tick();
  const clock = setInterval(tick, everyMs);
  return async () => {
    clearInterval(clock);
    await running;
  };
}
