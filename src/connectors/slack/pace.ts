import { setTimeout } from 'node:timers/promises';

/** Waits until the next message for this channel may be sent, and takes that turn. */
export interface Pace {
  (channel: string): Promise<void>;
  /** Waits as long, and leaves the turn to others. */
  untilFree(channel: string): Promise<void>;
}

// Slack takes about one message a second for each channel.
const intervalMs = 1_050;

/** Keeps messages for one channel apart, in the order in which they were asked for. Channels do not wait for each other. */
export function createPace(options: {
  readonly now: () => Date;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}): Pace {
  const sleep = options.sleep ?? ((milliseconds: number) => setTimeout(milliseconds));
  const free = new Map<string, number>();

  const pace = async (channel: string): Promise<void> => {
    const now = options.now().getTime();
    for (const [other, at] of free) if (at <= now) free.delete(other);
    const turn = free.get(channel) ?? now;
    free.set(channel, turn + intervalMs);
    if (turn > now) await sleep(turn - now);
  };
  return Object.assign(pace, {
    async untilFree(channel: string) {
      const now = options.now().getTime();
      const turn = free.get(channel) ?? now;
      if (turn > now) await sleep(turn - now);
    },
  });
}
