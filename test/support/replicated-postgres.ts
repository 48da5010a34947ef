import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { isAlive, port, readPostmaster } from '../../src/storage/embedded-postmaster.ts';
import { launch, run } from '../../src/storage/embedded-run.ts';
import { chooseRunner } from '../../src/storage/embedded-runner.ts';

const bin = '/usr/lib/postgresql/15/bin';
const binaries = { initdb: `${bin}/initdb`, postgres: `${bin}/postgres`, major: '15', libraries: undefined };
const user = 'test';

/** One Postgres server of its own, which can be stopped in every way. */
export interface PostgresServer {
  /** The file of its socket. */
  readonly socket: string;
  /** `SIGTERM` waits for sessions, `SIGINT` ends them, `SIGQUIT` is a crash; resolves once it is gone. */
  stop(how: 'SIGTERM' | 'SIGINT' | 'SIGQUIT'): Promise<void>;
  start(): Promise<void>;
  ask(statement: string): Promise<Record<string, unknown>[]>;
}

/** A primary, and a standby that has everything which was committed on it: Debian's Postgres 15, by streaming. */
export interface ReplicatedPostgres {
  readonly primary: PostgresServer;
  readonly standby: PostgresServer;
  remove(): Promise<void>;
}

/** Starts both. A commit is answered only once the standby has it on disk. */
export async function startReplicatedPostgres(): Promise<ReplicatedPostgres> {
  if (!existsSync(binaries.postgres)) {
    throw new Error(`This test needs Debian's Postgres 15 at ${bin}. Install it with: apt-get install postgresql-15`);
  }
  const root = await mkdtemp(join(tmpdir(), 'countersign-replicated-'));
  const base = join(root, 'postgres');
  await mkdir(base);
  const runner = await chooseRunner(base, binaries);
  const call = async (command: readonly string[]): Promise<void> => {
    const ended = await run(runner, binaries, command);
    if (ended.code !== 0) throw new Error(ended.output);
  };
  const running: PostgresServer[] = [];

  const serverOf = (name: string): PostgresServer => {
    const data = join(base, name);
    const sockets = join(base, `${name}-sockets`);
    let child: ChildProcess | undefined;
    const server: PostgresServer = {
      socket: join(sockets, `.s.PGSQL.${port}`),
      async start() {
        await call(['mkdir', '-p', sockets]);
        const log = await open(join(base, `${name}.log`), 'a');
        const settings = [
          'listen_addresses=',
          `unix_socket_directories=${sockets}`,
          'max_connections=60',
          'max_wal_size=64MB',
        ];
        const options = settings.flatMap((setting) => ['-c', setting]);
        child = launch(runner, binaries, [binaries.postgres, '-D', data, '-p', String(port), ...options], log.fd);
        await log.close();
        await wait(async () => (await readPostmaster(data))?.ready === true, `${name} is not ready`);
      },
      async stop(how) {
        const pid = child?.pid;
        if (pid === undefined || !(await isAlive(pid))) return;
        child!.kill(how);
        await wait(async () => !(await isAlive(pid)), `${name} does not stop`);
      },
      async ask(statement) {
        const client = new Client({ host: sockets, port, user, database: 'postgres' });
        await client.connect();
        try {
          return (await client.query<Record<string, unknown>>(statement)).rows;
        } finally {
          await client.end();
        }
      },
    };
    running.push(server);
    return server;
  };

  const primary = serverOf('primary');
  const data = join(base, 'primary');
  await call([
    binaries.initdb,
    `--pgdata=${data}`,
    `--username=${user}`,
    '--auth=trust',
    '--encoding=UTF8',
    '--no-sync',
  ]);
  await primary.start();
  const standby = serverOf('standby');
  const from = ['-h', join(base, 'primary-sockets'), '-p', String(port), '-U', user];
  await call([`${bin}/pg_basebackup`, ...from, '-D', join(base, 'standby'), '-R', '--checkpoint=fast', '--no-sync']);
  await standby.start();
  await primary.ask(`alter system set synchronous_standby_names = '*'`);
  await primary.ask('select pg_reload_conf()');
  const isSynchronous = async (): Promise<boolean> => {
    const rows = await primary.ask(`select from pg_stat_replication where sync_state = 'sync'`);
    return rows.length === 1;
  };
  await wait(isSynchronous, 'The standby does not follow');
  return {
    primary,
    standby,
    async remove() {
      for (const server of running) await server.stop('SIGQUIT');
      await rm(root, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function wait(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(otherwise);
    await pause(20);
  }
}
