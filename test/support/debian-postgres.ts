import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Connection } from '../../src/storage/database.ts';
import { isAlive, port, readPostmaster } from '../../src/storage/embedded-postmaster.ts';
import { launch, run } from '../../src/storage/embedded-run.ts';
import { chooseRunner } from '../../src/storage/embedded-runner.ts';

const bin = '/usr/lib/postgresql/15/bin';

export interface DebianPostgres {
  readonly connection: Connection;
  stop(): Promise<void>;
}

/** Starts Debian's Postgres 15, the oldest server that people are likely to bring, on a folder of its own. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const binaries = { initdb: `${bin}/initdb`, postgres: `${bin}/postgres`, major: '15', libraries: undefined };
  if (!existsSync(binaries.postgres)) {
    throw new Error(`This test needs Debian's Postgres 15 at ${bin}. Install it with: apt-get install postgresql-15`);
  }
  const root = await mkdtemp(join(tmpdir(), 'countersign-debian-'));
  const base = join(root, 'postgres');
  const data = join(base, 'data');
  await mkdir(base);
  const runner = await chooseRunner(base, binaries);
  const options = [`--pgdata=${data}`, '--username=test', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const made = await run(runner, binaries, [binaries.initdb, ...options]);
  if (made.code !== 0) throw new Error(made.output);

  const log = await open(join(base, 'log'), 'a');
  const settings = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${base}`, '-c', 'fsync=off'];
  const child = launch(runner, binaries, [binaries.postgres, '-D', data, '-p', String(port), ...settings], log.fd);
  await log.close();
  const ready = async (): Promise<void> => {
    if ((await readPostmaster(data))?.ready !== true) throw new Error(`Postgres is not ready; see ${base}/log`);
  };
  await vi.waitFor(ready, { timeout: 20_000, interval: 20 });

  return {
    connection: { host: base, port, user: 'test', database: 'postgres' },
    stop: async () => {
      child.kill('SIGINT');
      const gone = async (): Promise<void> => {
        if (await isAlive(child.pid!)) throw new Error('Postgres does not stop');
      };
      await vi.waitFor(gone, { timeout: 20_000, interval: 20 });
      await rm(root, { recursive: true, force: true });
    },
  };
}
