import { randomBytes } from 'node:crypto';
import { commitmentOf, statementOf, type Primitives } from '@countersign/ledger';
import { sql, type Kysely } from 'kysely';
import { lockInTransaction, type Database } from '../../src/storage/database.ts';
import type { LogKeeper } from '../../src/storage/keeper.ts';
import { appendEntries } from '../../src/storage/ledger.ts';
import type { NewEntry } from '../../src/storage/seal-entry.ts';
import type { Tables } from '../../src/storage/tables.ts';

const entriesAtOnce = 4000;

/**
 * Fills every table with changes that are over, as far as their rows go: what a trail looks like after years. The log is
 * a real one, of smaller documents.
 */
export async function growTrail(database: Database, keeper: LogKeeper, where: Project, changes: number): Promise<void> {
  const { db } = database;
  const instance = where.instance;
  const first = await firstNumber(db, instance);
  const last = first + changes - 1;
  await db.connection().execute(async (own) => {
    // Nobody looks at how this is done, and each row's references are there.
    await sql`set auto_explain.log_min_duration = -1`.execute(own);
    await sql`insert into countersign.policy values ('policy', '{}', now()) on conflict do nothing`.execute(own);
    for (const statement of statements(where, first, last)) {
      const isCounted = /insert into countersign\.(change|verdict|summary) /.test(statement);
      await sql.raw(`set session_replication_role = ${isCounted ? 'origin' : 'replica'}`).execute(own);
      await sql.raw(statement).execute(own);
    }
    await sql`reset all`.execute(own);
  });
  const ids = await db
    .selectFrom('countersign.change')
    .select(['id', 'iid'])
    .where('instance', '=', instance)
    .where('iid', '>=', first)
    .orderBy('id')
    .execute();
  const entries = ids.flatMap(({ id, iid }) => entriesOf(keeper.primitives, id, iid));
  for (let at = 0; at < entries.length; at += entriesAtOnce) {
    await database.transaction(async (trx) => {
      await lockInTransaction(trx, 'ledger');
      await appendEntries(trx, keeper, entries.slice(at, at + entriesAtOnce), new Date());
    });
  }
  await sql`vacuum analyze`.execute(db);
}

/** The project whose changes they are. */
export interface Project {
  readonly instance: string;
  readonly projectId: number;
}

// Above the numbers of those that a test merges itself.
const firstOfAll = 1_000_000;

async function firstNumber(db: Kysely<Tables>, instance: string): Promise<number> {
  const row = await db
    .selectFrom('countersign.change')
    .select((eb) => eb.fn.max('iid').as('iid'))
    .where('instance', '=', instance)
    .executeTakeFirst();
  return Math.max(firstOfAll, row?.iid ?? 0) + 1;
}

const stages = ['capture', 'seal', 'close-issue', 'add-row', 'confirm'];

