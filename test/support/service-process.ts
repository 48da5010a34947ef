import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog, openTrail, type Trail } from '../../src/compose.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

const launcher = join(import.meta.dirname, '..', '..', 'bin', 'countersign.js');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A command of Countersign that runs in a process of its own, at the head of its process group. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves once this has been printed; rejects when the process ends without it. */
  printed(text: string): Promise<void>;
}

/** An installation: a configuration, its secrets, a data folder and a port. */
export interface Installation {
  readonly folder: string;
  readonly dataFolder: string;
  readonly port: number;
  readonly secrets: readonly string[];
  run(args: readonly string[], environment?: Record<string, string>, program?: string): Running;
  /** Runs a command that works on the trail, to its end. */
  command(...args: string[]): Promise<Ended>;
  /** Starts `serve` and waits until it listens. */
  serve(): Promise<Running>;
  /** Looks at the trail beside the service, without the time a command takes to start. */
  openTrail(): Promise<Trail & { close(): Promise<void> }>;
  /** The process number of the built-in Postgres; undefined where none has left one. */
  postgresPid(): Promise<number | undefined>;
  /** Ends what still runs, and removes the folder. */
  remove(): Promise<void>;
}

/** Installs Countersign against a sandbox, in a temporary folder. */
export async function install(sandbox: Sandbox): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-process-'));
  const dataFolder = join(folder, 'data');
  const config = join(folder, 'countersign.yaml');
  await writeFile(config, JSON.stringify(sandbox.configuration(), null, 2));
  const secrets = sandbox.environment();
  const port = await freePort();
  const trail = ['--config', config, '--data', dataFolder];
  const started: Running[] = [];

  const run: Installation['run'] = (args, environment = secrets, program = launcher) => {
    const running = start(program, args, environment);
    started.push(running);
    return running;
  };
  const command: Installation['command'] = (...args) => run([...args, ...trail]).ended;
  const postgresPid = async (): Promise<number | undefined> => {
    const text = await readFile(join(dataFolder, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => '');
    return text === '' ? undefined : Number.parseInt(text, 10);
  };

  return {
    folder,
    dataFolder,
    port,
    secrets: Object.entries(secrets)
      .filter(([name]) => name !== 'CONFLUENCE_EMAIL')
      .map(([, value]) => value),
    run,
    command,
    async serve() {
      const running = run(['serve', ...trail, '--port', String(port)]);
      await running.printed('listens at');
      return running;
    },
    openTrail: () => openTrail({ databaseUrl: null, dataFolder, log: createLog('silent') }),
    postgresPid,
    async remove() {
      for (const { pid, ended } of started) {
        signal(-pid, 'SIGKILL');
        await ended;
      }
      const server = await postgresPid();
      // Only this folder's server: the number was read from it.
      if (server !== undefined) signal(server, 'SIGQUIT');
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** Waits until something is so. */
export async function until(isSo: () => Promise<boolean>, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('Did not come about in time');
    await pause(50);
  }
}

/** True while a process is there. */
export function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

function start(program: string, args: readonly string[], environment: Record<string, string>): Running {
  const { PATH = '', HOME = '', COUNTERSIGN_SERVICE_NODE_OPTIONS: NODE_OPTIONS = '' } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    cwd: tmpdir(),
    detached: true,
    env: { PATH, HOME, NODE_OPTIONS, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    for (const listen of listeners) listen();
  });
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, out, error }));
    // A server that outlives the command may hold the pipes open.
    child.once('exit', (code) => void pause(500).then(() => resolve({ code, out, error })));
  });
  return {
    pid: child.pid!,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!out.includes(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`Ended before it printed "${text}": ${error}`)));
      }),
  };
}

/** Sends a signal to a process that may be gone; false where it was. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
