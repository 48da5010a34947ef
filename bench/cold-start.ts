// How long `serve` takes until it is ready, with a database that has been there before. Medians over several starts.
import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { install, signal, type Installation } from '../test/support/service-process.ts';
import { boundLine, type Line } from './support/line.ts';
import { mainOf } from './support/main.ts';

const starts = 5;
const mostSeconds = 2;

/** Measures starts after an orderly stop, the built-in Postgres included, and after the service alone was killed. */
export async function measureColdStart(): Promise<Line[]> {
  const sandbox = await startSandbox({ seed: 'empty' });
  const installation = await install(sandbox);
  try {
    // The first start makes the database.
    await startOnce(installation, 'SIGTERM');
    const cold: number[] = [];
    const killed: number[] = [];
    for (let turn = 0; turn < starts; turn++) cold.push(await startOnce(installation, 'SIGTERM'));
    for (let turn = 0; turn < starts; turn++) killed.push(await startOnce(installation, 'SIGKILL'));
    return [
      boundLine('cold start to ready, Postgres included', 's', medianOf(cold), { most: mostSeconds }),
      boundLine('start to ready after a kill', 's', medianOf(killed), { most: mostSeconds }),
    ];
  } finally {
    await installation.remove();
    await sandbox.close();
  }
}

/** Starts the service, waits until it is ready, and ends it so; in seconds. */
async function startOnce(installation: Installation, ending: 'SIGTERM' | 'SIGKILL'): Promise<number> {
  const start = performance.now();
  const service = await installation.serve();
  while (!(await isReady(installation.port))) await pause(5);
  const seconds = (performance.now() - start) / 1000;
  signal(service.pid, ending);
  await service.ended;
  return seconds;
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return answer?.ok === true;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

await mainOf(import.meta, measureColdStart);
