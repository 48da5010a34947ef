import { readdir, readFile } from 'node:fs/promises';

/** Proportional set size of these processes and all below them, in MB: shared pages count once over all. Linux only. */
export async function treeMemory(roots: readonly number[]): Promise<number> {
  const children = await readChildren();
  const tree: number[] = [];
  for (const open = [...roots]; open.length > 0;) {
    const pid = open.pop()!;
    tree.push(pid);
    open.push(...(children.get(pid) ?? []));
  }
  const sizes = await Promise.all([...new Set(tree)].map(readPss));
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

async function readChildren(): Promise<Map<number, number[]>> {
  const children = new Map<number, number[]>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  await Promise.all(
    pids.map(async (pid) => {
      const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(await read(`/proc/${pid}/stat`))?.[1]);
      if (!Number.isNaN(parent)) children.set(parent, [...(children.get(parent) ?? []), pid]);
    }),
  );
  return children;
}

async function readPss(pid: number): Promise<number> {
  return Number(/^Pss:\s+(\d+) kB/m.exec(await read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

// A process may end while it is looked at.
function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
