import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** A row as it was read back. */
export interface WrittenRow {
  readonly changeId: number;
  readonly pageId: string;
  readonly url: string;
  readonly version: number;
  readonly storedSha256: string;
}

/** Keeps where rows stand. */
export async function keepRows(db: Kysely<Tables>, rows: readonly WrittenRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto('countersign.row')
    .values(
      rows.map((row) => ({
        change_id: row.changeId,
        page_id: row.pageId,
        url: row.url,
        version: row.version,
        stored_sha256: row.storedSha256,
        at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('change_id').doUpdateSet((eb) => ({
        page_id: eb.ref('excluded.page_id'),
        url: eb.ref('excluded.url'),
        version: eb.ref('excluded.version'),
        stored_sha256: eb.ref('excluded.stored_sha256'),
        at: eb.ref('excluded.at'),
      })),
    )
    .execute();
}

/** Addresses of the pages on which rows stand, by change. */
export async function readRowUrls(db: Kysely<Tables>, changeIds: readonly number[]): Promise<Map<number, string>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.row')
    .select(['change_id', 'url'])
    .where('change_id', 'in', changeIds)
    .execute();
  return new Map(rows.map((row) => [row.change_id, row.url]));
}
