import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadPlan, LoadResult } from './load.ts';

const serverCore = 0;
const loadCore = 1;

// With one core, or without util-linux, all share what there is.
const canPin = availableParallelism() > 1 && isThere('taskset');

/** The command that runs a script on a core of its own, where the machine lets us. */
function pinned(core: number, args: readonly string[]): [command: string, args: string[]] {
  const node = ['--conditions=countersign-source', ...args];
  return canPin ? ['taskset', ['-c', String(core), process.execPath, ...node]] : [process.execPath, node];
}

/** Moves a process that runs already, and those that it has started, to the core of servers. */
export function pinServer(pid: number): void {
  if (!canPin) return;
  for (const one of familyOf(pid)) {
    execFileSync('taskset', ['-a', '-c', '-p', String(serverCore), String(one)], { stdio: 'ignore' });
  }
}

function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

/** Starts a server of this folder, and waits until it listens. */
export async function startBare(script: string, args: readonly string[]): Promise<ChildProcess> {
  const [command, all] = pinned(serverCore, [join(import.meta.dirname, script), ...args]);
  const child = spawn(command, all, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
  });
  return child;
}

/** Puts load on a server, from a process on the other core. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const [command, all] = pinned(loadCore, [join(import.meta.dirname, 'load.ts'), JSON.stringify(plan)]);
  const { stdout } = await promisify(execFile)(command, all);
  return JSON.parse(stdout) as LoadResult;
}

function isThere(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
