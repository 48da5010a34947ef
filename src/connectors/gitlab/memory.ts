export interface MemoryOptions<T> {
  readonly ms: number;
  readonly now: () => Date;
  /** False for what must be asked again next time. */
  readonly keep: (value: T) => boolean;
}

/** Remembers what was loaded for each key for a while; those who ask while it is being loaded share the one load. */
export function createMemory<T>({ ms, now, keep }: MemoryOptions<T>) {
  const known = new Map<number, { readonly value: Promise<T>; readonly until: number }>();

  return function recall(key: number, load: () => Promise<T>): Promise<T> {
    const at = now().getTime();
    for (const [old, { until }] of known) if (until <= at) known.delete(old);
    const found = known.get(key);
    if (found !== undefined) return found.value;

    const value = load();
    const entry = { value, until: at + ms };
    known.set(key, entry);
    const forget = (): void => {
      if (known.get(key) === entry) known.delete(key);
    };
    value.then((loaded) => {
      if (!keep(loaded)) forget();
    }, forget);
    return value;
  };
}
