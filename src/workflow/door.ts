/** The front door's claim on the event loop: while somebody waits for an answer, the stages hold back. */
export interface Door {
  /** Counts a request in until `run` has ended. */
  enter<T>(run: () => Promise<T>): Promise<T>;
  /** Resolves when nobody is in the door, or after a second: the pipeline never starves. */
  calm(): Promise<void>;
}

const longestWaitMs = 1000;
const pauseMs = 10;

/** Creates the door of one process. */
export function createDoor(): Door {
  let inside = 0;
  let lastLeft = -Infinity;
  // Between two requests of a burst nobody is inside for a moment.
  const isBusy = (): boolean => inside > 0 || performance.now() - lastLeft < 2 * pauseMs;
  return {
    async enter(run) {
      inside++;
      try {
        return await run();
      } finally {
        inside--;
        lastLeft = performance.now();
      }
    },
    async calm() {
      const end = performance.now() + longestWaitMs;
      while (isBusy() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    },
  };
}
