import type { ConnectorErrorCode } from '../connectors/errors.ts';

/** Why a stage did not get to its end this time. */
export type RetryCode =
  | ConnectorErrorCode
  | 'settling' // an unknown outcome, or a hook on its way, is being given time
  | 'busy' // another worker holds the page or the message
  | 'internal'; // our own fault: an exception nobody expected

export type RetryDecision = { readonly kind: 'retry'; readonly seconds: number } | { readonly kind: 'give_up' };

interface Delays {
  readonly first: number;
  readonly longest: number;
}

/**
 * Which codes are tried again, and how the delay grows, in seconds. An outage is tried again; a refusal is not: it is
 * recorded, and the change goes on.
 */
const delays: Partial<Record<RetryCode, Delays>> = {
  unreachable: { first: 1, longest: 300 },
  timeout: { first: 1, longest: 300 },
  lost: { first: 1, longest: 300 },
  server_error: { first: 1, longest: 300 },
  bad_response: { first: 2, longest: 300 },
  rate_limited: { first: 2, longest: 300 },
  conflict: { first: 0.2, longest: 30 },
  // A bad credential is replaced by a person: nothing is lost while it lasts.
  unauthorized: { first: 5, longest: 300 },
  settling: { first: 1, longest: 30 },
  busy: { first: 0.5, longest: 10 },
  internal: { first: 2, longest: 300 },
};

const longestWaitSeconds = 3600;
const patienceMs = 7 * 24 * 3600 * 1000;

/** True for what time may heal; false for a refusal. */
export function isTemporary(code: string): code is RetryCode {
  return Object.hasOwn(delays, code);
}

/**
 * Whether and when to try again: growing delays with jitter, at least as long as the vendor asked, for a week.
 *
 * `attempts` counts the tries before this one; `random` is from 0 to 1.
 */
export function decideRetry(failure: {
  readonly code: RetryCode;
  readonly attempts: number;
  readonly openedAt: Date;
  readonly now: Date;
  readonly afterSeconds?: number | undefined;
  readonly random: number;
}): RetryDecision {
  const delay = delays[failure.code];
  if (delay === undefined) return { kind: 'give_up' };
  if (failure.now.getTime() - failure.openedAt.getTime() > patienceMs) return { kind: 'give_up' };

  const grown = Math.min(delay.longest, delay.first * 2 ** Math.min(failure.attempts, 20));
  // Half fixed, half dice: tries spread out and still never come at once.
  const jittered = grown / 2 + (grown / 2) * failure.random;
  const asked = Math.min(failure.afterSeconds ?? 0, longestWaitSeconds);
  return { kind: 'retry', seconds: Math.max(jittered, asked) };
}
