import { spawn, type ChildProcess } from 'node:child_process';
import type { Binaries } from './embedded-binaries.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** As whom Postgres runs, since it refuses to run as root. */
export interface Runner {
  /** For people, in messages. */
  readonly how: string;
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[];
  /** Whose the files must be and as whom the process runs, where that is not us. */
  readonly owner: Owner | undefined;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin';

/**
 * Starts a program as `runner` says. Nothing of our environment, and so no secret, goes along. With a file for its output
 * it gets a session of its own, so that what ends us does not end it.
 */
export function launch(
  runner: Runner,
  binaries: Pick<Binaries, 'libraries'>,
  command: readonly string[],
  output: 'pipe' | number,
): ChildProcess {
  const [file = '', ...args] = [...runner.prefix, ...command];
  const extra = binaries.libraries === undefined ? {} : libraryPath(binaries.libraries);
  return spawn(file, args, {
    ...runner.owner,
    detached: output !== 'pipe',
    // Our own folder may be closed to the one that runs it.
    cwd: '/',
    env: { PATH: searchPath, LC_ALL: 'C', TZ: 'UTC', ...thriftyMalloc, ...extra },
    stdio: ['ignore', output, output],
  });
}

// A session gives back what a large statement took, and does not keep it for the next one (glibc's malloc; others ignore it).
const thriftyMalloc = { MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '131072' };

function libraryPath(folder: string): Record<string, string> {
  return process.platform === 'darwin' ? { DYLD_LIBRARY_PATH: folder } : { LD_LIBRARY_PATH: folder };
}

/** Runs a program to its end. Never rejects: that it could not be started is an answer too. */
export async function run(
  runner: Runner,
  binaries: Pick<Binaries, 'libraries'>,
  command: readonly string[],
): Promise<Ended> {
  const child = launch(runner, binaries, command, 'pipe');
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const output = (): string => Buffer.concat(chunks).toString('utf8').trim().slice(-2000);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: output() }));
  });
}
