// Judges 10,000 stored records again under a changed policy, on a Postgres of its own. Exits with 1 where that takes
// longer than the limit, or where a record was touched.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usualPolicy } from '../src/domain/fixtures/policy.ts';
import { openDatabase } from '../src/storage/database.ts';
import { startEmbedded } from '../src/storage/embedded.ts';
import { migrate } from '../src/storage/migrate.ts';
import { rulebookOf } from '../src/workflow/judge-records.ts';
import { rejudgeAll } from '../src/workflow/rejudge.ts';
import { createKeeper } from '../test/support/keeper.ts';
import { quiet } from '../test/support/quiet.ts';
import { storeRecords } from '../test/support/stored-records.ts';

const count = 10_000;
const limitSeconds = 30;

const folder = await mkdtemp(join(tmpdir(), 'countersign-rejudge-'));
const server = await startEmbedded({ folder, log: quiet });
const database = await openDatabase({ connection: server.connection, log: quiet });
try {
  await migrate(database.db);
  await storeRecords(database.db, count);
  const parts = { database, keeper: createKeeper(), now: () => new Date() };
  await rejudgeAll({ ...parts, rulebook: rulebookOf(usualPolicy, 'countersign/bench') });
  const before = await digestOfRecords();

  const start = performance.now();
  const stricter = rulebookOf({ ...usualPolicy, approvals: 2 }, 'countersign/bench');
  let pages = 0;
  const result = await rejudgeAll({ ...parts, rulebook: stricter }, () => pages++);
  const seconds = (performance.now() - start) / 1000;

  const untouched = before === (await digestOfRecords());
  console.log(JSON.stringify({ ...result, seconds: Math.round(seconds * 10) / 10, pages, untouched }, null, 2));
  if (seconds > limitSeconds || !untouched || result.judged !== count) process.exitCode = 1;
} finally {
  await database.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function digestOfRecords(): Promise<string> {
  const rows = await database.db.selectFrom('countersign.record').select('sha256').orderBy('change_id').execute();
  return rows.map(({ sha256 }) => sha256).join('');
}
