import { LimitError } from './answers.ts';
import type { SlackFact } from './facts.ts';
import type { SlackSwitches } from './switches.ts';

export interface Limits {
  /** Counts a message to a channel; refuses it where there were too many. */
  countMessage(channel: string): void;
  /** Counts a call of a method with so many calls a minute. */
  countCall(method: string, perMinute: number): void;
  /** Counts a call of a method that has one a minute. */
  countRare(method: string): void;
}

interface Bucket {
  level: number;
  at: number;
}

const burst = 5;

/** Buckets that fill with time, one for each channel and method. */
export function createLimits(switches: SlackSwitches, now: () => number): Limits {
  const buckets = new Map<string, Bucket>();

  function take(name: string, size: number, perSecond: number, fact: SlackFact): void {
    const time = now();
    const bucket = buckets.get(name) ?? { level: size, at: time };
    bucket.level = Math.min(size, bucket.level + ((time - bucket.at) / 1000) * perSecond);
    bucket.at = time;
    buckets.set(name, bucket);
    // A thousandth is what arithmetic loses.
    if (bucket.level < 0.999) throw new LimitError(Math.max(1, Math.ceil((1 - bucket.level) / perSecond)), fact);
    bucket.level -= 1;
  }

  return {
    countMessage(channel) {
      const { channelLimit, workspaceMessagesPerMinute: ceiling } = switches;
      const fact = 'slack 2 about one message a second and channel';
      if (channelLimit !== 'off')
        take(`channel ${channel} ${channelLimit}`, channelLimit === 'burst' ? burst : 1, 1, fact);
      if (ceiling > 0) take(`workspace ${ceiling}`, ceiling, ceiling / 60, fact);
    },
    countCall(method, perMinute) {
      if (switches.tiers) take(`method ${method}`, perMinute, perMinute / 60, 'slack 2 tiers by method and minute');
    },
    countRare(method) {
      take(`rare ${method}`, 1, 1 / 60, 'slack 5 one request a minute, 15 messages');
    },
  };
}
