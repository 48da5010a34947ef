import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ask, createFolder, runEmbedded, serverPid } from '../../test/support/embedded-process.ts';
import { quiet as log } from '../../test/support/quiet.ts';
import { connectEmbedded, startEmbedded } from './embedded.ts';
import { isAlive } from './embedded-postmaster.ts';
import { findServer } from './embedded-server.ts';

const folders: { remove(): Promise<void> }[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove();
});

async function newFolder(name = 'data'): Promise<{ folder: string; base: string; data: string }> {
  const made = await createFolder(name);
  folders.push(made);
  const base = join(made.path, 'postgres');
  return { folder: made.path, base, data: join(base, 'data') };
}

const patience = { timeout: 15_000, interval: 20 };

async function killAndWait(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), patience);
}

/** Writes another process number over the one in a lock file, as if that process had got the dead server's number. */
async function renumber(path: string, pid: number): Promise<void> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [pid, ...lines.slice(1)].join('\n'));
}

describe('after a crash', () => {
  test('the server outlives its killed service and is adopted by the next, with all that was committed', async () => {
    const { folder } = await newFolder();
    const service = runEmbedded(folder);
    const { connection } = await service.said;
    await ask(connection!, 'create table kept as select 42 as answer');
    const pid = await serverPid(folder);
    await service.kill();

    const next = await startEmbedded({ folder, log });
    expect(next.adopted).toBe(true);
    expect(await serverPid(folder)).toBe(pid);
    expect(await ask(next.connection, 'select answer from kept')).toBe(42);
    await next.stop();
    expect(await isAlive(pid)).toBe(false);
  });

  test('a command beside a killed service finds the server and stops it afterwards', async () => {
    const { folder, data } = await newFolder();
    const service = runEmbedded(folder);
    await service.said;
    await service.kill();
    const command = await connectEmbedded({ folder, log });
    expect(command.adopted).toBe(true);
    await command.stop();
    expect(await findServer(data)).toBeUndefined();
  });

  test('a killed server is replaced', async () => {
    const { folder } = await newFolder();
    const command = await connectEmbedded({ folder, log });
    await ask(command.connection, 'create table kept as select 42 as answer');
    await killAndWait(await serverPid(folder));

    const next = await startEmbedded({ folder, log });
    expect(next.adopted).toBe(false);
    expect(await ask(next.connection, 'select answer from kept')).toBe(42);
    await next.stop();
  });

  test('a killed server is replaced when its process number has gone to another process', async () => {
    const { folder, base, data } = await newFolder();
    await connectEmbedded({ folder, log });
    await killAndWait(await serverPid(folder));
    await renumber(join(data, 'postmaster.pid'), process.pid);
    await renumber(join(base, '.s.PGSQL.5432.lock'), process.pid);

    const next = await startEmbedded({ folder, log });
    expect(next.adopted).toBe(false);
    await next.stop();
  });

  test('a lock file that a power cut left empty is no obstacle', async () => {
    const { folder, data } = await newFolder();
    await (await connectEmbedded({ folder, log })).stop();
    await writeFile(join(data, 'postmaster.pid'), '');
    const next = await startEmbedded({ folder, log });
    expect(next.adopted).toBe(false);
    await next.stop();
  });

  test('a running service gets a killed server back', async () => {
    const { folder } = await newFolder();
    const service = await startEmbedded({ folder, log });
    await killAndWait(await serverPid(folder));
    await vi.waitFor(async () => expect(await ask(service.connection, 'select 1')).toBe(1), patience);
    await vi.waitFor(
      async () => expect(await startEmbedded({ folder, log }).catch((error) => error.code)).toBe('data_folder_in_use'),
      patience,
    );
    await service.stop();
    expect(existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  test('a set-up that was killed in the middle starts over', async () => {
    const { folder, base, data } = await newFolder();
    await mkdir(base, { recursive: true, mode: 0o700 });
    const service = runEmbedded(folder);
    service.said.catch(() => undefined);
    await vi.waitFor(async () => {
      const [leftover] = await readdir(base);
      expect(existsSync(join(base, leftover ?? '', 'data', 'base'))).toBe(true);
    }, patience);
    await service.kill();
    expect(existsSync(data)).toBe(false);
    expect(await readdir(base)).toEqual([expect.stringMatching(/^new-/)]);

    const next = await startEmbedded({ folder, log });
    expect(await ask(next.connection, 'select 1')).toBe(1);
    expect((await readdir(base)).filter((name) => name.startsWith('new-'))).toEqual([]);
    await next.stop();
  });

  test('a server whose process number is unknown here but whose socket answers is not taken for dead', async () => {
    const { folder, data } = await newFolder();
    const server = await connectEmbedded({ folder, log });
    const pid = await serverPid(folder);
    await renumber(join(data, 'postmaster.pid'), 2 ** 30);
    await expect(startEmbedded({ folder, log })).rejects.toMatchObject({ code: 'data_folder_in_use' });
    await renumber(join(data, 'postmaster.pid'), pid);
    await server.stop();
  });
});
