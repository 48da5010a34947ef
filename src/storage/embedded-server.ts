import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Binaries } from './embedded-binaries.ts';
import { writeSettings } from './embedded-cluster.ts';
import { isAlive, isServerOf, readPostmaster, removeStale, type Postmaster } from './embedded-postmaster.ts';
import { launch, type Runner } from './embedded-run.ts';
import { answers, chooseSocketFolder } from './embedded-socket.ts';
import { StorageError } from './errors.ts';
import type { StorageLog } from './log.ts';

/** One data folder, and how its server is run. */
export interface Place {
  readonly base: string;
  readonly data: string;
  readonly runner: Runner;
  readonly binaries: Binaries;
  readonly log: StorageLog;
}

export interface Server extends Postmaster {
  /** It ran already. */
  readonly adopted: boolean;
}

// A server that was killed under load replays its log first.
const patienceMs = 120_000;
const stepMs = 10;

/** Finds the server of this data folder, or starts it. Any number of processes may do this at once: they get the same. */
export async function ensureServer(place: Place): Promise<Server> {
  const deadline = performance.now() + patienceMs;
  let refusals = 0;
  while (performance.now() < deadline) {
    const found = await findServer(place.data);
    if (found?.ready === true) return { ...found, adopted: true };
    if (found === undefined) {
      const started = await startServer(place, deadline);
      if ('pid' in started) return started;
      // Of two starts at once, one is refused. So is a start beside what is left of a killed server, for a moment.
      refusals += 1;
      if (refusals > 100) throw refused(place, started.refused);
      await pause(100);
    }
    await pause(stepMs);
  }
  throw new StorageError('server_start_failed', `Postgres is not ready after ${patienceMs / 1000} s. ${hint(place)}`);
}

/** The server of this data folder, ready or not, where one is running. */
export async function findServer(data: string): Promise<Postmaster | undefined> {
  const found = await readPostmaster(data);
  return found !== undefined && (await isServerOf(data, found.pid)) ? found : undefined;
}

async function startServer(place: Place, deadline: number): Promise<Server | { refused: string }> {
  const { base, data, runner, binaries } = place;
  const socketFolder = await chooseSocketFolder(base, runner.owner);
  await refuseForeignServer(data, socketFolder);
  await removeStale(data, socketFolder);
  await writeSettings(data, socketFolder, runner);

  const log = await openLog(base);
  const from = (await log.stat()).size;
  const child = launch(runner, binaries, [binaries.postgres, '-D', data], log.fd);
  child.unref();
  let ended = false;
  child.once('exit', () => (ended = true));
  child.once('error', () => (ended = true));
  await log.close();

  while (performance.now() < deadline) {
    const now = await readPostmaster(data);
    // No pid namespace is entered, so the server knows itself by the number we know it by.
    if (now?.ready === true && now.pid === child.pid) return { ...now, adopted: false };
    if (ended) return { refused: await whyEnded(place, from) };
    await pause(stepMs);
  }
  return { refused: 'no answer' };
}

/** The process numbers of another container mean nothing here, but its socket in a shared folder answers. */
async function refuseForeignServer(data: string, socketFolder: string): Promise<void> {
  const recorded = (await readPostmaster(data))?.socketFolder;
  for (const folder of new Set([socketFolder, recorded])) {
    if (folder === undefined || !(await answers(folder)) || (await findServer(data)) !== undefined) continue;
    throw new StorageError(
      'data_folder_in_use',
      `The data folder ${data} is served by a Postgres outside this machine or container. Stop it first.`,
    );
  }
}

/** Returns what the server said where trying again may help; throws it where not. */
async function whyEnded(place: Place, from: number): Promise<string> {
  const said = (await readFile(logPath(place.base))).subarray(from).toString('utf8').trim();
  const passing = /lock file .* (already exists|is empty)|shared memory block .* still in use/.test(said);
  if (passing || (await findServer(place.data)) !== undefined) return said;
  throw refused(place, said);
}

function refused(place: Place, said: string): StorageError {
  const message = `Postgres did not start (${place.runner.how}): ${said.slice(-1000)}`;
  return new StorageError('server_start_failed', message);
}

/** Fast shutdown: sessions are ended, everything is written, and then it is gone. */
export async function stopServer(place: Place, pid: number): Promise<void> {
  if (!(await isServerOf(place.data, pid))) return;
  for (const [signal, seconds] of [
    ['SIGINT', 60],
    ['SIGQUIT', 10],
  ] as const) {
    process.kill(pid, signal);
    const deadline = performance.now() + seconds * 1000;
    while (performance.now() < deadline) {
      const now = await readPostmaster(place.data);
      if (now?.pid !== pid && !(await isAlive(pid))) return;
      await pause(stepMs);
    }
    place.log.warn({ pid, signal }, 'Postgres does not stop');
  }
  throw new StorageError('server_stop_failed', `Postgres (process ${pid}) did not stop. ${hint(place)}`);
}

function logPath(base: string): string {
  return join(base, 'server.log');
}

function hint(place: Place): string {
  return `Its log is ${logPath(place.base)}`;
}

async function openLog(base: string): ReturnType<typeof open> {
  const path = logPath(base);
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 1024 * 1024) await rename(path, `${path}.1`);
  return open(path, 'a', 0o600);
}
