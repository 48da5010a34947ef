/** Why an arrival could not be made durable in time. */
export class NotDurable extends Error {
  readonly code = 'not_durable';

  constructor(cause: unknown) {
    super('The delivery could not be made durable in time', { cause });
    this.name = 'NotDurable';
  }
}

export interface GroupCommitOptions<Item, Answer> {
  /** Commits a group; gives one answer per item, in their order. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly largestGroup: number;
  /** Milliseconds an item may wait, retries included, before it is turned away. */
  readonly patienceMs: number;
  /** Milliseconds between tries of an item that failed. */
  readonly pauseMs: number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly settle: { resolve(answer: Answer): void; reject(error: Error): void };
  /** Turned away or answered: whoever sent it waits no longer. */
  over: boolean;
  lastError?: unknown;
}

/**
 * Makes items durable in groups: whatever came in while the last group was being committed shares the next commit, so
 * the durable rate is not one commit an item. A group that fails is tried again one by one, so that one bad item never
 * takes its neighbours along.
 */
export function createGroupCommit<Item, Answer>(
  options: GroupCommitOptions<Item, Answer>,
): (item: Item) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, options.largestGroup).filter((one) => !one.over);
      if (group.length > 0) await commit(group);
    }
    running = false;
  }

  async function commit(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await options.commit(group.map(({ item }) => item));
      for (const [index, { settle }] of group.entries()) settle.resolve(answers[index]!);
    } catch (error) {
      if (group.length > 1) {
        // Meanwhile some are turned away; to try them too would hold up those who still wait.
        for (const one of group) if (!one.over) await commit([one]);
        return;
      }
      const [one] = group;
      if (one === undefined || one.over) return;
      one.lastError = error;
      // Off the loop: whoever cannot be stored waits for himself alone.
      setTimeout(() => take(one), options.pauseMs);
    }
  }

  function take(one: Waiting<Item, Answer>): void {
    waiting.push(one);
    if (!running) setImmediate(() => void (running || run()));
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const one: Waiting<Item, Answer> = { item, settle: { resolve: answered, reject }, over: false };
      const timer = setTimeout(() => {
        one.over = true;
        reject(new NotDurable(one.lastError));
      }, options.patienceMs);
      function answered(answer: Answer): void {
        one.over = true;
        clearTimeout(timer);
        resolve(answer);
      }
      take(one);
    });
}
