import { isConnectorError } from '../../connectors/errors.ts';

export interface PatienceParts {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Hears how long everything waits for a vendor. */
  readonly onWait?: (seconds: number) => void;
}

/** Runs a reading, and again where the vendor was busy: what a vendor asks to be waited for, all wait for. */
export type Patience = <T>(read: () => Promise<T>) => Promise<T>;

const mostTries = 6;
const longestWaitSeconds = 900;

// A reading that is repeated harms nobody; a credential that is not taken is no better in a moment.
const passing: ReadonlySet<string> = new Set([
  'unreachable',
  'timeout',
  'lost',
  'server_error',
  'rate_limited',
  'conflict',
]);

/** Makes patience for one run. */
export function createPatience({ now, sleep, onWait = () => undefined }: PatienceParts): Patience {
  let waitUntil = 0;

  return async (read) => {
    for (let tries = 1; ; tries++) {
      const left = waitUntil - now().getTime();
      if (left > 0) await sleep(left);
      try {
        return await read();
      } catch (error) {
        if (!isConnectorError(error) || !passing.has(error.code) || tries >= mostTries) throw error;
        const seconds = error.retryAfterSeconds ?? 2 ** (tries - 1);
        if (seconds > longestWaitSeconds) throw error;
        // At most as many are under way as read at once: one wait stands for all of them.
        const until = now().getTime() + seconds * 1000;
        if (until > waitUntil) {
          waitUntil = until;
          onWait(seconds);
        }
      }
    }
  };
}
