/** A leaky bucket that fills continuously. */
export interface Bucket {
  readonly allowed: number;
  readonly periodMs: number;
  /** Takes as much, or nothing. */
  take(amount: number): boolean;
  remaining(): number;
  /** Epoch milliseconds at which it will be full again. */
  reset(): number;
  /** Sets a new limit, and fills the bucket. */
  set(allowed: number): void;
}

export interface Limits {
  readonly requests: Bucket;
  readonly complexity: Bucket;
  readonly searches: Bucket;
}

/** The largest cost of one query. */
export const largestQuery = 10_000;

function createBucket(startsWith: number, periodMs: number, now: () => Date): Bucket {
  let allowed = startsWith;
  let level = startsWith;
  let at = now().getTime();

  const fill = (): void => {
    const time = now().getTime();
    level = Math.min(allowed, level + ((time - at) / periodMs) * allowed);
    at = time;
  };

  return {
    get allowed() {
      return allowed;
    },
    periodMs,
    take(amount) {
      fill();
      if (level < amount) return false;
      level -= amount;
      return true;
    },
    remaining() {
      fill();
      return Math.floor(level);
    },
    reset() {
      fill();
      const missing = allowed === 0 ? 1 : (allowed - level) / allowed;
      return Math.ceil(now().getTime() + missing * periodMs);
    },
    set(value) {
      allowed = value;
      level = value;
    },
  };
}

const hour = 3_600_000;

/** The limits of one credential. */
export function createLimits(requestsPerHour: number, complexityPerHour: number, now: () => Date): Limits {
  return {
    requests: createBucket(requestsPerHour, hour, now),
    complexity: createBucket(complexityPerHour, hour, now),
    searches: createBucket(30, 60_000, now),
  };
}

/** The headers that every answer carries. */
export function limitHeaders(limits: Limits, cost: number, endpoint?: string): Record<string, string> {
  const { requests, complexity, searches } = limits;
  return {
    'x-ratelimit-requests-limit': String(requests.allowed),
    'x-ratelimit-requests-remaining': String(requests.remaining()),
    'x-ratelimit-requests-reset': String(requests.reset()),
    'x-complexity': String(cost),
    'x-ratelimit-complexity-limit': String(complexity.allowed),
    'x-ratelimit-complexity-remaining': String(complexity.remaining()),
    'x-ratelimit-complexity-reset': String(complexity.reset()),
    ...(endpoint === undefined
      ? {}
      : {
          'x-ratelimit-endpoint-name': endpoint,
          'x-ratelimit-endpoint-requests-limit': String(searches.allowed),
          'x-ratelimit-endpoint-requests-remaining': String(searches.remaining()),
          'x-ratelimit-endpoint-requests-reset': String(searches.reset()),
        }),
  };
}
