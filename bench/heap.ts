// Whether the heap stays flat over a long run of merges. They come in portions, each when the one before is through;
// what counts is the least that the heap holds in each fifth of the run, since what is garbage is no growth.
// Usage: heap.ts [merges].
import { boundLine, ratioLine, type Line } from './support/line.ts';
import { mainOf } from './support/main.ts';
import { mergeAll, openMany, serveWithSandbox } from './support/served.ts';
import { untilThrough } from './support/service-metrics.ts';

const largestPortion = 500;
const parts = 5;

/** Runs so many merges through the service and compares the heap of the last fifth with that of the second. */
export async function measureHeap(merges: number): Promise<Line[]> {
  const portion = Math.min(largestPortion, Math.ceil(merges / (2 * parts)));
  const { sandbox, address, close } = await serveWithSandbox();
  try {
    const least = Array.from({ length: parts }, () => Infinity);
    const start = performance.now();
    for (let done = 0; done < merges; done += portion) {
      await mergeAll(sandbox, openMany(sandbox, portion, { issue: false }));
      const part = Math.min(parts - 1, Math.floor((done / merges) * parts));
      await untilThrough(address, done + portion, ({ heapMb }) => {
        least[part] = Math.min(least[part] ?? Infinity, heapMb);
      });
      if (process.stderr.isTTY) process.stderr.write(`\r${done + portion} of ${merges} merges`);
    }
    const seconds = (performance.now() - start) / 1000;
    const growth = { value: least.at(-1) ?? Number.NaN, limit: least[1] ?? Number.NaN };
    return [
      ratioLine(`heap after ${merges} merges, beside that after the first fifth`, 'MB', growth, { most: 1.1 }),
      boundLine(`rate over ${merges} merges, portion by portion`, 'merges/s', merges / seconds),
    ];
  } finally {
    await close();
  }
}

await mainOf(import.meta, ([merges = '50000']) => measureHeap(Number(merges)));
