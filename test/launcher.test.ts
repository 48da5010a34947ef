import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pinned = process.execPath;

// What the launcher starts: it says what it is, and then does as it is told.
const probe = `
import { keepLeash } from './leash.ts';
type Word = string;
const [order, word]: Word[] = process.argv.slice(2);
const said = { pid: process.pid, version: process.version, flags: process.execArgv, args: process.argv.slice(2), cwd: process.cwd() };
if (order !== 'late') keepLeash();
else process.stdin.resume().once('end', () => { keepLeash(); console.log(JSON.stringify({ signal: 'none' })); });
if (order === 'exit') process.exitCode = Number(word);
if (order === 'stay') {
  setInterval(() => undefined, 1000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit']) {
    process.on(signal, () => { console.log(JSON.stringify({ signal })); if (signal !== 'exit') process.exit(7); });
  }
}
console.log(JSON.stringify(said));
if (order === 'die') process.kill(process.pid, word);
`;

// A Node that cannot replace itself, as all were before 22.15, keeps the launcher beside its child.
const oldWays = ['--import', 'data:text/javascript,process.execve=undefined'];
const systemNode = '/usr/bin/node';
const nodes = [
  { name: 'the Node that it brings along', node: pinned, flags: [] },
  { name: 'a Node that cannot replace itself', node: pinned, flags: oldWays },
  ...(existsSync(systemNode) ? [{ name: 'the Node of the system', node: systemNode, flags: [] }] : []),
];

const launchers: ChildProcess[] = [];
const trees: string[] = [];
afterEach(() => {
  for (const launcher of launchers.splice(0)) launcher.kill('SIGKILL');
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

describe.each(nodes)('started with $name', ({ node, flags }) => {
  it('runs the sources with the Node that it brings along, from anywhere, on a path with spaces', async () => {
    const { said, end } = await run(node, flags, ['exit', '0', '--x', 'two words', '']);
    expect(said[0]).toMatchObject({
      version: process.version,
      args: ['exit', '0', '--x', 'two words', ''],
      cwd: tmpdir(),
    });
    expect(said[0]?.flags).toEqual(expect.arrayContaining(['--conditions=countersign-source']));
    expect(await end).toEqual([0, null]);
  });

  it('ends with the same exit code', async () => {
    expect(await (await run(node, flags, ['exit', '3'])).end).toEqual([3, null]);
  });

  it.each(['SIGKILL', 'SIGTERM'])('ends with the same signal, %s', async (signal) => {
    expect(await (await run(node, flags, ['die', signal])).end).toEqual([null, signal]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('hands %s on, once', async (signal) => {
    const { launcher, said, end } = await run(node, flags, ['stay']);
    launcher.kill(signal);
    expect(await end).toEqual([7, null]);
    expect(said.slice(1)).toEqual([{ signal }, { signal: 'exit' }]);
  });

  it('takes what it started with it when it is killed', async () => {
    const { launcher, said, end } = await run(node, flags, ['stay']);
    launcher.kill('SIGKILL');
    // Its output is closed, so nobody holds it any more: the child is gone too, and said no farewell.
    expect(await end).toEqual([null, 'SIGKILL']);
    expect(said).toHaveLength(1);
  });

  it('takes it along even where it was killed before anybody minded', async () => {
    const { launcher, said, end } = await run(node, flags, ['late']);
    launcher.kill('SIGKILL');
    await end;
    expect(said).toHaveLength(1);
  });
});

describe('without the Node that it brings along', () => {
  it('runs with the one it was started with, in the same process, where that is new enough', async () => {
    const { launcher, said, end } = await run(pinned, [], ['exit', '0'], { bare: true });
    expect(await end).toEqual([0, null]);
    expect(said[0]).toMatchObject({ pid: launcher.pid, version: process.version });
  });

  it('says what to install where that is too old', async () => {
    const old = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})";
    const { end, complaints } = await run(pinned, ['--import', old], ['exit', '0'], { bare: true });
    expect(await end).toEqual([1, null]);
    expect(complaints()).toMatch(/Countersign needs Node 24 or newer[^]*npm ci[^]*nodejs\.org/);
  });
});

it('starts nothing where everything is in place already', async () => {
  const { launcher, said } = await run(pinned, [...oldWays, '--conditions=countersign-source'], ['exit', '0'], {
    bare: true,
  });
  expect(said[0]?.pid).toBe(launcher.pid);
});

describe('tools', () => {
  it('run with the Node that it brings along, and so does what they start', () => {
    const script =
      "console.log(process.version, require('child_process').execFileSync('node', ['-v'], { encoding: 'utf8' }))";
    expect(tool('-e', script).trim().split(/\s+/)).toEqual([process.version, process.version]);
  });

  it('are found by their command', () => {
    expect(tool('tsc', '--version')).toMatch(/^Version \d/);
    expect(tool('vitest', '--version')).toContain(process.version);
  });

  it('are missed by name', () => {
    expect(() => tool('no-such-tool')).toThrow(/has a command "no-such-tool"/);
  });
});

function tool(...args: string[]): string {
  const file = join(root, 'tools/with-node.js');
  return execFileSync(nodes.at(-1)!.node, [file, ...args], { cwd: tmpdir(), encoding: 'utf8', stdio: 'pipe' });
}

interface Said {
  readonly pid?: number;
  readonly version?: string;
  readonly flags?: string[];
  readonly signal?: string;
}

/** Starts the launcher from a tree of its own and waits for the first line of what it started. */
async function run(node: string, flags: readonly string[], args: readonly string[], { bare = false } = {}) {
  const launcher = spawn(node, [...flags, join(plant(bare), 'bin/countersign.js'), ...args], { cwd: tmpdir() });
  launchers.push(launcher);
  const end = once(launcher, 'close') as Promise<[number | null, string | null]>;
  let complaints = '';
  launcher.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const said = await hear(launcher, end);
  return { launcher, said, end, complaints: () => complaints };
}

async function hear(launcher: ChildProcess, end: Promise<unknown>): Promise<Said[]> {
  const said: Said[] = [];
  const lines = createInterface({ input: launcher.stdout! });
  lines.on('line', (line) => said.push(JSON.parse(line) as Said));
  await Promise.race([once(lines, 'line'), end]);
  return said;
}

function plant(bare: boolean): string {
  const tree = mkdtempSync(join(tmpdir(), 'countersign launcher '));
  cpSync(join(root, 'bin'), join(tree, 'bin'), { recursive: true });
  mkdirSync(join(tree, 'src/cli'), { recursive: true });
  cpSync(join(root, 'src/cli/leash.ts'), join(tree, 'src/cli/leash.ts'));
  writeFileSync(join(tree, 'src/cli/main.ts'), probe);
  writeFileSync(join(tree, 'package.json'), '{ "type": "module" }');
  if (!bare) {
    const folder = dirname(dirname(pinned));
    mkdirSync(join(tree, 'node_modules'));
    symlinkSync(folder, join(tree, 'node_modules', folder.split('/').at(-1)!));
  }
  trees.push(tree);
  return tree;
}
