import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/postgres.ts';
import { quiet as log } from '../../test/support/quiet.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { countWaiting } from './outcomes.ts';

test('nothing waits in a trail that was never served', async () => {
  const created = await createTestDatabase();
  const database = await openDatabase({ connection: created.connection, log });
  try {
    await migrate(database.db);
    await sql`drop schema if exists pgboss cascade`.execute(database.db);
    expect(await countWaiting(database.db, 'pgboss')).toEqual(new Map());
  } finally {
    await database.close();
    await created.drop();
  }
});
