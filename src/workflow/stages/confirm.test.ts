import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { quiet as log } from '../../../test/support/quiet.ts';
import { evidence, mergeEvent, ticket } from '../../domain/fixtures/change.ts';
import type { Message } from '../../domain/message.ts';
import { place, readChanges, takeUp } from '../../storage/changes.ts';
import { openDatabase, type Database } from '../../storage/database.ts';
import { keepEvidence, packEvidence } from '../../storage/evidence.ts';
import { openOutcomes } from '../../storage/outcomes.ts';
import type { Work } from '../stage.ts';
import { createConfirm } from './confirm.ts';

let created: TestDatabase;
let database: Database;
let changes = 0;

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
async function waiting(channel: string, count: number): Promise<Work[]> {
  const { db } = database;
  const news = Array.from({ length: count }, () => {
    changes++;
    const key = { instance: 'gitlab.example', projectId: 501, iid: changes };
    return { key, recordId: `SEC-${changes}`, origin: 'webhook', event: mergeEvent } as const;
  });
  const ids = [...(await takeUp(db, news, start)).values()];
  await keepEvidence(db, await Promise.all(ids.map((id) => packEvidence(id, { ...evidence, answers: [] }))), start);
  await place(
    db,
    ids.map((changeId) => ({ changeId, pod: 'pod', channel, mergedAt: null, title: mergeEvent.title, ticket })),
  );
  await openOutcomes(db, 'confirm', ids, start);
  return (await readChanges(db, ids)).map((change) => ({ change, attempts: 0, openedAt: start }));
}

/** A stage whose messages are kept here. */
function confirming() {
  const posted: Message[] = [];
  const slack = {
    post: async ({ channel, message }: { channel: string; message: Message }) => {
      posted.push(message);
      return { channel, ts: `${posted.length}.0` };
    },
    findPosted: async () => [],
    findThreads: async () => new Map<string, string>(),
    remove: async () => undefined,
    permalink: async () => null,
  };
  const stage = createConfirm({ database, slack, fallbackChannel: 'C0', digestAbove: 20, now: () => start });
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

test('a single change is never a digest of one', async () => {
  const { stage, posted } = confirming();
  const works = await waiting('C0MANY', 30);
  await stage.run(works.slice(0, 1));
  expect(posted[0]?.key).toBe(works[0]!.change.recordId);
});
