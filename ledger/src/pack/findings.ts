import { type Failure, failureOf, mostFailures } from './report.ts';

/** Collects what does not hold. */
export interface Findings {
  add(failure: Failure): void;
  /** Adds the `LedgerError` with which a check ends; undefined then, or what the check gives. */
  check<T>(file: string, check: () => T): T | undefined;
  readonly count: number;
  readonly listed: readonly Failure[];
}

/** Findings of which no more than a hundred are kept: a pack where nothing holds is told by the first of them. */
export function createFindings(): Findings {
  const listed: Failure[] = [];
  let count = 0;
  const add = (failure: Failure): void => {
    count++;
    if (listed.length < mostFailures) listed.push(failure);
  };
  return {
    add,
    check(file, check) {
      try {
        return check();
      } catch (error) {
        add(failureOf(file, error));
        return undefined;
      }
    },
    get count() {
      return count;
    },
    listed,
  };
}
