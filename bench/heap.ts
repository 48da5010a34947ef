// Whether the heap stays flat over a long run of merges. They come in portions, each when the one before is through;
// what counts is the least that the heap holds in each fifth of the run, since what is garbage is no growth.
// Usage: heap.ts [merges].
import { startSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { openMergeRequest } from '../test/support/merge-requests.ts';
import { install } from '../test/support/service-process.ts';
import { boundLine, ratioLine, type Line } from './support/line.ts';
import { mainOf } from './support/main.ts';
import { untilThrough } from './support/service-metrics.ts';

const largestPortion = 500;
const parts = 5;
const projects = ['acme/payments', 'acme/identity', 'acme/web', 'acme/mobile', 'acme/platform/infra'];

/** Runs so many merges through the service and compares the heap of the last fifth with that of the second. */
export async function measureHeap(merges: number): Promise<Line[]> {
  const portion = Math.min(largestPortion, Math.ceil(merges / (2 * parts)));
  const sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
  const installation = await install(sandbox);
  try {
    await installation.serve();
    const enabled = await installation.command('enable', '--no-hook');
    if (enabled.code !== 0) throw new Error(enabled.error);
    const address = `http://127.0.0.1:${installation.port}`;
    sandbox.connectHook(`${address}/webhooks/gitlab`);
    const least = Array.from({ length: parts }, () => Infinity);
    const start = performance.now();
    for (let done = 0; done < merges; done += portion) {
      await mergePortion(sandbox, portion);
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
    await installation.remove();
    await sandbox.close();
  }
}

async function mergePortion(sandbox: Sandbox, portion: number): Promise<void> {
  const opened = Array.from({ length: portion }, (_, index) =>
    openMergeRequest({ sandbox }, { pod: index % 10, project: projects[index % projects.length]!, issue: false }),
  );
  for (const { project, iid } of opened) sandbox.gitlab.merge({ project, iid, by: 'mlund', anyway: true });
  await sandbox.gitlab.delivered();
}

await mainOf(import.meta, ([merges = '50000']) => measureHeap(Number(merges)));
