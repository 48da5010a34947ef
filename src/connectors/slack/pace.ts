import { setTimeout } from 'node:timers/promises';

/** Waits until the next message for this channel may be sent, and takes that turn. */
export interface Pace {
  (channel: string): Promise<void>;
  /** Waits as long, and leaves the turn to others. */
  untilFree(channel: string): Promise<void>;
  /** After a message was one too many: this channel takes no more bursts. */
  refused(channel: string): void;
}

// Slack takes about one message a second for each channel, and tolerates short bursts.
const intervalMs = 1_050;
const burst = 3;

/** Keeps messages for one channel apart, in the order in which they were asked for. Channels do not wait for each other. */
export function createPace(options: {
  readonly now: () => Date;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}): Pace {
  const sleep = options.sleep ?? ((milliseconds: number) => setTimeout(milliseconds));
  // When a channel would be free if its messages had come evenly (GCRA).
  const even = new Map<string, number>();
  const strict = new Set<string>();

  const waitOf = (channel: string, now: number): number => {
    const ahead = strict.has(channel) ? 0 : (burst - 1) * intervalMs;
    return Math.max(0, (even.get(channel) ?? now) - ahead - now);
  };
  const pace = async (channel: string): Promise<void> => {
    const now = options.now().getTime();
    for (const [other, at] of even) if (at <= now) even.delete(other);
    const wait = waitOf(channel, now);
    even.set(channel, (even.get(channel) ?? now) + intervalMs);
    if (wait > 0) await sleep(wait);
  };
  return Object.assign(pace, {
    async untilFree(channel: string) {
      const wait = waitOf(channel, options.now().getTime());
      if (wait > 0) await sleep(wait);
    },
    refused: (channel: string) => void strict.add(channel),
  });
}
