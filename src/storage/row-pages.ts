import type { Kysely } from 'kysely';
import type { Page } from './audit-pages.ts';
import type { Tables } from './tables.ts';

/** The page that a row was meant for. */
export type MeantFor = Pick<
  Page,
  'id' | 'target' | 'pageId' | 'title' | 'url' | 'parent' | 'rows' | 'bytes' | 'goneAt'
>;

/** Which pages the rows of changes were meant for, by change; those that were never taken up are left out. */
export async function readRowPages(db: Kysely<Tables>, changeIds: readonly number[]): Promise<Map<number, MeantFor>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.row_page as meant')
    .innerJoin('countersign.page as page', 'page.id', 'meant.page')
    .select(['meant.change_id', 'page.id', 'page.target', 'page.page_id', 'page.title', 'page.url', 'page.parent'])
    .select(['page.rows', 'page.bytes', 'page.gone_at'])
    .where('meant.change_id', 'in', changeIds)
    .execute();
  return new Map(
    rows.map(({ change_id: changeId, page_id: pageId, gone_at: goneAt, ...page }) => [
      changeId,
      { ...page, pageId, goneAt },
    ]),
  );
}

/** Notes, before they are written, that rows are meant for a page; with the first of them its period begins. */
export async function meanRows(
  trx: Kysely<Tables>,
  page: Pick<Page, 'id' | 'since'>,
  changeIds: readonly number[],
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<void> {
  if (changeIds.length === 0) return;
  await trx
    .insertInto('countersign.row_page')
    .values(changeIds.map((changeId) => ({ change_id: changeId, page: page.id, at: now })))
    .onConflict((conflict) =>
      conflict.column('change_id').doUpdateSet((eb) => ({ page: eb.ref('excluded.page'), at: eb.ref('excluded.at') })),
    )
    .execute();
  if (page.since !== null) return;
  await trx
    .updateTable('countersign.page')
    .set({ since })
    .where('id', '=', page.id)
    .where('since', 'is', null)
    .execute();
}
