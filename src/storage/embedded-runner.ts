import { chmod, lchown, readdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Binaries } from './embedded-binaries.ts';
import { run, type Ended, type Owner, type Runner } from './embedded-run.ts';
import { StorageError } from './errors.ts';

const plain: Runner = { how: 'as this user', prefix: [], owner: undefined };

/**
 * As `nobody` in a user namespace of our own: outside it the process is still us, so files keep their owner and folders
 * closed to others stay open to it, yet Postgres does not see root. The mapped id must have an entry in passwd.
 */
const namespaced: Runner = {
  how: 'in a user namespace',
  prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534'],
  owner: undefined,
};

const nobody: Owner = { uid: 65534, gid: 65534 };

function as(owner: Owner): Runner {
  return { how: `as user ${owner.uid}`, prefix: [], owner };
}

/** Decides as whom Postgres works on `base`, and makes `base` theirs. */
export async function chooseRunner(base: string, binaries: Binaries): Promise<Runner> {
  await requireRunning(binaries);
  const us = process.getuid?.() ?? 0;
  const { uid, gid } = await stat(base);
  if (us !== 0) {
    if (uid === us) return plain;
    throw new StorageError(
      'data_folder_unusable',
      `The data folder ${base} belongs to user ${uid}, and this is user ${us}. Start Countersign as that user, or choose another folder with --data.`,
    );
  }
  if (uid !== 0) return as({ uid, gid });
  return chooseForRoot(base, binaries);
}

async function requireRunning(binaries: Binaries): Promise<void> {
  const tried = await run(plain, binaries, [binaries.postgres, '--version']);
  if (tried.code === 0) return;
  throw new StorageError(
    'unsupported_platform',
    `The built-in Postgres does not run on this machine, as on those without glibc (${tried.output}). Set ` +
      `DATABASE_URL to a Postgres server of your own.`,
  );
}

/** `initdb`, other than the server, wants a name for its user; some containers run under a number that has none. */
export function runnerForInitdb(runner: Runner): Runner {
  if (runner !== plain) return runner;
  try {
    userInfo();
    return plain;
  } catch {
    return namespaced;
  }
}

async function chooseForRoot(base: string, binaries: Binaries): Promise<Runner> {
  const first = await probe(namespaced, base, binaries);
  if (first.code === 0) return namespaced;
  const failures = [describe(namespaced, first)];

  const folder = dirname(base);
  const parent = await stat(dirname(folder));
  const owners = parent.uid === 0 ? [nobody] : [nobody, { uid: parent.uid, gid: parent.gid }];
  const { mode } = await stat(folder);
  // Passing through is all that is given: names in it must be known, and what is in it keeps its own mode.
  await chmod(folder, (mode & 0o777) | 0o011);
  for (const owner of owners) {
    const runner = as(owner);
    const tried = await lchown(base, owner.uid, owner.gid).then(
      () => probe(runner, base, binaries),
      (error: Error) => ({ code: null, output: error.message }),
    );
    if (tried.code === 0) {
      await give(base, owner);
      return runner;
    }
    failures.push(describe(runner, tried));
  }
  await lchown(base, 0, 0);
  await chmod(folder, mode & 0o777);
  throw new StorageError(
    'root_refused',
    `Postgres does not run as root, and no other way is open here (${failures.join('; ')}). Start Countersign as ` +
      `another user, put the data folder where user 65534 can reach it, or set DATABASE_URL to a Postgres server.`,
  );
}

async function probe(runner: Runner, base: string, binaries: Binaries): Promise<Ended> {
  const script = 'test -w "$0" || { echo "cannot write $0"; exit 1; }; "$1" --version';
  return run(runner, binaries, ['sh', '-c', script, base, binaries.postgres]);
}

function describe(runner: Runner, ended: Ended): string {
  return `${runner.how}: ${ended.output.split('\n').at(-1) ?? `exit ${ended.code}`}`;
}

/** Makes a folder and all in it theirs, so that Postgres may work on it. */
export async function give(path: string, owner: Owner): Promise<void> {
  await lchown(path, owner.uid, owner.gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    await (entry.isDirectory() ? give(inner, owner) : lchown(inner, owner.uid, owner.gid));
  }
}
