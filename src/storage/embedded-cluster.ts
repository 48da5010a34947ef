import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './embedded-binaries.ts';
import { isAlive, port } from './embedded-postmaster.ts';
import { run, type Runner } from './embedded-run.ts';
import { give, runnerForInitdb } from './embedded-runner.ts';
import { codeOf, StorageError } from './errors.ts';

export const user = 'countersign';

const passwordFile = 'countersign.password';

/** Makes sure that `base/data` is a whole cluster of our version. One that was interrupted while being made starts over. */
export async function ensureCluster(base: string, runner: Runner, binaries: Binaries): Promise<string> {
  const data = join(base, 'data');
  await removeLeftovers(base);
  if ((await versionOf(data)) === undefined) await createCluster(base, data, runner, binaries);
  const version = await versionOf(data);
  if (version !== binaries.major) {
    throw new StorageError(
      'data_folder_version',
      `The data folder ${data} was written by Postgres ${version ?? 'of unknown version'}, and this is Postgres ` +
        `${binaries.major}. Dump it with the version of Countersign that wrote it and restore it into a new one.`,
    );
  }
  return data;
}

/** The password that every client of this cluster needs. It is known to those only who may read the data itself. */
export async function readPassword(data: string): Promise<string> {
  return readFile(join(data, passwordFile), 'utf8');
}

async function versionOf(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new StorageError('data_folder_unusable', `The data folder ${data} cannot be read.`, error);
  }
}

// By this process; others are known by their process numbers.
const making = new Set<string>();

/** Everything is made under another name and put in place by one rename: `data` is there whole, or not at all. */
async function createCluster(base: string, data: string, runner: Runner, binaries: Binaries): Promise<void> {
  const name = `new-${process.pid}-${randomBytes(4).toString('hex')}`;
  making.add(name);
  const folder = join(base, name);
  const [made, password] = [join(folder, 'data'), join(folder, 'password')];
  await mkdir(folder, { mode: 0o700 });
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (runner.owner !== undefined) await give(folder, runner.owner);

  const ended = await run(runnerForInitdb(runner), binaries, [
    binaries.initdb,
    `--pgdata=${made}`,
    `--username=${user}`,
    `--pwfile=${password}`,
    '--auth-local=scram-sha-256',
    '--auth-host=reject',
    '--encoding=UTF8',
    // Sorts by code point on every machine alike: an index never depends on the system's locales.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ]);
  if (ended.code !== 0) {
    await rm(folder, { recursive: true, force: true });
    throw new StorageError(
      'server_start_failed',
      `Postgres could not set up its data folder ${data} (${runner.how}): ${ended.output.split('\n').slice(-3).join(' ')}`,
    );
  }
  await rename(password, join(made, passwordFile));
  await rename(made, data).catch(async (error: unknown) => {
    // Another start was faster: its cluster is as good as ours.
    if ((await versionOf(data)) !== undefined) return;
    throw new StorageError('data_folder_unusable', `${data} is in the way and is not a Postgres data folder.`, error);
  });
  await sync(base);
  await rm(folder, { recursive: true, force: true });
}

/** A rename is durable once its folder is. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync();
  await handle.close();
}

async function removeLeftovers(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const pid = /^new-(\d+)-/.exec(name)?.[1];
    // Our own number says nothing: in a container, every run may have the same.
    const busy = Number(pid) === process.pid ? making.has(name) : await isAlive(Number(pid));
    if (pid === undefined || busy) continue;
    // Its initdb may have outlived the one that started it, and then fails when it finds its folder gone.
    await rm(join(base, name), { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
  }
}

/** Writes the server's settings, at every start, so that they are those of the running version. */
export async function writeSettings(data: string, socketFolder: string, runner: Runner): Promise<void> {
  const path = join(data, 'postgresql.conf');
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, settings(socketFolder), { mode: 0o600 });
  if (runner.owner !== undefined) await chown(temporary, runner.owner.uid, runner.owner.gid);
  await rename(temporary, path);
}

/** For one service on one machine: durable, and small when idle. */
function settings(socketFolder: string): string {
  return `# Written by Countersign at every start. For settings of your own use ALTER SYSTEM, which goes before these.
listen_addresses = ''
port = ${port}
unix_socket_directories = '"${socketFolder.replaceAll('"', '""').replaceAll("'", "''")}"'
unix_socket_permissions = 0700
max_connections = 100
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 32MB
work_mem = 4MB
maintenance_work_mem = 32MB
effective_cache_size = 256MB
max_wal_size = 512MB
max_wal_senders = 2
jit = off
# Processes that one service does without.
io_method = sync
max_parallel_workers = 0
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
max_logical_replication_workers = 0
autovacuum_max_workers = 2
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# What a statement holds may concern persons: the log names errors and never shows data.
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
`;
}
