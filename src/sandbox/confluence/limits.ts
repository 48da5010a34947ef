import type { Fault, FaultKind } from '../faults.ts';
import type { SandboxAnswer } from '../http.ts';
import { failV1 } from './answers.ts';
import type { ConfluenceSwitches } from './switches.ts';

export interface PlannedLimit {
  readonly seconds: number;
  /** As `RateLimit-Reason` names it on Cloud. */
  readonly reason: string;
}

export interface LimitContext {
  readonly flavour: 'cloud' | 'data_center';
  readonly switches: ConfluenceSwitches;
  readonly now: () => Date;
}

// The numbers of the burst limits are not published; these only have to be plausible.
const cloudLimit = 100;
const bucket = { size: 10, interval: 1, fill: 5 };

/** 429 with the headers of its flavour. Nothing was done. */
export function limited({ seconds, reason }: PlannedLimit, { flavour, switches, now }: LimitContext): SandboxAnswer {
  const until = new Date(now().getTime() + seconds * 1000);
  const retryAfter = {
    seconds: { 'retry-after': String(seconds) },
    date: { 'retry-after': until.toUTCString() },
    absent: {},
  }[switches.retryAfter];
  const headers =
    flavour === 'data_center'
      ? { ...bucketHeaders(0), ...retryAfter }
      : {
          'x-ratelimit-limit': String(cloudLimit),
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': until.toISOString(),
          'x-ratelimit-nearlimit': 'true',
          'ratelimit-reason': reason,
          'beta-ratelimit': `"burst";r=0;t=${seconds}`,
          'beta-ratelimit-policy': `"burst";q=${cloudLimit};w=1`,
          ...retryAfter,
        };
  return { ...failV1(429, 'Rate limit exceeded', 'limit.429'), headers };
}

/** What Data Center shows on every answer while the limit is on; `retry-after` is 0 while tokens are left. */
export function bucketHeaders(left: number = bucket.size - 1): Record<string, string> {
  return {
    'x-ratelimit-limit': String(bucket.size),
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-interval-seconds': String(bucket.interval),
    'x-ratelimit-fillrate': String(bucket.fill),
    'retry-after': '0',
  };
}

/** How Confluence words a failure of the sandbox. What comes from a proxy in front of it stays as it is. */
export function wordFault({ kind, delayMs = 1000 }: Fault, context: LimitContext): SandboxAnswer | undefined {
  const worded: Partial<Record<FaultKind, () => SandboxAnswer>> = {
    refuse: () => failV1(403, 'Not permitted', 'page.forbidden'),
    limit: () => limited({ seconds: Math.ceil(delayMs / 1000), reason: 'confluence-burst-based' }, context),
    error_500: () => failV1(500, 'Internal server error', 'page.lock'),
    commit_then_500: () => failV1(500, 'Internal server error', 'page.lock'),
  };
  const answer = worded[kind]?.();
  return answer === undefined ? undefined : { ...answer, fact: 'fault' };
}
