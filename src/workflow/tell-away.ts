import { isDatabaseAway, whyAway } from '../storage/away.ts';
import type { Log } from './run-stage.ts';

const everyMs = 60_000;

/**
 * Says in the log why nothing can be stored, once a minute at most: deliveries that are turned away meanwhile come by the
 * thousand, and each would say the same.
 */
export function createAwayTeller(log: Pick<Log, 'error'>, now: () => Date): (error: unknown) => void {
  let told: { readonly sentence: string; readonly at: number } | undefined;
  return (error) => {
    if (!isDatabaseAway(error)) return;
    const sentence = whyAway(error);
    const at = now().getTime();
    if (told?.sentence === sentence && Math.abs(at - told.at) < everyMs) return;
    told = { sentence, at };
    log.error({ err: error }, sentence);
  };
}
