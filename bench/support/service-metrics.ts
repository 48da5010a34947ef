import { setTimeout as pause } from 'node:timers/promises';

/** What a running service says of itself: no session of ours with its database adds to its memory. */
export async function readMetrics(address: string): Promise<{ open: number; done: number; heapMb: number }> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const read = (name: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  };
  return {
    open: read('countersign_changes{state="open"}'),
    done: read('countersign_changes{state="done"}'),
    heapMb: read('nodejs_heap_size_used_bytes') / 1024 / 1024,
  };
}

/** Waits until so many changes have gone through every stage. `look` sees what the service says meanwhile. */
export async function untilThrough(
  address: string,
  done: number,
  look: (metrics: { heapMb: number }) => void = () => undefined,
): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const metrics = await readMetrics(address);
    look(metrics);
    if (metrics.done >= done && metrics.open === 0) return;
    if (performance.now() > end) throw new Error(`Not through in time: ${JSON.stringify(metrics)}`);
    await pause(pollMs);
  }
}

const pollMs = 100;
const patienceMs = 600_000;
