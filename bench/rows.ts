// What a row of the audit page costs us, with nothing there and with up to a hundred thousand rows: processor time of this
// process, requests to Confluence, and bytes on the wire. Like is compared with like: rows are written one by one through the
// whole life of a page, from its beginning until it is full, and the average of its rows is told. Row by row, another one is
// written to a page of its own over an empty database, so that both meet the same weather. Postgres is real; Confluence is the
// fake one in a process of its own. Exits with 1 where a row among many costs more than it may.
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

const rowsOfPage = 250;
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

interface Node {
  readonly database: Database;
  readonly writer: RowWriter;
}

/** Measures the cost of a row at each number of rows before it. */
export async function measureRows(): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-rows-'));
  const server = await startEmbedded({ folder, log: quiet });
  const site = fork(join(import.meta.dirname, 'support/confluence-site.ts'), {
    execArgv: ['--conditions=countersign-source'],
  });
  const opened: Database[] = [];
  const [door] = (await once(site, 'message')) as [SiteDoor];
  const open = async (name: string, title: string): Promise<Node> => {
    const first = opened[0];
    if (first !== undefined) await sql`create database ${sql.id(name)}`.execute(first.db);
    const connection = first === undefined ? server.connection : { ...server.connection, database: name };
    const database = await openDatabase({ connection, log: quiet });
    opened.push(database);
    await migrate(database.db);
    const roll = { every: 'quarter', rows: rowsOfPage, bytes: 1_000_000 } as const;
    return { database, writer: startRowWriter({ database, confluence: door, page: { ...page, title }, roll }) };
  };
  try {
    const grown = await open('grown', page.title);
    const lines: Line[] = [];
    // What is compiled the first time is not what a row costs.
    await measureLife([await open('warm', 'Warming up'), await open('up', 'Warming up again')], site);
    for (const count of before) {
      await fillUp(grown.database, site, count);
      const [cost, first] = await measureLife([grown, await open(`empty_${count}`, `Nothing before ${count}`)], site);
      lines.push(...linesOf(count, cost!, first!));
    }
    return lines;
  } finally {
    site.disconnect();
    for (const database of opened) await database.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The cost of a row on a page of each node, their rows written in turn. */
async function measureLife(nodes: readonly Node[], site: ChildProcess): Promise<Cost[]> {
  const times = Array.from({ length: rowsOfPage }, () => new Date().toISOString());
  const ids = await Promise.all(nodes.map(({ database }) => storeMerges(database, times)));
  for (const { database } of nodes) await sql`analyze`.execute(database.db);
  const scanned = await Promise.all(nodes.map(({ database }) => readScanned(database)));
  const sums = nodes.map(() => ({ cpuMs: 0, requests: 0, bytes: 0 }));
  for (const row of times.keys()) {
    for (const [at, { writer }] of nodes.entries()) {
      const id = ids[at]![row]!;
      const seen = await ask<SiteCount>(site, { kind: 'count' });
      const start = process.cpuUsage();
      const result = (await writer.run([id])).get(id);
      const { user, system } = process.cpuUsage(start);
      if (result?.kind !== 'done') throw new Error(`A row was not written: ${JSON.stringify(result)}`);
      const now = await ask<SiteCount>(site, { kind: 'count' });
      const sum = sums[at]!;
      sum.cpuMs += (user + system) / 1000;
      sum.requests += now.requests - seen.requests;
      sum.bytes += now.bytes - seen.bytes;
    }
  }
  const after = await Promise.all(nodes.map(({ database }) => readScanned(database)));
  return sums.map(({ cpuMs, requests, bytes }, at) => ({
    cpuMs: cpuMs / rowsOfPage,
    requests: requests / rowsOfPage,
    bytes: bytes / rowsOfPage,
    scanned: (after[at]! - scanned[at]!) / rowsOfPage,
  }));
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

function linesOf(count: number, cost: Cost, first: Cost): Line[] {
  const after = `a row after ${count.toLocaleString('en')}`;
  const line = (what: string, unit: string, of: (cost: Cost) => number): Line =>
    ratioLine(`${after}: ${what}`, unit, { value: of(cost), limit: of(first) }, { most });
  return [
    line('our processor time', 'ms', ({ cpuMs }) => cpuMs),
    line('requests', 'requests', ({ requests }) => requests),
    line('bytes on the wire', 'bytes', ({ bytes }) => bytes),
    // A table of a few hundred rows is read as a whole, and rightly so.
    boundLine(`${after}: rows read without an index`, 'rows', cost.scanned, count < 1_000 ? undefined : { most: 0 }),
  ];
}

if (import.meta.main) {
  const lines = await measureRows();
  for (const { name, unit, value, ratio, holds, ok } of lines) {
    const against = ratio === null ? '' : `, ${ratio.toFixed(2)} of one with nothing before it`;
    console.log(`${ok ? 'ok  ' : 'OVER'} ${name}: ${Number(value.toFixed(2))} ${unit}${against} (${holds})`);
  }
  if (lines.some(({ ok }) => !ok)) process.exitCode = 1;
}
