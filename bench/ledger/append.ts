import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { startEmbedded } from '../../src/storage/embedded.ts';
import { appendEntries } from '../../src/storage/ledger.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { sealEntry } from '../../src/storage/seal-entry.ts';
import { createKeeper } from '../../test/support/keeper.ts';
import { quiet } from '../../test/support/quiet.ts';
import { recordStatement, signer } from './log.ts';
import { medianOf, rounded, timedAsync } from './timing.ts';

const batches = [1, 10, 100];
const transactions = 100;

const keeper = { ...createKeeper(signer.name), signer };

/** Appends on a Postgres of their own. */
export async function benchAppend(): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-ledger-'));
  const server = await startEmbedded({ folder, log: quiet });
  const database = await openDatabase({ connection: server.connection, log: quiet });
  try {
    await migrate(database.db);
    await sql`create table countersign.bench (id bigint generated always as identity)`.execute(database.db);
    const results: object[] = [];
    for (const batch of batches) results.push(await benchBatches(database, batch));
    return results;
  } finally {
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Transactions that append, against as many of the same Postgres that write one row each: its bare commits. */
async function benchBatches(database: Database, batch: number): Promise<object> {
  const entries = Array.from({ length: batch * transactions }, (_, number) => {
    const { id, statement } = recordStatement(number);
    return sealEntry(keeper, { changeId: null, kind: 'record', type: null, id: `${id}/${batch}` }, statement);
  });
  const appends: number[] = [];
  const commits: number[] = [];
  for (let at = 0; at < transactions; at++) {
    const chunk = entries.slice(at * batch, (at + 1) * batch);
    // In turns, so that whatever else the machine does slows both.
    appends.push(await timedAsync(() => database.transaction((trx) => appendEntries(trx, keeper, chunk, new Date()))));
    commits.push(
      await timedAsync(() =>
        database.transaction((trx) => sql`insert into countersign.bench default values`.execute(trx)),
      ),
    );
  }
  const [appendMs, commitMs] = [medianOf(appends), medianOf(commits)];
  return {
    batch,
    append_p50_ms: rounded(appendMs),
    bare_commit_p50_ms: rounded(commitMs),
    entries_per_s: Math.round((batch / appendMs) * 1000),
    commits_per_append: rounded(appendMs / commitMs),
    entries_per_commit: rounded((batch * commitMs) / appendMs),
  };
}
