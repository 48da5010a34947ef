import { commitmentOf } from '@countersign/ledger';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeeper } from '../../test/support/keeper.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { listOpen } from '../storage/attention.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import { appendEntries } from '../storage/ledger.ts';
import { checkAtStart, createLogWatch } from './watch-log.ts';

let made: TestDatabase;
let database: Database;

beforeEach(async () => {
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
});

afterEach(async () => {
  await database.close();
  await made.drop();
});

test('an earlier entry that was edited does not stop a start, and stops the node soon after', async () => {
  let halted: Error | undefined;
  const keeper = { ...createKeeper(), halt: (reason: Error) => void (halted = reason) };
  const [envelope, salt] = [Buffer.from('{}'), Buffer.alloc(32)];
  const commitment = commitmentOf(keeper.primitives, salt, envelope);
  for (let batch = 0; batch < 6; batch++) {
    const entries = Array.from({ length: 4000 }, (_, at) => ({
      changeId: null,
      kind: 'statement' as const,
      type: 'action' as const,
      id: `action/${batch}-${at}`,
      commitment,
      envelope,
      salt,
    }));
    await database.transaction((trx) => appendEntries(trx, keeper, entries, new Date('2026-09-21T14:13:30.119Z')));
  }
  await sql`update countersign.entry set leaf = '\\x00' where index = 1500`.execute(database.db);
  const parts = { database, keeper, now: () => new Date() };

  await checkAtStart(parts);
  await createLogWatch(parts, AbortSignal.abort())();
  expect(halted).toBeUndefined();

  const watch = createLogWatch(parts, new AbortController().signal);
  await expect(watch()).rejects.toMatchObject({ code: 'log_broken', message: expect.stringContaining('entry 1500') });
  expect(halted).toMatchObject({ code: 'log_broken' });
  expect(await listOpen(database.db)).toMatchObject([{ kind: 'log_broken', subject: 'ledger' }]);
});
