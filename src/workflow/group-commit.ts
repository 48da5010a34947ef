/** Why an arrival was turned away: it could not be made durable in time, or too much waits already. */
export class NotDurable extends Error {
  readonly code: 'not_durable' | 'overloaded';

  constructor(code: NotDurable['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'NotDurable';
    this.code = code;
  }
}

export interface GroupCommitOptions<Item, Answer> {
  /** Commits a group; gives one answer per item, in their order. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Answer[]>;
  /** Bytes that an item holds while it waits. */
  readonly sizeOf: (item: Item) => number;
  /** True for an error that says nothing about the items: the store itself is away. */
  readonly isAway: (error: unknown) => boolean;
  readonly largestGroup: number;
  /** Milliseconds an item may wait, retries included, before it is turned away. */
  readonly patienceMs: number;
  /** Milliseconds between tries of an item that failed. */
  readonly pauseMs: number;
  /** How much may wait, in items and in bytes; what comes on top is turned away at once. */
  readonly most: { readonly items: number; readonly bytes: number };
}

export interface GroupCommit<Item, Answer> {
  readonly keep: (item: Item) => Promise<Answer>;
  /** True while nothing more may wait. */
  readonly isFull: () => boolean;
  /** What waits, and what is being committed. */
  readonly held: () => { readonly items: number; readonly bytes: number };
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly bytes: number;
  readonly settle: { resolve(answer: Answer): void; reject(error: Error): void };
  readonly timer: NodeJS.Timeout;
  /** Turned away or answered: whoever sent it waits no longer. */
  over: boolean;
  lastError?: unknown;
}

/**
 * Makes items durable in groups: whatever came in while the last group was being committed shares the next commit, so
 * the durable rate is not one commit an item. A group that fails is tried again one by one, so that one bad item never
 * takes its neighbours along. What waits is bounded, and so is how long.
 */
export function createGroupCommit<Item, Answer>(options: GroupCommitOptions<Item, Answer>): GroupCommit<Item, Answer> {
  const waiting = new Set<Waiting<Item, Answer>>();
  const held = { items: 0, bytes: 0 };
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.size > 0) {
      const group = [...waiting.values().take(options.largestGroup)];
      for (const one of group) waiting.delete(one);
      await commit(group);
    }
    running = false;
  }

  async function commit(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await options.commit(group.map(({ item }) => item));
      for (const [index, one] of group.entries()) resolve(one, answers[index]!);
    } catch (error) {
      for (const one of group) one.lastError = error;
      if (group.length === 1 || options.isAway(error)) return takeLater(group);
      // Meanwhile some are turned away; to try them too would hold up those who still wait.
      for (const one of group) {
        if (one.over) letGo(one);
        else await commit([one]);
      }
    }
  }

  // Off the loop: whoever cannot be stored waits for himself alone.
  function takeLater(group: readonly Waiting<Item, Answer>[]): void {
    for (const one of group) if (one.over) letGo(one);
    const left = group.filter(({ over }) => !over);
    if (left.length === 0) return;
    setTimeout(() => {
      for (const one of left) {
        if (one.over) letGo(one);
        else take(one);
      }
    }, options.pauseMs);
  }

  function take(one: Waiting<Item, Answer>): void {
    waiting.add(one);
    if (!running) setImmediate(() => void (running || run()));
  }

  function letGo(one: Waiting<Item, Answer>): void {
    held.items--;
    held.bytes -= one.bytes;
  }

  function resolve(one: Waiting<Item, Answer>, answer: Answer): void {
    letGo(one);
    if (one.over) return;
    one.over = true;
    clearTimeout(one.timer);
    one.settle.resolve(answer);
  }

  function turnAway(one: Waiting<Item, Answer>): void {
    one.over = true;
    // What is being committed at this moment is held until that has ended.
    if (waiting.delete(one)) letGo(one);
    one.settle.reject(new NotDurable('not_durable', 'The delivery could not be made durable in time', one.lastError));
  }

  const isFull = (): boolean => held.items >= options.most.items || held.bytes >= options.most.bytes;

  return {
    isFull,
    held: () => ({ ...held }),
    keep: (item) =>
      new Promise((resolveOne, reject) => {
        if (isFull()) return reject(new NotDurable('overloaded', 'Too much waits to be made durable'));
        const bytes = options.sizeOf(item);
        held.items++;
        held.bytes += bytes;
        const one: Waiting<Item, Answer> = {
          item,
          bytes,
          settle: { resolve: resolveOne, reject },
          timer: setTimeout(() => turnAway(one), options.patienceMs),
          over: false,
        };
        take(one);
      }),
  };
}
