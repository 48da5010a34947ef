import type { Kysely } from 'kysely';
import { brokenLog } from '../../storage/ledger.ts';
import { readEntriesOf, type RecordPlace } from '../../storage/packed-entries.ts';
import { readRecordSources } from '../../storage/packed-sources.ts';
import type { Tables } from '../../storage/tables.ts';
import { openChange, type OpenedChange } from './change-files.ts';

/** A change with all entries that the log has of it. */
export interface ReadChange {
  readonly changeId: number;
  readonly indexes: readonly number[];
  readonly change: OpenedChange;
}

/** Reads changes page by page, in the order in which they are given, as a log of `size` entries has them. */
export async function* openChanges(
  db: Kysely<Tables>,
  pages: AsyncIterable<readonly RecordPlace[]>,
  size: number,
): AsyncGenerator<readonly ReadChange[]> {
  for await (const page of pages) {
    const ids = page.map(({ changeId }) => changeId);
    const [entries, sources] = await Promise.all([readEntriesOf(db, ids, size), readRecordSources(db, ids)]);
    yield page.map(({ changeId, index }) => {
      const own = entries.get(changeId);
      if (own === undefined) throw brokenLog(`entry ${index} is missing`);
      return { changeId, indexes: own.map((entry) => entry.index), change: openChange(own, sources.get(changeId)) };
    });
  }
}
