import type { AnswerHeaders } from './http.ts';
import { shareLeft } from './quota.ts';

/** How an exchange with a vendor went, as far as it tells how much the vendor can take. */
export type Went =
  | { readonly kind: 'answered'; readonly headers: AnswerHeaders }
  /** The vendor was slow, failed, or said that it is too much. */
  | { readonly kind: 'strained' };

/** How many exchanges with one vendor may be under way. */
export interface Flow {
  /** Waits for a place. Whoever got one gives it back with `leave`. */
  enter(): Promise<void>;
  leave(went: Went): void;
}

// Above this share of its limits a vendor is asked as much as ever; below it less and less.
const ample = 0.5;

/**
 * Lets so many exchanges go side by side as the vendor takes: fewer as less of its limits is left, half as many after
 * it failed or was too slow, and one more with every answer that went well.
 */
export function createFlow(most: number): Flow {
  const waiting: (() => void)[] = [];
  let allowed = most;
  let underWay = 0;

  function admit(): void {
    while (waiting.length > 0 && underWay < Math.max(1, Math.floor(allowed))) {
      underWay++;
      waiting.shift()?.();
    }
  }

  return {
    enter: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        admit();
      }),
    leave(went) {
      underWay--;
      if (went.kind === 'strained') allowed = Math.max(1, allowed / 2);
      else {
        const left = shareLeft(went.headers);
        const ceiling = left === undefined ? most : most * Math.min(1, left / ample);
        allowed = Math.max(1, Math.min(allowed + 1, ceiling));
      }
      admit();
    },
  };
}
