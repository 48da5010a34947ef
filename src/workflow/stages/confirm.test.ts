import { shortHead } from '@countersign/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeeper } from '../../../test/support/keeper.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { quiet as log } from '../../../test/support/quiet.ts';
import { ConnectorError } from '../../connectors/errors.ts';
import { evidence, mergeEvent, ticket } from '../../domain/fixtures/change.ts';
import { renderMessage } from '../../connectors/slack/blocks.ts';
import type { Message } from '../../domain/message.ts';
import { finish, place, readChanges, takeUp } from '../../storage/changes.ts';
import { openDatabase, type Database } from '../../storage/database.ts';
import { listOpen } from '../../storage/attention.ts';
import { keepEvidence, packEvidence } from '../../storage/evidence.ts';
import { appendEntries, readHead } from '../../storage/ledger.ts';
import { openOutcomes, writeOutcomes } from '../../storage/outcomes.ts';
import { statementEntry } from '../../storage/seal-entry.ts';
import { createLayout } from '../../templates/layout.ts';
import type { Work } from '../stage.ts';
import { createConfirm } from './confirm.ts';

let created: TestDatabase;
let database: Database;
let changes = 0;
let entries = 0;
const keeper = createKeeper();

const start = new Date('2026-11-24T12:00:00Z');

beforeAll(async () => {
  created = await createTestDatabase();
  database = await openDatabase({ connection: created.connection, log });
});

afterAll(async () => {
  await database.close();
  await created.drop();
});

/** Changes of one channel that wait to be confirmed. */
async function waiting(
  channel: string,
  count: number,
  title = mergeEvent.title,
  labels = mergeEvent.labels,
): Promise<Work[]> {
  const { db } = database;
  const news = Array.from({ length: count }, () => {
    changes++;
    const key = { instance: 'gitlab.example', projectId: 501, iid: changes };
    return { key, recordId: `SEC-${changes}`, origin: 'webhook', event: { ...mergeEvent, labels } } as const;
  });
  const ids = [...(await takeUp(db, news, start)).values()];
  const { mergeRequest } = evidence;
  if (!mergeRequest.ok) throw new Error('the fixture is readable');
  const read = { ...evidence, mergeRequest: { ...mergeRequest, value: { ...mergeRequest.value, title } }, answers: [] };
  await keepEvidence(db, await Promise.all(ids.map((id) => packEvidence(id, read))), start);
  await place(
    db,
    ids.map((changeId) => ({ changeId, pod: 'pod', channel, mergedAt: null, title: mergeEvent.title, ticket })),
  );
  await openOutcomes(db, 'confirm', ids, start);
  return (await readChanges(db, ids)).map((change) => ({ change, attempts: 0, openedAt: start }));
}

/** Lets the log grow by one entry, and gives its head as messages show it. */
async function growLog(): Promise<string> {
  const subjects = [{ name: 'what was done', digest: { sha256: '0'.repeat(64) } }];
  const entry = statementEntry(keeper, { type: 'action', name: `${++entries}`, subjects, predicate: {} });
  await database.transaction((trx) => appendEntries(trx, keeper, [entry], start));
  const head = (await readHead(database.db))!;
  return shortHead({ size: head.size, root: Buffer.from(head.root, 'base64') });
}

const textOf = ({ lines }: Message): string => lines.map((line) => line.map(({ text }) => text).join('')).join('\n');

/** A stage whose messages are kept here, by a Slack that loses so many answers first. */
function confirming({
  lost = 0,
  shows = true,
  now = () => start,
  template = null,
}: { lost?: number; shows?: boolean; now?: () => Date; template?: string | null } = {}) {
  const posted: Message[] = [];
  const slack = {
    post: async ({ channel, message }: { channel: string; message: Message }) => {
      posted.push(message);
      if (posted.length <= lost) throw new ConnectorError({ vendor: 'slack', code: 'lost', message: 'No answer' });
      return { channel, ts: `${posted.length}.0` };
    },
    findPosted: async ({ key }: { key: string }) =>
      shows ? posted.flatMap((message, at) => (message.key === key ? [{ ts: `${at + 1}.0` }] : [])) : [],
    findThreads: async () => new Map<string, string>(),
    untilFree: async () => undefined,
    remove: async () => undefined,
    permalink: async () => null,
  };
  const layout = createLayout({ columns: [], messageTemplate: template, publicUrl: 'https://countersign.example' });
  const layoutOf = () => layout;
  const stage = createConfirm({ database, slack, fallbackChannel: 'C0', layoutOf, digestAbove: 20, now });
  return { stage, posted };
}

test('twenty that wait for one channel are confirmed one by one', async () => {
  const { stage, posted } = confirming();
  await stage.run(await waiting('C0TWENTY', 20));
  expect(posted.length).toBe(20);
});

