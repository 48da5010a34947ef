import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet as log } from '../../test/support/quiet.ts';
import { mergeEvent } from '../domain/fixtures/change.ts';
import { findChange, takeUp } from './changes.ts';
import { readCommitments } from './commitments.ts';
import { openDatabase, type Database } from './database.ts';
import { keepRecords } from './records.ts';

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

async function change(iid: number): Promise<{ id: number; recordId: string }> {
  const key = { instance: 'gitlab.example', projectId: 501, iid };
  const recordId = `SEC-${String(iid).padStart(16, '0')}`;
  const ids = await takeUp(database.db, [{ key, recordId, origin: 'webhook', event: mergeEvent }], new Date());
  return { id: [...ids.values()][0]!, recordId };
}

test('a record is bound by its digest, once it is sealed', async () => {
  const { db } = database;
  const { id, recordId } = await change(1);
  expect(await readCommitments(db, recordId)).toBeUndefined();

  const sealedAt = new Date('2026-09-21T14:13:30.119Z');
  await keepRecords(db, [{ changeId: id, canonical: Buffer.from('{}'), sha256: 'ab', disclosures: [] }], sealedAt);
  expect(await readCommitments(db, recordId)).toEqual({ recordId, sealedAt, recordSha256: 'ab' });
});

test('a change is found by the id of its record, and by no other', async () => {
  const { id, recordId } = await change(2);
  await change(3);
  expect((await findChange(database.db, { kind: 'record', recordId }))?.id).toBe(id);
  expect(await findChange(database.db, { kind: 'record', recordId: 'SEC-ffffffffffffffff' })).toBeUndefined();
});
