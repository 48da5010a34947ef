// A burst of merges through the whole product: how many a second, beside a loop that only makes the same vendor calls;
// whether anything was lost or doubled; what it asks of the vendors; and the memory of service and Postgres.
// Usage: end-to-end.ts [merges] [upstream ms]. Linux only: memory is read from /proc.
import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import type { OpenedMergeRequest } from '../test/support/merge-requests.ts';
import { runBareLoop } from './support/bare-calls.ts';
import { countEffects } from './support/effects.ts';
import { boundLine, ratioLine, type Line } from './support/line.ts';
import { treeMemory } from './support/memory.ts';
import { mainOf } from './support/main.ts';
import { mergeAll, openMany, serveWithSandbox, type Served } from './support/served.ts';
import { untilThrough } from './support/service-metrics.ts';

export interface EndToEndOptions {
  readonly merges: number;
  /** Milliseconds by which every vendor's answer comes late. */
  readonly upstreamMs: number;
}

const mb = { idle: 220, peak: 350 };

/** Measures one burst. */
export async function measureEndToEnd({ merges, upstreamMs }: EndToEndOptions): Promise<Line[]> {
  const served = await serveWithSandbox();
  const { sandbox } = served;
  try {
    sandbox.faults.latencyMs = upstreamMs;
    // What starting left behind is not yet collected.
    await pause(10_000);
    const idle = await memoryOf(served);
    // Tables, tokens and settings that are read once are not part of a merge's cost.
    await run(served, 1, 1);
    const single = await run(served, 1, 2);

    let peak = 0;
    const watching = setInterval(() => {
      void memoryOf(served).then((now) => (peak = Math.max(peak, now)));
    }, 250);
    const burst = await run(served, merges, merges + 2);
    clearInterval(watching);
    const bare = await runBareLoop(sandbox, burst.opened, burst.calls);
    const { lost, doubled } = await countEffects(sandbox, burst.opened);

    const name = `${merges} merges in a burst, upstreams at ${upstreamMs} ms`;
    const rate = { value: (merges / burst.ms) * 1000, limit: (merges / bare.ms) * 1000 };
    return [
      ratioLine(name, 'merges/s', rate, { least: 0.35 }),
      boundLine(`${name}: lost`, 'merges', lost, { most: 0 }),
      boundLine(`${name}: doubled`, 'merges', doubled, { most: 0 }),
      boundLine(`vendor requests for one merge, upstreams at ${upstreamMs} ms`, 'requests', single.calls.length, {
        most: 14,
      }),
      boundLine(`${name}: vendor requests per merge`, 'requests', burst.calls.length / merges, { most: 11 }),
      boundLine(`from webhook to Slack for one merge, upstreams at ${upstreamMs} ms`, 'ms', single.ms),
      boundLine('idle memory, Postgres included', 'MB', idle, { most: mb.idle }),
      boundLine(`${name}: peak memory`, 'MB', peak, { most: mb.peak }),
    ];
  } finally {
    await served.close();
  }
}

interface Ran {
  readonly ms: number;
  readonly opened: readonly OpenedMergeRequest[];
  /** What vendors were asked, hooks left out. */
  readonly calls: Sandbox['calls'];
}

async function run({ sandbox, address }: Served, merges: number, doneThen: number): Promise<Ran> {
  const opened = openMany(sandbox, merges);
  await sandbox.gitlab.delivered();
  sandbox.calls.length = 0;
  const start = performance.now();
  await mergeAll(sandbox, opened);
  await untilThrough(address, doneThen);
  const ms = performance.now() - start;
  return { ms, opened, calls: [...sandbox.calls] };
}

async function memoryOf({ service, installation }: Served): Promise<number> {
  const postgres = await installation.postgresPid();
  return treeMemory([service.pid, ...(postgres === undefined ? [] : [postgres])]);
}

await mainOf(import.meta, ([merges = '1000', upstreamMs = '50']) =>
  measureEndToEnd({ merges: Number(merges), upstreamMs: Number(upstreamMs) }),
);
