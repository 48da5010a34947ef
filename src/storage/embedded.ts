import { once } from 'node:events';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { prepareBinaries } from './embedded-binaries.ts';
import { ensureCluster, readPassword, user } from './embedded-cluster.ts';
import { takeHold, type Hold, type Role } from './embedded-hold.ts';
import { port } from './embedded-postmaster.ts';
import { chooseRunner } from './embedded-runner.ts';
import { ensureServer, findServer, stopServer, type Place } from './embedded-server.ts';
import { codeOf, StorageError } from './errors.ts';
import type { StorageLog } from './log.ts';

export interface EmbeddedOptions {
  /** The data folder; Postgres keeps to `postgres` in it. */
  readonly folder: string;
  readonly log: StorageLog;
}

export interface EmbeddedPostgres {
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  };
  /** The server ran already, because its last service was killed or a command is using it. */
  readonly adopted: boolean;
  /** Stops the server and waits for its end, unless somebody else still uses it, who then stops it. */
  stop(): Promise<void>;
}

/** Runs a Postgres of our own for a service, which is then the only service on this data folder. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  return open(options, 'service');
}

/** The same server for a command that works beside a service, or on its own where none is running. */
export async function connectEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  return open(options, 'guest');
}

async function open({ folder, log }: EmbeddedOptions, role: Role): Promise<EmbeddedPostgres> {
  const place = await prepare(folder, log);
  const first = await enter(place, role);
  const stopping = new AbortController();
  const last = role === 'service' ? keepEntered(place, first, stopping.signal) : Promise.resolve(first);

  return {
    connection: { host: first.socketFolder, port, user, password: first.password, database: user },
    adopted: first.adopted,
    stop: async () => {
      stopping.abort();
      const entry = await last;
      if (!(await entry.hold.leave(async () => stopServer(place, entry.pid)))) await stopUnheld(place, entry.password);
    },
  };
}

/**
 * Enters again whenever the session is lost: the server restarts itself after one of its processes was killed, and is
 * started anew should it be gone. Returns the entry that holds when `signal` says stop.
 */
async function keepEntered(place: Place, first: Entry, signal: AbortSignal): Promise<Entry> {
  let entry = first;
  const stopped = once(signal, 'abort');
  while (!signal.aborted) {
    await Promise.race([entry.hold.lost, stopped]);
    if (!signal.aborted) place.log.warn({ folder: place.data }, 'The connection to Postgres was lost');
    for (let wait = 100; !signal.aborted; wait = Math.min(wait * 2, 30_000)) {
      try {
        entry = await enter(place, 'service');
        break;
      } catch (error) {
        place.log.error({ err: error }, 'Postgres cannot be reached again yet');
        await pause(wait, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }
  return entry;
}

/** Stops a server with which our session was lost, unless others use it. */
async function stopUnheld(place: Place, password: string): Promise<void> {
  const found = await findServer(place.data);
  if (found === undefined) return;
  const hold = await takeHold(found.socketFolder, password, 'guest');
  if ('leave' in hold) await hold.leave(async () => stopServer(place, found.pid));
}

interface Entry {
  readonly pid: number;
  readonly socketFolder: string;
  readonly password: string;
  readonly adopted: boolean;
  readonly hold: Hold;
}

async function prepare(folder: string, log: StorageLog): Promise<Place> {
  const base = await prepareFolder(folder);
  const binaries = await prepareBinaries(base);
  const runner = await chooseRunner(base, binaries);
  const data = await ensureCluster(base, runner, binaries);
  return { base, data, runner, binaries, log };
}

async function prepareFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const base = join(await realpath(folder), 'postgres');
    await mkdir(base, { recursive: true, mode: 0o700 });
    return base;
  } catch (cause) {
    const message = `The data folder ${folder} cannot be used (${codeOf(cause)}). Choose another one with --data.`;
    throw new StorageError('data_folder_unusable', message, cause);
  }
}

async function enter(place: Place, role: Role): Promise<Entry> {
  const password = await readPassword(place.data);
  let why = '';
  for (let tries = 0; tries < 200; tries++) {
    const server = await ensureServer(place);
    const hold = await takeHold(server.socketFolder, password, role);
    if ('leave' in hold) {
      place.log.debug({ pid: server.pid, adopted: server.adopted, folder: place.data }, 'Postgres is running');
      return { ...server, password, hold };
    }
    why = hold.why;
    await pause(50);
  }
  throw new StorageError('server_start_failed', `Postgres runs on ${place.data}, but cannot be used: ${why}`);
}
