import { recordEntry } from '../../src/workflow/entries.ts';
import { usualPolicy } from '../../src/domain/fixtures/policy.ts';
import type { Database } from '../../src/storage/database.ts';
import type { LogKeeper } from '../../src/storage/keeper.ts';
import { appendEntries } from '../../src/storage/ledger.ts';
import { readRecordsAfter } from '../../src/storage/records.ts';
import { rulebookOf } from '../../src/workflow/judge-records.ts';
import { openRecord } from '../../src/workflow/open-record.ts';
import { rejudgeAll } from '../../src/workflow/rejudge.ts';
import { storeRecords } from './stored-records.ts';

const pageSize = 500;

export interface SealedChange {
  /** Of its record. */
  readonly id: string;
  readonly mergedAt: Date;
}

/** Fills a database with changes whose records and verdicts stand in the log, in this order. */
export async function sealStored(
  database: Database,
  keeper: LogKeeper,
  count: number,
): Promise<readonly SealedChange[]> {
  await storeRecords(database.db, count);
  const now = new Date();
  const changes: SealedChange[] = [];
  for (let last = 0; ;) {
    const page = await readRecordsAfter(database.db, last, pageSize);
    const end = page.at(-1);
    if (end === undefined) break;
    last = end.changeId;
    const entries = page.map((stored) => {
      const { changeId, canonical, sha256, recordId } = stored;
      const merged: string = JSON.parse(canonical.toString()).evidence.merge_request.value.merged_at;
      changes.push({ id: recordId, mergedAt: new Date(merged) });
      return recordEntry(keeper, { changeId, record: openRecord(stored), canonical: canonical.toString(), sha256 });
    });
    await database.transaction((trx) => appendEntries(trx, keeper, entries, now));
  }
  await rejudgeAll({ database, keeper, rulebook: rulebookOf(usualPolicy, 'countersign/test'), now: () => now });
  return changes;
}
