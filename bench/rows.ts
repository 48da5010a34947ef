// What a row of the audit page costs us, with nothing there and with up to a hundred thousand rows: processor time of this
// process, requests to Confluence, and bytes on the wire. Like is compared with like: each time rows are written one by one
// through the whole life of a page, from its beginning until it is full, and the average of its rows is told. Postgres is
// real; Confluence is the fake one in a process of its own. Exits with 1 where a row among many costs more than it may.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../src/storage/database.ts';
import { startEmbedded } from '../src/storage/embedded.ts';
import { migrate } from '../src/storage/migrate.ts';
import { startRowWriter, storeMerges, type RowWriter } from '../test/support/audit-rows.ts';
import { quiet } from '../test/support/quiet.ts';
import type { SiteCount, SiteDoor, SitePages, SiteQuestion } from './support/confluence-site.ts';
import { boundLine, ratioLine, type Line } from './support/line.ts';

const rowsOfPage = 500;
const before = [0, 1_000, 10_000, 100_000];
/** How much more a row may cost than the first ones did. */
const most = 1.2;
const page = { space: 'SEC', title: 'Audit' };
// Tables that grow with every row; a scan of one would grow with it.
const growing = ['change', 'capture', 'row', 'row_page'];

interface Cost {
  readonly cpuMs: number;
  readonly requests: number;
  readonly bytes: number;
  /** Rows of growing tables that were read without an index. */
  readonly scanned: number;
}

/** Measures the cost of a row at each number of rows before it. */
export async function measureRows(): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-rows-'));
  const server = await startEmbedded({ folder, log: quiet });
  const database = await openDatabase({ connection: server.connection, log: quiet });
  const site = fork(join(import.meta.dirname, 'support/confluence-site.ts'), {
    execArgv: ['--conditions=countersign-source'],
  });
  try {
    await migrate(database.db);
    const [door] = (await once(site, 'message')) as [SiteDoor];
    const writer = writerOf(database, door, page);
    // What is compiled the first time is not what a row costs.
    await measureLife(writerOf(database, door, { ...page, title: 'Warming up' }), database, site);
    const costs: Cost[] = [];
    for (const count of before) {
      await fillUp(database, site, count);
      costs.push(await measureLife(writer, database, site));
    }
    return linesOf(costs);
  } finally {
    site.disconnect();
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function writerOf(database: Database, confluence: SiteDoor, of: typeof page): RowWriter {
  return startRowWriter({
    database,
    confluence,
    page: of,
    roll: { every: 'quarter', rows: rowsOfPage, bytes: 1_000_000 },
  });
}

async function measureLife(writer: RowWriter, database: Database, site: ChildProcess): Promise<Cost> {
  const ids = await storeMerges(
    database,
    Array.from({ length: rowsOfPage }, () => new Date().toISOString()),
  );
  await sql`analyze`.execute(database.db);
  const [seen, read] = [await ask<SiteCount>(site, { kind: 'count' }), await readScanned(database)];
  const start = process.cpuUsage();
  for (const id of ids) {
    const result = (await writer.run([id])).get(id);
    if (result?.kind !== 'done') throw new Error(`A row was not written: ${JSON.stringify(result)}`);
  }
  const { user, system } = process.cpuUsage(start);
  const now = await ask<SiteCount>(site, { kind: 'count' });
  return {
    cpuMs: (user + system) / 1000 / ids.length,
    requests: (now.requests - seen.requests) / ids.length,
    bytes: (now.bytes - seen.bytes) / ids.length,
    scanned: ((await readScanned(database)) - read) / ids.length,
  };
}

/** Adds full pages until so many rows stand there, as if they had come over the years. */
async function fillUp(database: Database, site: ChildProcess, count: number): Promise<void> {
  const { db } = database;
  const { rows } = await db
    .selectFrom('countersign.row_page')
    .innerJoin('countersign.page', 'countersign.page.id', 'countersign.row_page.page')
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .where('target', '=', JSON.stringify(page))
    .executeTakeFirstOrThrow();
  if (count <= rows) return;
  const top = await db
    .selectFrom('countersign.page')
    .select(['id', 'page_id'])
    .where('target', '=', JSON.stringify(page))
    .where('parent', 'is', null)
    .executeTakeFirstOrThrow();
  const titles = Array.from({ length: (count - rows) / rowsOfPage }, (_, index) => `Audit of old ${rows + index}`);
  const made = await ask<SitePages>(site, { kind: 'pages', below: top.page_id, titles });
  const at = new Date();
  for (const { id, url, title } of made) {
    const { id: added } = await db
      .insertInto('countersign.page')
      .values({
        target: JSON.stringify(page),
        parent: top.id,
        page_id: id,
        title,
        url,
        since: at,
        rows: rowsOfPage,
        opened_at: at,
        closed_at: at,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await fillPage(database, { id: added, pageId: id, url });
  }
}

async function fillPage({ db }: Database, { id, pageId, url }: { id: number; pageId: string; url: string }) {
  await sql`
    with added as (
      insert into countersign.change (key, instance, project_id, iid, record_id, origin, project, title, web_url, event, merged_at, accepted_at)
      select ${`old.example/${id}!`} || n, 'old.example', ${id}::int, n, ${`OLD-${id}-`} || n, 'webhook', 'acme/old', 'An old change',
        'https://old.example/' || n, '{}', now(), now()
      from generate_series(1, ${rowsOfPage}::int) n
      returning id
    ), captured as (
      insert into countersign.capture (change_id, evidence, captured_at) select id, '{}', now() from added
    ), meant as (
      insert into countersign.row_page (change_id, page, at) select id, ${id}::bigint, now() from added
    )
    insert into countersign.row (change_id, page_id, url, version, stored_sha256, at)
    select id, ${pageId}, ${url}, 1, ${'0'.repeat(64)}, now() from added`.execute(db);
}

async function readScanned({ db }: Database): Promise<number> {
  // Sessions tell what they did with some delay, unless they are asked to.
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ read: number }>`
    select coalesce(sum(seq_tup_read), 0)::bigint as read from pg_stat_user_tables
    where schemaname = 'countersign' and relname in (${sql.join(growing)})`.execute(db);
  return rows[0]!.read;
}

async function ask<T>(site: ChildProcess, question: SiteQuestion): Promise<T> {
  site.send(question);
  const [answer] = (await once(site, 'message')) as [T];
  return answer;
}

function linesOf(costs: readonly Cost[]): Line[] {
  const [first] = costs;
  return costs.flatMap((cost, index) => {
    const after = `a row after ${before[index]!.toLocaleString('en')}`;
    const line = (what: string, unit: string, of: (cost: Cost) => number): Line =>
      ratioLine(`${after}: ${what}`, unit, { value: of(cost), limit: of(first!) }, { most });
    return [
      line('our processor time', 'ms', ({ cpuMs }) => cpuMs),
      line('requests', 'requests', ({ requests }) => requests),
      line('bytes on the wire', 'bytes', ({ bytes }) => bytes),
      boundLine(`${after}: rows read without an index`, 'rows', cost.scanned, { most: 0 }),
    ];
  });
}

if (import.meta.main) {
  const lines = await measureRows();
  for (const { name, unit, value, ratio, holds, ok } of lines) {
    const against = ratio === null ? '' : `, ${ratio.toFixed(2)} of the first`;
    console.log(`${ok ? 'ok  ' : 'OVER'} ${name}: ${Number(value.toFixed(2))} ${unit}${against} (${holds})`);
  }
  if (lines.some(({ ok }) => !ok)) process.exitCode = 1;
}
