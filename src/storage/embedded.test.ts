import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, createFolder, runEmbedded, serverPid } from '../../test/support/embedded-process.ts';
import { quiet as log } from '../../test/support/quiet.ts';
import { connectEmbedded, startEmbedded } from './embedded.ts';
import { findServer } from './embedded-server.ts';

const folders: { remove(): Promise<void> }[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove();
});

async function newFolder(name = 'data'): Promise<string> {
  const folder = await createFolder(name);
  folders.push(folder);
  return folder.path;
}

function dataOf(folder: string): string {
  return join(folder, 'postgres', 'data');
}

describe('an embedded Postgres', () => {
  test('starts on a new data folder within ten seconds, starts again within two, and keeps what was committed', async () => {
    const folder = await newFolder("my data, it's here");
    const before = performance.now();
    const first = await startEmbedded({ folder, log });
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(first.adopted).toBe(false);
    await ask(first.connection, 'create table kept as select 42 as answer');
    await first.stop();
    expect(await findServer(dataOf(folder))).toBeUndefined();

    const again = performance.now();
    const second = await startEmbedded({ folder, log });
    expect(performance.now() - again).toBeLessThan(2000);
    expect(await ask(second.connection, 'select answer from kept')).toBe(42);
    await second.stop();
  });

  test('is durable, speaks UTF-8, sorts alike everywhere and listens on one private socket only', async () => {
    const folder = await newFolder();
    const server = await startEmbedded({ folder, log });
    const setting = async (name: string): Promise<unknown> =>
      ask(server.connection, `select current_setting('${name}')`);
    expect(await setting('fsync')).toBe('on');
    expect(await setting('synchronous_commit')).toBe('on');
    expect(await setting('data_checksums')).toBe('on');
    expect(await setting('server_encoding')).toBe('UTF8');
    expect(await setting('listen_addresses')).toBe('');
    expect(await setting('unix_socket_directories')).toBe(`"${server.connection.host}"`);
    expect(await ask(server.connection, 'select datlocale from pg_database where datname = current_database()')).toBe(
      'C.UTF-8',
    );
    expect((await stat(server.connection.host)).mode & 0o077).toBe(0);
    await expect(ask({ ...server.connection, password: 'guess' }, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });

  test.runIf(process.platform === 'linux')('keeps our environment from the server', async () => {
    const folder = await newFolder();
    const server = await startEmbedded({ folder, log });
    const environment = await readFile(`/proc/${await serverPid(folder)}/environ`, 'utf8');
    expect(environment.split('\0').map((line) => line.split('=')[0])).not.toContain('HOME');
    await server.stop();
  });

  test('refuses a second service and names the first', async () => {
    const folder = await newFolder();
    const first = runEmbedded(folder);
    expect(await first.said).toMatchObject({ adopted: false });
    await expect(startEmbedded({ folder, log })).rejects.toMatchObject({
      code: 'data_folder_in_use',
      message: expect.stringContaining(`process ${first.child.pid}`),
    });
    await first.stop();
    const next = await startEmbedded({ folder, log });
    await next.stop();
  });

  test('serves commands beside a service, and the last one out stops it', async () => {
    const folder = await newFolder();
    const service = await startEmbedded({ folder, log });
    const command = await connectEmbedded({ folder, log });
    expect(command.adopted).toBe(true);
    await service.stop();
    expect(await ask(command.connection, 'select 1')).toBe(1);
    await command.stop();
    expect(await findServer(dataOf(folder))).toBeUndefined();
  });

  test('is started for a command where none runs, and stopped after it', async () => {
    const folder = await newFolder();
    const command = await connectEmbedded({ folder, log });
    expect(command.adopted).toBe(false);
    await command.stop();
    expect(await findServer(dataOf(folder))).toBeUndefined();
  });

  test('is one, however many start it at once', async () => {
    const folder = await newFolder();
    const several = await Promise.all(Array.from({ length: 4 }, () => connectEmbedded({ folder, log })));
    const started = await Promise.all(
      several.map(({ connection }) => ask(connection, 'select pg_postmaster_start_time()::text')),
    );
    expect(new Set(started).size).toBe(1);
    await Promise.all(several.map((one) => one.stop()));
    expect(await findServer(dataOf(folder))).toBeUndefined();
  });

  test('gives way to a service that arrives while it is being stopped', async () => {
    const folder = await newFolder();
    const leaving = await connectEmbedded({ folder, log });
    const [, arriving] = await Promise.all([leaving.stop(), startEmbedded({ folder, log })]);
    expect(await ask(arriving.connection, 'select 1')).toBe(1);
    await arriving.stop();
  });

  test('refuses a data folder of another major version', async () => {
    const folder = await newFolder();
    await (await connectEmbedded({ folder, log })).stop();
    await writeFile(join(dataOf(folder), 'PG_VERSION'), '16\n');
    await expect(startEmbedded({ folder, log })).rejects.toMatchObject({ code: 'data_folder_version' });
  });

  test('refuses a data folder that is a file', async () => {
    const folder = await newFolder();
    await writeFile(folder, '');
    await expect(startEmbedded({ folder, log })).rejects.toMatchObject({ code: 'data_folder_unusable' });
  });
});
