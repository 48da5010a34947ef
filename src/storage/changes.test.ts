import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet as log } from '../../test/support/quiet.ts';
import { mergeEvent, ticket } from '../domain/fixtures/change.ts';
import { place, readChanges, takeUp } from './changes.ts';
import { openDatabase, type Database } from './database.ts';

let created: TestDatabase;
let database: Database;

beforeAll(async () => {
  created = await createTestDatabase();
  database = await openDatabase({ connection: created.connection, log });
});

afterAll(async () => {
  await database.close();
  await created.drop();
});

test('a placement keeps the time of the merge to the millisecond, whatever its year', async () => {
  const times = ['2026-09-21T14:13:25.119Z', '1999-12-31T23:59:59.999Z', '+010000-01-01T00:00:00.000Z', null];
  const news = times.map((_time, index) => ({
    key: { instance: 'gitlab.example', projectId: 501, iid: index + 1 },
    recordId: `SEC-${index + 1}`,
    origin: 'webhook' as const,
    event: mergeEvent,
  }));
  const ids = [...(await takeUp(database.db, news, new Date())).values()];
  await place(
    database.db,
    ids.map((changeId, index) => ({
      changeId,
      pod: index === 0 ? null : `pod ${index}`,
      channel: 'C0POD',
      mergedAt: times[index] ?? null,
      title: `Title ${index}`,
      ticket,
    })),
  );
  const placed = await readChanges(database.db, ids);
  // Without a time from GitLab the one of the webhook stands.
  expect(placed.map(({ mergedAt }) => mergedAt?.toISOString())).toEqual([...times.slice(0, 3), mergeEvent.actionedAt]);
  expect(placed.map(({ pod }) => pod)).toEqual([null, 'pod 1', 'pod 2', 'pod 3']);
  expect(placed.map((change) => change.ticket)).toEqual(times.map(() => ticket));
});