function statements({ instance, projectId }: Project, first: number, last: number): string[] {
  const each = `generate_series(${first}, ${last}) n`;
  const mine = `from countersign.change c where c.instance = '${instance}' and c.iid between ${first} and ${last}`;
  return [
    `insert into countersign.delivery (delivery_id, authenticated_by, received_at, sha256, body)
      select 'old-' || n, 'signature', now() - interval '1 hour', md5(n::text), '\\x00' from ${each}`,
    `insert into countersign.journal (instance, project_id, iid, event_key, action, received_at, event, sealed_in)
      select '${instance}', ${projectId}, n, 'merge', 'merge', now() - interval '1 hour', '{}', 0 from ${each}`,
    `insert into countersign.change (key, instance, project_id, iid, record_id, origin, project, title, web_url, event,
        merged_at, accepted_at, finished_at, pod, channel)
      select '${instance}/${projectId}!' || n, '${instance}', ${projectId}, n, 'OLD-' || n, 'webhook', 'old/payments', 'A title',
        'https://${instance}/' || n, '{"description": "Fixes something", "labels": ["security::payments"]}',
        now() - interval '1 hour', now() - interval '1 hour', now(), 'payments', 'C1' from ${each}`,
    ...stages.map(
      (stage) => `insert into countersign.outcome (change_id, stage, outcome, attempts, opened_at, at)
        select c.id, '${stage}', 'done', 1, now() - interval '1 hour', now() ${mine}`,
    ),
    `insert into countersign.evidence (change_id, name, url, status, sha256, observed_at, body)
      select c.id, 'merge_request', 'https://${instance}/', 200, md5(c.iid::text), now(), '\\x00' ${mine}`,
    `insert into countersign.capture (change_id, evidence, captured_at) select c.id, '{}', now() ${mine}`,
    `insert into countersign.record (change_id, canonical, sha256, sealed_at)
      select c.id, convert_to(${canonical('c.iid')}, 'UTF8'), encode(sha256(convert_to(${canonical('c.iid')}, 'UTF8')), 'hex'),
        now() ${mine}`,
    `insert into countersign.disclosure (change_id, digest, salt, value) select c.id, 'd', 's', '1' ${mine}
      and c.iid % 1000000007 = 0`,
    `insert into countersign.verdict (change_id, policy_sha256, overall, checks, canonical, sha256, judged_at)
      select c.id, 'policy', 'pass', '[]', '{}', md5(c.iid::text), now() ${mine}`,
    `insert into countersign.row (change_id, page_id, url, version, stored_sha256, at)
      select c.id, '1', 'https://confluence/', 1, md5(c.iid::text), now() ${mine}`,
    `insert into countersign.row_page (change_id, page, at) select c.id, 1, now() ${mine}`,
    `insert into countersign.issue (change_id, issue_id, identifier, url, completed_at, at)
      select c.id, 'i' || c.iid, 'OLD-' || c.iid, 'https://linear/', now(), now() ${mine}`,
    `insert into countersign.message (key, channel, state, attempt, ts, created_at)
      select 'OLD-' || n, 'C1', 'sent', 1, n::text, now() from ${each}`,
    `insert into countersign.message_change (change_id, message_id)
      select c.id, m.id from countersign.change c join countersign.message m on m.key = c.record_id
      where c.instance = '${instance}' and c.iid between ${first} and ${last}`,
    `insert into countersign.attention (kind, subject, reason, raised_at, resolved_at)
      select 'refused', '${instance}/${projectId}!' || n, 'refused', now(), now() from ${each}`,
    `insert into countersign.summary (change_id, model, prompt_sha256, text, ms, at)
      select c.id, 'a-model', 'p', 'A sentence.', 1, now() ${mine}`,
    `insert into countersign.action (what, detail, at, sealed_in) select 'retry', '{}', now(), 0 from ${each}
      where n % 100 = 0`,
    `insert into countersign.emergency (change_id, due, looked_at, closed_at)
      select c.id, now(), now(), now() ${mine} and c.iid % 100 = 0`,
  ];
}

function canonical(number: string): string {
  return `'{"n":' || ${number} || '}'`;
}

function entriesOf(p: Primitives, changeId: number, number: number): NewEntry[] {
  const sha256 = Buffer.from(p.sha256(Buffer.from(`{"n":${number}}`))).toString('hex');
  const payload = Buffer.from(
    statementOf({
      subjects: [{ name: 'record.json', digest: { sha256 } }],
      predicateType: 'https://example.org/old/v1',
      predicate: {},
    }),
  ).toString('base64');
  const envelope = Buffer.from(JSON.stringify({ payload }));
  const salt = randomBytes(32);
  const commitment = commitmentOf(p, salt, envelope);
  return [
    { changeId, kind: 'record', type: null, id: `OLD-${number}`, commitment, envelope, salt },
    { changeId, kind: 'statement', type: 'publication', id: `publication/OLD-${number}`, commitment, envelope, salt },
  ];
}
