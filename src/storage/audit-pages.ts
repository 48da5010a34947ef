import type { Kysely, Selectable } from 'kysely';
import type { Tables } from './tables.ts';

/** A page as Confluence names it. */
export interface NamedPage {
  readonly pageId: string;
  readonly title: string;
  readonly url: string;
}

/** An audit page: the configured one, or one that was begun below it. */
export interface Page extends NamedPage {
  readonly id: number;
  readonly target: string;
  /** The page below which it stands; null for a configured page. */
  readonly parent: number | null;
  /** By this time its period is reckoned; null before its first row. */
  readonly since: Date | null;
  /** As the page was last seen. */
  readonly rows: number;
  readonly bytes: number;
  /** The newest page that the index on this one lists. */
  readonly listed: number | null;
  /** Set where it was found to be deleted or put away. */
  readonly goneAt: Date | null;
}

/** The page of a target that takes rows now; undefined before it was first located. */
export async function readOpenPage(db: Kysely<Tables>, target: string): Promise<Page | undefined> {
  const row = await db
    .selectFrom('countersign.page')
    .selectAll()
    .where('target', '=', target)
    .where('closed_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : pageOf(row);
}

/** The configured page of a target, whether it still takes rows or not; undefined where it is not known, or has gone. */
export async function readTopPage(db: Kysely<Tables>, target: string): Promise<Page | undefined> {
  const row = await db
    .selectFrom('countersign.page')
    .selectAll()
    .where('target', '=', target)
    .where('parent', 'is', null)
    .where('gone_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : pageOf(row);
}

/** The pages below a page that are still there, newest first. */
export async function listPagesBelow(db: Kysely<Tables>, page: Pick<Page, 'id'>): Promise<Page[]> {
  const rows = await db
    .selectFrom('countersign.page')
    .selectAll()
    .where('parent', '=', page.id)
    .where('gone_at', 'is', null)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(pageOf);
}

/** The titles that pages below a page have had, those that have gone too. */
export async function listTitlesBelow(db: Kysely<Tables>, page: Pick<Page, 'id'>): Promise<string[]> {
  const rows = await db.selectFrom('countersign.page').select('title').where('parent', '=', page.id).execute();
  return rows.map(({ title }) => title);
}

/**
 * Notes which page a target names. One that was configured in another way before keeps its place, and so do the pages
 * below it; one that stood below another becomes a configured page of its own.
 */
export async function openPage(db: Kysely<Tables>, target: string, page: NamedPage, now: Date): Promise<void> {
  const { pageId, title, url } = page;
  const known = await db
    .selectFrom('countersign.page')
    .select(['id', 'parent', 'gone_at'])
    .where('page_id', '=', pageId)
    .executeTakeFirst();
  if (known === undefined) {
    const row = { target, page_id: pageId, title, url, opened_at: now, closed_at: null };
    await db.insertInto('countersign.page').values(row).execute();
    return;
  }
  await db
    .updateTable('countersign.page')
    .set({ target })
    .where((eb) => eb.or([eb('id', '=', known.id), eb('parent', '=', known.id)]))
    .execute();
  const open = await readOpenPage(db, target);
  // Where nothing else takes rows, a page that was lost takes them again.
  const reopened = open === undefined && (known.parent !== null || known.gone_at !== null);
  await db
    .updateTable('countersign.page')
    .set({ title, url, parent: null, gone_at: null, ...(reopened ? { closed_at: null } : {}) })
    .where('id', '=', known.id)
    .execute();
}

/** Notes that a page was found deleted or put away: it takes no more rows. */
export async function markGone(db: Kysely<Tables>, page: Pick<Page, 'id'>, now: Date): Promise<void> {
  await db.updateTable('countersign.page').set({ closed_at: now, gone_at: now }).where('id', '=', page.id).execute();
}

/** Pages below the configured one that were found deleted or put away, the newest ones. */
export async function listGonePages(db: Kysely<Tables>, target: string): Promise<Page[]> {
  const rows = await db
    .selectFrom('countersign.page')
    .selectAll()
    .where('target', '=', target)
    .where('gone_at', 'is not', null)
    .where('parent', 'is not', null)
    .orderBy('id', 'desc')
    .limit(mostGone)
    .execute();
  return rows.map(pageOf);
}

const mostGone = 10;

/** Notes that somebody brought a page back: it is listed again, and takes no more rows. */
export async function markBack(trx: Kysely<Tables>, page: Pick<Page, 'id' | 'parent'>): Promise<void> {
  await trx.updateTable('countersign.page').set({ gone_at: null }).where('id', '=', page.id).execute();
  await trx.updateTable('countersign.page').set({ listed: null }).where('id', '=', page.parent).execute();
}

/** Keeps how large a page was when it was last seen. */
export async function keepSize(db: Kysely<Tables>, { id, rows, bytes }: Pick<Page, 'id' | 'rows' | 'bytes'>) {
  await db.updateTable('countersign.page').set({ rows, bytes }).where('id', '=', id).execute();
}

/** Notes that the index on a page lists all pages up to one. */
export async function keepListed(db: Kysely<Tables>, page: Pick<Page, 'id'>, listed: number): Promise<void> {
  await db.updateTable('countersign.page').set({ listed }).where('id', '=', page.id).execute();
}

/** A page that is to be made: what it is called, and what it is known by once it stands. */
export interface PagePlan {
  readonly title: string;
  readonly mark: string;
  readonly since: Date;
  /** When it was planned under this title. */
  readonly at: Date;
}

/** The page that is to be made next below a page. */
export async function readPlan(db: Kysely<Tables>, above: Pick<Page, 'id' | 'target'>): Promise<PagePlan | undefined> {
  return db
    .selectFrom('countersign.page_plan')
    .select(['title', 'mark', 'since', 'at'])
    .where('target', '=', above.target)
    .where('parent', '=', above.id)
    .executeTakeFirst();
}

/** Plans the next page of a target, or plans it under another title. */
export async function writePlan(db: Kysely<Tables>, above: Pick<Page, 'id' | 'target'>, plan: PagePlan): Promise<void> {
  const { title, mark, since, at } = plan;
  await db
    .insertInto('countersign.page_plan')
    .values({ target: above.target, parent: above.id, title, mark, since, at })
    .onConflict((conflict) => conflict.column('target').doUpdateSet({ parent: above.id, title, mark, since, at }))
    .execute();
}

/** Lets rows go to a page that was planned and stands now; the ones before it take none any more. One transaction. */
export async function turnTo(
  trx: Kysely<Tables>,
  above: Pick<Page, 'id' | 'target'>,
  page: NamedPage,
  plan: PagePlan,
  now: Date,
): Promise<Page> {
  await trx
    .updateTable('countersign.page')
    .set({ closed_at: now })
    .where('target', '=', above.target)
    .where('closed_at', 'is', null)
    .execute();
  const row = await trx
    .insertInto('countersign.page')
    .values({
      target: above.target,
      parent: above.id,
      page_id: page.pageId,
      title: page.title,
      url: page.url,
      since: plan.since,
      opened_at: now,
      closed_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await trx.deleteFrom('countersign.page_plan').where('target', '=', above.target).execute();
  return pageOf(row);
}

function pageOf(row: Selectable<Tables['countersign.page']>): Page {
  return {
    id: row.id,
    target: row.target,
    pageId: row.page_id,
    title: row.title,
    url: row.url,
    parent: row.parent,
    since: row.since,
    rows: row.rows,
    bytes: row.bytes,
    listed: row.listed,
    goneAt: row.gone_at,
  };
}
