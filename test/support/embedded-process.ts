import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { EmbeddedPostgres } from '../../src/storage/embedded.ts';

const script = join(import.meta.dirname, 'embedded-child.ts');

/** A Countersign in a process of its own, which can be killed. */
export interface EmbeddedProcess {
  readonly child: ChildProcess;
  /** What it says once it has opened the data folder, or failed to. */
  readonly said: Promise<Said>;
  /** Kills it and whatever is in its process group. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface Said {
  readonly connection?: EmbeddedPostgres['connection'];
  readonly adopted?: boolean;
  readonly code?: string;
  readonly message?: string;
}

export interface HowToRun {
  /** Put before the command, such as `setpriv` with its arguments. */
  readonly prefix?: readonly string[];
  readonly node?: string;
  readonly script?: string;
}

/** Starts one, as somebody else or elsewhere if need be. */
export function runEmbedded(
  folder: string,
  role: 'service' | 'guest' = 'service',
  how: HowToRun = {},
): EmbeddedProcess {
  const command = [how.node ?? process.execPath, '--conditions=countersign-source', how.script ?? script, folder, role];
  const [file = '', ...args] = [...(how.prefix ?? []), ...command];
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], cwd: '/' });
  const said = once(child, 'message').then(([message]) => message as Said);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  return {
    child,
    said,
    kill: async () => {
      process.kill(-child.pid!, 'SIGKILL');
      await gone;
    },
    stop: async () => {
      if (child.connected) child.send('stop');
      await gone;
    },
  };
}

/** The process number of the server of a data folder. */
export async function serverPid(folder: string): Promise<number> {
  return Number.parseInt(await readFile(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10);
}

/** A folder for one test, removed at its end together with what still runs on it. */
export async function createFolder(name: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'countersign-embedded-'));
  const path = join(root, name);
  return {
    path,
    remove: async () => {
      const pid = await serverPid(path).catch(() => undefined);
      // Only this folder's server: the number was read from it, and our tests start nothing else that could have it.
      if (pid !== undefined) killServer(pid);
      await rm(root, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function killServer(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // It had ended.
  }
}

/** Asks the database one question. */
export async function ask(connection: EmbeddedPostgres['connection'], question: string): Promise<unknown> {
  const client = new Client(connection);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(question);
    return rows[0] === undefined ? undefined : Object.values(rows[0])[0];
  } finally {
    await client.end();
  }
}
