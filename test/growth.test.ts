import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog, startService } from '../src/compose.ts';
import { keeperOf } from '../src/compose/settings.ts';
import type { Config } from '../src/config/config.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { instanceOf } from '../src/domain/change.ts';
import { sliceWidth } from '../src/storage/check-log.ts';
import { openDatabase, type Database } from '../src/storage/database.ts';
import type { LogKeeper } from '../src/storage/keeper.ts';
import { growTrail } from './support/grown-trail.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { watchPlans, type Execution, type Plans } from './support/plans.ts';
import { quiet } from './support/quiet.ts';
import { startWorld, type World } from './support/service.ts';
import { until } from './support/service-process.ts';

// Pages and not times are compared: they are the same on every machine.

const few = 2_000;
const many = 12_000;
const merges = 5;
/** For one row that is written, with its indexes and what of it is stored aside. */
const fewPages = 50;
/** As many entries of the log are checked at once. */
const atOnce = sliceWidth;

let world: World;
let config: Config;
let database: Database;
let keeper: LogKeeper;
let plans: Plans;

beforeAll(async () => {
  world = await startWorld({ sandbox: { switches: { slack: { channelLimit: 'off' } } } });
  const environment = { ...world.sandbox.environment(), DATABASE_URL: world.databaseUrl };
  config = loadConfig({ path: join(world.dataFolder, 'countersign.yaml'), environment });
  database = await openDatabase({ connection: { connectionString: world.databaseUrl }, log: quiet });
  keeper = await keeperOf(database, config, world.dataFolder);
  plans = await watchPlans(database.db, new URL(world.databaseUrl).pathname.slice(1));
}, 60_000);

afterAll(async () => {
  await database.close();
  await world.close();
});

/** Lets so many finished changes stand in the trail, and then a service do all that it does with a few new ones. */
async function liveWith(finished: number): Promise<Execution[]> {
  const { changes } = await world.status();
  const { projects } = world.sandbox.gitlab.snapshot();
  const projectId = projects.find(({ path }) => path === 'acme/payments')!.id;
  const where = { instance: instanceOf(world.sandbox.gitlab.url), projectId };
  await growTrail(database, keeper, where, finished - changes.done);
  await plans.take();

  const service = await startService({ config, dataFolder: world.dataFolder, log: createLog('silent'), port: 0 });
  const opened = Array.from({ length: merges }, (_, pod) => openMergeRequest(world, { pod }));
  for (const change of opened) world.merge(change);
  await world.sandbox.gitlab.delivered();
  await until(async () => (await service.trail.status()).changes.open === 0, 30_000);
  const [{ project, iid }] = [opened[0]!];
  await service.trail.show({ kind: 'reference', text: `${project}!${iid}`, project, iid });
  for (const path of ['/metrics', '/readyz', '/log/checkpoint']) await fetch(`${service.address}${path}`);
  await service.close();
  return plans.take();
}

async function largeTables(): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relkind = 'r' and reltuples >= ${few}`.execute(database.db);
  return new Set(rows.map(({ name }) => name));
}

interface Cost {
  readonly rows: number;
  readonly pagesPerRow: number;
}

// Batches differ in size: what a statement took at the least, and for each of its rows, does not.
function leastCosts(executions: readonly Execution[]): Map<string, Cost> {
  const grouped = Map.groupBy(executions, ({ text }) => text);
  return new Map(
    [...grouped].map(([text, found]) => [
      text,
      {
        rows: Math.min(...found.map(({ rows }) => rows)),
        pagesPerRow: Math.min(...found.map(({ pages, rows }) => pages / rows)),
      },
    ]),
  );
}

test(
  'what a service does costs the same with six times as many finished changes, and reads no table from end to end',
  { timeout: 120_000 },
  async () => {
    const before = leastCosts(await liveWith(few));
    const executions = await liveWith(many);
    const after = leastCosts(executions);

    // Of five statements on the way of a change, to be sure that it was looked.
    for (const part of ['."delivery"', '."journal"', 'countersign.outcome', '"record"', '."checkpoint"'])
      expect([...after.keys()].some((text) => text.includes(part))).toBe(true);
    const large = await largeTables();
    expect(large.size).toBeGreaterThan(12);
    const whole = executions.filter(({ wholeTables }) => wholeTables.some((table) => large.has(table)));
    expect(whole.map(({ text }) => text)).toEqual([]);

    const dearer = [...after].filter(([text, now]) => {
      const then = before.get(text);
      if (then === undefined) return now.rows > atOnce;
      return (
        now.rows > Math.max(then.rows * 1.2, atOnce) || now.pagesPerRow > Math.max(then.pagesPerRow * 1.2, fewPages)
      );
    });
    expect(dearer).toEqual([]);
  },
);
