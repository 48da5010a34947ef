import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** An audit page that takes rows. */
export interface Page {
  readonly pageId: string;
  readonly title: string;
  readonly url: string;
}

/** The open page of a configured target; undefined before it was first located. */
export async function readOpenPage(db: Kysely<Tables>, target: string): Promise<Page | undefined> {
  const row = await db
    .selectFrom('countersign.page')
    .select(['page_id', 'title', 'url'])
    .where('target', '=', target)
    .where('closed_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { pageId: row.page_id, title: row.title, url: row.url };
}

/** Notes where the rows of a target go from now on. */
export async function openPage(db: Kysely<Tables>, target: string, page: Page, now: Date): Promise<void> {
  await db
    .insertInto('countersign.page')
    .values({ target, page_id: page.pageId, title: page.title, url: page.url, opened_at: now, closed_at: null })
    .onConflict((conflict) =>
      conflict.column('page_id').doUpdateSet({ target, title: page.title, url: page.url, closed_at: null }),
    )
    .execute();
}

/** A page that has gone, or was moved aside by people, takes no more rows. */
export async function closePage(db: Kysely<Tables>, pageId: string, now: Date): Promise<void> {
  await db.updateTable('countersign.page').set({ closed_at: now }).where('page_id', '=', pageId).execute();
}

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
