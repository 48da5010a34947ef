import { Socket } from 'node:net';
import { Client, DatabaseError } from 'pg';
import { user } from './embedded-cluster.ts';
import { isAlive, port } from './embedded-postmaster.ts';
import { isStorageError, StorageError } from './errors.ts';

/** A service is alone on its data folder; guests, such as a short command, are welcome beside it and beside each other. */
export type Role = 'service' | 'guest';

/**
 * A session with the server that says "in use" for as long as our process lives. Its locks are the server's, so they
 * vanish with us however we end, and there is no file to be left behind.
 */
export interface Hold {
  /** Settles when the session has ended, for whatever reason. */
  readonly lost: Promise<void>;
  /**
   * Ends the session. Where no one else has one, calls `stop` first, while everyone who arrives is kept waiting.
   * False where the session had ended before, so that nothing could be known of others.
   */
  leave(stop: () => Promise<void>): Promise<boolean>;
}

// Advisory locks of the maintenance database, where nothing else takes any. "Used" is shared by all, and exclusive for
// the one who stops the server; "service" is exclusive.
const used = 7_301;
const service = 7_302;

/** Enters the server, or says why it must be looked for anew: it is being stopped, say. */
export async function takeHold(socketFolder: string, password: string, role: Role): Promise<Hold | { why: string }> {
  const socket = new Socket();
  const client = new Client({
    host: socketFolder,
    port,
    user,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 10_000,
    application_name: `countersign ${role} ${process.pid}`,
    stream: () => socket,
  });
  let over = false;
  const lost = new Promise<void>((resolve) => {
    // After an error the session is over; 'end' follows.
    client.on('error', () => undefined);
    client.once('end', () => {
      over = true;
      resolve();
    });
  });
  try {
    await client.connect();
    if (await ask(client, `select pg_try_advisory_lock_shared(${used}) as got`)) {
      if (role === 'service') await becomeService(client);
      await ensureDatabase(client);
      // It keeps the server for as long as the process lives, and is no reason for the process to live.
      socket.unref();
      const leave = async (stop: () => Promise<void>): Promise<boolean> => {
        socket.ref();
        return !over && (await end(client, stop));
      };
      return { lost, leave };
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    if (isStorageError(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    if (isPassing(error)) return { why };
    throw new StorageError('server_start_failed', `Postgres does not let us in: ${why}`, error);
  }
  await client.end();
  return { why: 'it is being stopped' };
}

async function becomeService(client: Client): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    if (await ask(client, `select pg_try_advisory_lock(${service}) as got`)) return;
    const pid = await readServicePid(client);
    if (pid !== undefined && (await isAlive(pid))) throw inUse(pid);
    // A session outlives its killed process by the moment it takes the server to notice.
    await client.query('select pg_sleep(0.1)');
  }
  throw inUse(await readServicePid(client));
}

async function readServicePid(client: Client): Promise<number | undefined> {
  const { rows } = await client.query<{ holder: string }>(
    `select a.application_name as holder from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.objid = ${service} and l.granted`,
  );
  const pid = Number(rows[0]?.holder.split(' ').at(-1));
  return Number.isInteger(pid) ? pid : undefined;
}

function inUse(pid: number | undefined): StorageError {
  return new StorageError(
    'data_folder_in_use',
    `Another Countersign (process ${pid ?? 'unknown'}) runs on this data folder. Stop it first, or choose another ` +
      `folder with --data.`,
  );
}

async function end(client: Client, stop: () => Promise<void>): Promise<boolean> {
  try {
    await client.query(`select pg_advisory_unlock_shared(${used})`);
    if (await ask(client, `select pg_try_advisory_lock(${used}) as got`)) await stop();
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(client: Client): Promise<void> {
  if (await ask(client, `select exists (select from pg_database where datname = '${user}') as got`)) return;
  await client.query(`create database ${user}`).catch((error: unknown) => {
    // Another start was faster (duplicate_database, or its unique_violation).
    if (!(error instanceof DatabaseError) || !['42P04', '23505'].includes(error.code ?? '')) throw error;
  });
}

async function ask(client: Client, question: string): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>(question);
  return rows[0]?.got === true;
}

/** Shutting down, starting up, crashed: the server is about to be another one. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return true;
  return ['57P01', '57P02', '57P03'].includes(error.code ?? '');
}
