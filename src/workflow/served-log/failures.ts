/** Something that does not hold of a log that is served. */
export interface ServedFailure {
  /** A path below the address, `log entry <index>`, or `(since)` for the earlier head. */
  readonly file: string;
  readonly code: string;
  readonly message: string;
  readonly entry?: number;
}

/** Collects what does not hold: no more than a hundred of it, however much the other side says. */
export interface Failures {
  add(failure: ServedFailure): void;
  readonly listed: readonly ServedFailure[];
}

const most = 100;

export function createFailures(): Failures {
  const listed: ServedFailure[] = [];
  return {
    listed,
    add(failure) {
      if (listed.length < most) listed.push(failure);
    },
  };
}