test('what waits beyond the batch counts: more than twenty become digests, however they are batched', async () => {
  const { stage, posted } = confirming();
  const works = await waiting('C0FORTY', 40);
  const { results } = await stage.run(works.slice(0, 20));
  expect([...results.values()].every(({ kind }) => kind === 'done')).toBe(true);
  const text = JSON.stringify(posted);
  expect(posted.length).toBeLessThan(5);
  for (const { change } of works.slice(0, 20)) expect(text.split(`"${change.recordId}`).length).toBeGreaterThan(1);
});

test('the end of a burst goes together, however few are left', async () => {
  const { stage, posted } = confirming();
  const works = await waiting('C0END', 30);
  await stage.run(works.slice(0, 20));
  const ended = works.slice(0, 20).map(({ change }) => change.id);
  const done = { outcome: 'done', reason: null, detail: null, nextAt: null } as const;
  await writeOutcomes(
    database.db,
    'confirm',
    ended.map((changeId) => ({ changeId, ...done })),
    start,
  );
  await finish(database.db, ended, start);
  const before = posted.length;
  await stage.run(works.slice(20));
  expect(posted.length - before).toBe(1);
});

test('a single change is never a digest of one', async () => {
  const { stage, posted } = confirming();
  const works = await waiting('C0MANY', 30);
  await stage.run(works.slice(0, 1));
  expect(posted[0]?.key).toBe(works[0]!.change.recordId);
});

const seconds = (count: number): Date => new Date(start.getTime() + count * 1000);

test('a message whose answer was lost is found by its key, whatever head the log has by then', async () => {
  let now = start;
  const { stage, posted } = confirming({ lost: 1, now: () => now });
  const works = await waiting('C0LOST', 1);
  const before = await growLog();
  const id = works[0]!.change.id;
  expect((await stage.run(works)).results.get(id)).toMatchObject({ kind: 'retry', code: 'settling' });
  expect(await growLog()).not.toBe(before);
  now = seconds(15);
  expect((await stage.run(works)).results.get(id)).toEqual({ kind: 'done' });
  expect(posted.map(textOf)).toEqual([expect.stringMatching(new RegExp(` · ledger ${RegExp.escape(before)}$`))]);
});

test('a message that never arrived is sent again under the same key, with the head of that time', async () => {
  let now = start;
  const { stage, posted } = confirming({ lost: 1, shows: false, now: () => now });
  const works = await waiting('C0NEVER', 1);
  const heads = [await growLog()];
  await stage.run(works);
  heads.push(await growLog());
  for (const later of [15, 40]) {
    now = seconds(later);
    await stage.run(works);
  }
  expect(posted.map((message) => textOf(message).split(' · ledger ')[1])).toEqual(heads);
  expect(new Set(posted.map(({ key }) => key)).size).toBe(1);
});

test('digests that fill their messages lose no line to the head in their heading', async () => {
  const { stage, posted } = confirming();
  await growLog();
  // How much room is left over depends on how long the lines are: some of these leave less than a head takes.
  for (let length = 270; length < 296; length++) {
    await stage.run(await waiting(`C0FULL${length}`, 50, '.'.repeat(length)));
  }
  expect(posted.length).toBeGreaterThan(26);
  for (const message of posted) {
    expect(textOf(message).match(/ · ledger /g)).toHaveLength(1);
    expect(
      renderMessage(message)
        .blocks.map(({ text }) => text.text)
        .join('\n'),
    ).not.toMatch(/^and \d+ more$/m);
  }
});

test('a message by a template ends with the head; where it cannot be rendered the usual line stands, and it is listed', async () => {
  const head = await growLog();
  const loops = ['a', 'b', 'c'].map((name) => `{% for ${name} in labels %}`).join('');
  const { stage, posted } = confirming({
    template: `${loops}{% endfor %}{% endfor %}{% endfor %}Merged: {{ change.title }}`,
  });
  const listed = async () => (await listOpen(database.db)).filter(({ kind }) => kind === 'template');

  const [fine] = await waiting('C0TEMPLATE', 1);
  await database.transaction(async (trx) => (await stage.run([fine!])).save?.(trx));
  expect(posted.map(textOf)).toEqual([`Merged: Harden token check · ledger ${head}`]);
  expect(await listed()).toEqual([]);

  const many = Array.from({ length: 150 }, (_, index) => `security::${index}`);
  const [broken] = await waiting('C0TEMPLATE', 1, undefined, many);
  const run = await stage.run([broken!]);
  await database.transaction(async (trx) => run.save?.(trx));
  expect(run.results.get(broken!.change.id)).toEqual({ kind: 'done' });
  expect(textOf(posted[1]!)).toMatch(/^Security review recorded: acme\/payments!7 Harden token check /);
  const { keyText } = broken!.change;
  expect(await listed()).toMatchObject([{ subject: keyText, stage: 'confirm', owner: 'pod', reason: 'not_rendered' }]);
  const mended = confirming({ template: '{{ change.title }}' });
  await database.transaction(async (trx) => (await mended.stage.run([broken!])).save?.(trx));
  expect(await listed()).toEqual([]);
});
