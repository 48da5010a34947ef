/** Runs what it is given, at most so many at a time. Once one has failed, those that still wait are not started. */
export type Limit = <T>(run: () => Promise<T>) => Promise<T>;

/** Makes a limit of its own for one piece of work. */
export function createLimit(most: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  let failure: { readonly error: unknown } | undefined;

  return async (run) => {
    if (running < most) running++;
    // Whoever ends hands its place over, so the number of those running stays as it is.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      if (failure !== undefined) throw failure.error;
      return await run();
    } catch (error) {
      failure ??= { error };
      throw error;
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

/** Waits until all of them have ended, and only then fails with the failure of one. */
export async function allEnded<const T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
