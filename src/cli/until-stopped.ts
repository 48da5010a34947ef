// A signal to a whole group of processes reaches us twice: by itself, and handed on by whoever started us.
const oneSignalMs = 1000;

/** Waits for the signal to stop. A second one, given a while later, ends the process at once. */
export async function untilStopped(): Promise<void> {
  let first: number | undefined;
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        first ??= performance.now();
        if (performance.now() - first > oneSignalMs) process.exit(1);
        resolve();
      });
    }
  });
}
