export interface ShelfOptions {
  readonly ms: number;
  readonly now: () => Date;
}

/** Holds values for a while. */
export interface Shelf<K, V> {
  get(key: K): V | undefined;
  put(key: K, value: V): void;
  /** Takes this value away, and leaves another that has come in its place. */
  drop(key: K, value: V): void;
}

/** Makes a shelf on which everything lies for the same time. */
export function createShelf<K, V>({ ms, now }: ShelfOptions): Shelf<K, V> {
  const held = new Map<K, { readonly value: V; readonly until: number }>();

  // The oldest come first, because what is put again goes to the end.
  const sweep = (): void => {
    const at = now().getTime();
    for (const [key, { until }] of held) {
      if (until > at) return;
      held.delete(key);
    }
  };

  return {
    get(key) {
      sweep();
      return held.get(key)?.value;
    },
    put(key, value) {
      sweep();
      held.delete(key);
      held.set(key, { value, until: now().getTime() + ms });
    },
    drop(key, value) {
      if (held.get(key)?.value === value) held.delete(key);
    },
  };
}

type Key = number | string;

export interface MemoryOptions<T> extends ShelfOptions {
  /** False for what must be asked again next time. */
  readonly keep: (value: T) => boolean;
}

/** Remembers what was loaded for each key for a while; those who ask while it is being loaded share the one load. */
export function createMemory<T>({ keep, ...options }: MemoryOptions<T>) {
  const shelf = createShelf<Key, Promise<T>>(options);

  return function recall(key: Key, load: () => Promise<T>): Promise<T> {
    const known = shelf.get(key);
    if (known !== undefined) return known;

    const value = load();
    shelf.put(key, value);
    const forget = (): void => shelf.drop(key, value);
    value.then((loaded) => {
      if (!keep(loaded)) forget();
    }, forget);
    return value;
  };
}
