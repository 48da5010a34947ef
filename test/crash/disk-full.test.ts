import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { countEffects } from '../../bench/support/effects.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { openMergeRequest, type OpenedMergeRequest } from '../support/merge-requests.ts';
import { startResender } from '../support/resender.ts';
import { install, signal, until } from '../support/service-process.ts';

const launcher = join(import.meta.dirname, '..', '..', 'bin', 'countersign.js');
/** Room for an empty server and its write-ahead log, and not for much more. */
const diskMb = 160;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of closing.splice(0).toReversed()) await step();
});

// A disk of its own is mounted where nobody else sees it, which takes root.
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

interface OnSmallDisk {
  readonly error: () => string;
  /** The data folder, as it is seen from here. */
  readonly disk: string;
  readonly ended: () => boolean;
}

/** Starts a service whose data folder is a disk of its own. */
async function serveOnSmallDisk(
  sandbox: Sandbox,
  { folder, dataFolder, port }: { folder: string; dataFolder: string; port: number },
): Promise<OnSmallDisk> {
  await mkdir(dataFolder, { recursive: true });
  const mount = `mount -t tmpfs -o size=${diskMb}m,mode=700 none "$0" && exec "$@"`;
  const place = ['--config', join(folder, 'countersign.yaml'), '--data', dataFolder];
  const serve = [process.execPath, launcher, 'serve', ...place, '--port', String(port)];
  const command = ['sh', '-c', mount, dataFolder, ...serve];
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, ...sandbox.environment() };
  const child = spawn('unshare', ['-m', ...command], {
    cwd: '/',
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, error] = ['', ''];
  let ended = false;
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  child.once('exit', () => (ended = true));
  const disk = `/proc/${child.pid}/root${dataFolder}`;
  closing.push(async () => {
    // Only this folder's server: the number is read from it.
    const server = await readFile(join(disk, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '');
    signal(-child.pid!, 'SIGTERM');
    await until(async () => ended, 30_000).catch(() => signal(-child.pid!, 'SIGKILL'));
    if (server !== '') signal(Number.parseInt(server, 10), 'SIGQUIT');
  });
  await until(async () => out.includes('listens at') || ended, 40_000);
  if (ended) throw new Error(error);
  const inside = ['-t', String(child.pid), '-m', process.execPath, launcher, 'enable', '--no-hook'];
  const enabled = spawnSync('nsenter', [...inside, ...place], { encoding: 'utf8', env });
  if (enabled.status !== 0) throw new Error(enabled.stderr);
  return { error: () => error, disk, ended: () => ended };
}

test.skipIf(!canMount)(
  'a disk that is full loses nothing that was taken up, says so, and is all that has to be mended',
  { timeout: 180_000 },
  async () => {
    const sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
    closing.push(() => sandbox.close());
    const installation = await install(sandbox);
    closing.push(() => installation.remove());
    const address = `http://127.0.0.1:${installation.port}`;
    const service = await serveOnSmallDisk(sandbox, installation);
    const resender = await startResender(() => address);
    closing.push(() => resender.close());
    sandbox.connectHook(`${resender.address}/webhooks/gitlab`);

    const merge = (count: number): OpenedMergeRequest[] => {
      const merges = Array.from({ length: count }, (_, index) => openMergeRequest({ sandbox }, { pod: index % 10 }));
      for (const { project, iid } of merges) sandbox.gitlab.merge({ project, iid, by: 'mlund', anyway: true });
      return merges;
    };
    const before = merge(5);
    await until(async () => (await doneAt(address)) === before.length, 40_000);

    const filler = join(service.disk, 'filler');
    const fill = async (): Promise<void> => {
      const { bavail, bsize } = await statfs(service.disk);
      await writeFile(filler, Buffer.alloc(bavail * bsize), { flag: 'a' }).catch(() => undefined);
    };
    await fill();
    const during = merge(30);
    // What the write-ahead log has left over is used up too.
    for (let round = 0; round < 40 && resender.resent() === 0; round++) {
      during.push(...merge(20));
      await fill();
      await until(async () => resender.resent() > 0, 1500).catch(() => undefined);
    }
    expect(resender.resent()).toBeGreaterThan(0);

    await rm(filler);
    await sandbox.gitlab.delivered();
    await resender.settled(90_000);
    const merged = [...before, ...during];
    await until(async () => (await doneAt(address)) === merged.length, 90_000);
    expect(await countEffects(sandbox, merged)).toEqual({ lost: 0, doubled: 0 });
    expect(service.ended()).toBe(false);
    expect(service.error()).toContain('The disk of the database is full');
  },
);

/** How many changes are done, as the metrics say; undefined while nobody answers. */
async function doneAt(address: string): Promise<number | undefined> {
  const answer = await fetch(`${address}/metrics`).catch(() => undefined);
  const text = (await answer?.text()) ?? '';
  const value = /^countersign_changes\{[^}]*done[^}]*\} (\d+)/m.exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}
