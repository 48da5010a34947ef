import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { countChanges } from './changes.ts';
import { openDatabase, type Database } from './database.ts';
import { readSummaryUsage } from './summaries.ts';
import { sumUp } from './tally.ts';
import { countVerdicts } from './verdicts.ts';

let created: TestDatabase;
let database: Database;

beforeEach(async () => {
  created = await createTestDatabase();
  database = await openDatabase({ connection: created.connection, log: quiet });
});

afterEach(async () => {
  await database.close();
  await created.drop();
});

async function run(...statements: string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database.db);
}

async function takeUp(first: number, last: number): Promise<void> {
  await run(`insert into countersign.change (key, instance, project_id, iid, record_id, origin, project, title, web_url,
      event, accepted_at, finished_at)
    select n, 'gitlab.example', 7, n, n, 'webhook', 'p', 't', 'u', '{}', now(), case when n % 2 = 0 then now() end
    from generate_series(${first}, ${last}) n on conflict (key) do nothing`);
}

async function judge(overall: string, iids: string): Promise<void> {
  await run(
    `insert into countersign.policy values ('p', '', now()) on conflict do nothing`,
    `insert into countersign.verdict (change_id, policy_sha256, overall, checks, canonical, sha256, judged_at)
      select id, 'p', '${overall}', '[]', '', '', now() from countersign.change where ${iids} order by id`,
  );
}

test('changes are counted as they come, once, summed up or not', async () => {
  await takeUp(1, 5);
  await takeUp(4, 9);
  expect(await countChanges(database.db)).toEqual({ open: 5, done: 4 });
  await database.transaction((trx) => sumUp(trx));
  await takeUp(9, 10);
  expect(await countChanges(database.db)).toEqual({ open: 5, done: 5 });
  const { rows } = await sql`select name, steps from countersign.tally order by steps`.execute(database.db);
  expect(rows).toEqual([
    { name: 'changes', steps: 1 },
    { name: 'changes', steps: 9 },
  ]);
});

test('what is undone is not counted', async () => {
  const undone = database.transaction(async (trx) => {
    await sql`insert into countersign.change (key, instance, project_id, iid, record_id, origin, project, title, web_url,
      event, accepted_at) values ('1', 'i', 7, 1, '1', 'webhook', 'p', 't', 'u', '{}', now())`.execute(trx);
    expect(await countChanges(trx)).toEqual({ open: 1, done: 0 });
    throw new RangeError('no');
  });
  await expect(undone).rejects.toThrow(RangeError);
  expect(await countChanges(database.db)).toEqual({ open: 0, done: 0 });
});

test('of the verdicts of a change the newest counts, several of one statement included', async () => {
  await takeUp(1, 6);
  await judge('pass', 'iid <= 4');
  await judge('fail', 'iid in (1, 5)');
  expect(await countVerdicts(database.db)).toEqual({ pass: 3, undetermined: 0, fail: 2 });
  await run(`insert into countersign.verdict (change_id, policy_sha256, overall, checks, canonical, sha256, judged_at)
    select id, 'p', o, '[]', '', '', now() from countersign.change, unnest(array['fail', 'undetermined']) with ordinality u (o, at)
    where iid = 2 order by u.at`);
  await database.transaction((trx) => sumUp(trx));
  expect(await countVerdicts(database.db)).toEqual({ pass: 2, undetermined: 1, fail: 2 });
});

test('what models were used for adds up, and an answer that came second is not counted', async () => {
  await takeUp(1, 3);
  const ask = (columns: string, iids: string): Promise<void> =>
    run(`insert into countersign.summary (change_id, model, prompt_sha256, text, reason, input_tokens, output_tokens, cost,
        ms, at) select id, ${columns}, 1, now() from countersign.change where ${iids} on conflict do nothing`);
  await ask(`'m', 'p', 'A text', null, 10, 5, 0.5`, 'iid < 3');
  await database.transaction((trx) => sumUp(trx));
  await ask(`'m', 'p', null, 'late', null::int, null::int, null::float8`, 'iid > 1');
  expect(await readSummaryUsage(database.db)).toEqual([
    { model: 'm', asked: 2, written: 2, failed: { late: 1 }, inputTokens: 20, outputTokens: 10, cost: 1 },
  ]);
});
