import { readFile, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './errors.ts';

/** What a running server says of itself in `postmaster.pid`: pid, folder, start, port, socket folder, …, status. */
export interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
  readonly ready: boolean;
}

/** Every server has a socket folder of its own, so the port only names the socket. */
export const port = 5432;

export const socketName = `.s.PGSQL.${port}`;

/** Reads `postmaster.pid`, which is there from just after the start to just before the end, and after a crash. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readIfThere(join(data, 'postmaster.pid'));
  const lines = (text ?? '').split('\n').map((line) => line.trim());
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return undefined;
  return { pid, socketFolder: lines[4] ?? '', ready: lines[7] === 'ready' };
}

/** Whether the process is there, and is the server of this data folder and not one that got the same number later. */
export async function isServerOf(data: string, pid: number): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  // A server works in its data folder; compared by inode, because the folder may have been renamed or mounted elsewhere.
  const [there, here] = await Promise.all([inode(`/proc/${pid}/cwd`), inode(data)]);
  if (there !== undefined) return there === here;
  const command = await readIfThere(`/proc/${pid}/cmdline`);
  // Without /proc, or where it tells us nothing, the number has to do: better to wait in vain than to start a second.
  return command === undefined || command === '' || command.includes('postgres');
}

/** Whether a process has this number. One that has ended and was not collected by its parent does not count. */
export async function isAlive(pid: number): Promise<boolean> {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  const status = await readIfThere(`/proc/${pid}/stat`);
  return status === undefined || !/\) [ZX] /.test(status);
}

/**
 * Removes what a crashed server left, where its number now belongs to another process: Postgres itself would take that
 * process for the server and refuse to start. Where the number belongs to nobody, Postgres does this itself.
 */
export async function removeStale(data: string, socketFolder: string): Promise<void> {
  const locks = [join(data, 'postmaster.pid'), join(socketFolder, `${socketName}.lock`)];
  for (const lock of locks) {
    const text = await readIfThere(lock);
    if (text === undefined) continue;
    const pid = Math.abs(Number.parseInt(text, 10));
    const empty = text === '' && (await isOld(lock));
    if (!empty && (!(await isAlive(pid)) || (await isServerOf(data, pid)))) continue;
    // Only what was judged is removed, and not what another start has put in its place meanwhile.
    if ((await readIfThere(lock)) === text) await rm(lock, { force: true });
  }
}

/** A lock file is empty for an instant while it is written, and for good after a power cut. */
async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > 2000;
}

async function inode(path: string): Promise<string | undefined> {
  try {
    // /proc/<pid>/cwd opens for the process's own user and for root.
    if (path.startsWith('/proc/')) await readlink(path);
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
