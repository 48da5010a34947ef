import { isConnectorError } from '../../connectors/errors.ts';
import { indexTexts } from '../../domain/rolling.ts';
import { raise, resolve } from '../../storage/attention.ts';
import {
  keepListed,
  listGonePages,
  listPagesBelow,
  markBack,
  readOpenPage,
  readTopPage,
  type Page,
} from '../../storage/audit-pages.ts';
import { subjectOfLost } from './lost-page.ts';
import { targetOf, whileAlone, type AuditPagesParts } from './parts.ts';

type IndexParts = Pick<AuditPagesParts, 'database' | 'confluence' | 'page' | 'now'>;

/**
 * Catches up with what could not be done while rows were written: the list of pages on the configured one, and pages that
 * somebody has brought back. Runs on a clock; while rows are being written, it leaves that to them.
 */
export async function keepPages(parts: IndexParts): Promise<void> {
  const { db } = parts.database;
  const target = targetOf(parts.page);
  const [open, top, gone] = [
    await readOpenPage(db, target),
    await readTopPage(db, target),
    await listGonePages(db, target),
  ];
  if (gone.length === 0 && !isBehind(top, open)) return;
  await whileAlone(parts, async () => {
    await lookForGone(parts, gone);
    await listNewest(parts, open);
  });
}

/** Lists the newest page on the configured one, where it is not listed yet. A failure is listed, and tried again later. */
export async function listNewest(parts: IndexParts, newest: Page | undefined): Promise<void> {
  const { db } = parts.database;
  // Rows that go to the configured page need no list.
  if (newest === undefined || newest.parent === null) return;
  const top = await readTopPage(db, newest.target);
  if (top === undefined || !isBehind(top, newest)) return;
  const subjects = [subjectOfIndex(top)];
  try {
    await putList(parts, top);
    await resolve(db, 'audit_page', subjects, parts.now());
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    const detail = `The list of pages on ${top.url} lacks the newest: ${error.message}`;
    await raise(db, [{ kind: 'audit_page', subject: subjects[0]!, reason: 'list_behind', detail }], parts.now());
  }
}

function isBehind(top: Page | undefined, newest: Page | undefined): boolean {
  return top !== undefined && newest !== undefined && newest.parent !== null && top.listed !== newest.id;
}

async function putList({ database: { db }, confluence }: IndexParts, top: Page): Promise<void> {
  const pages = await listPagesBelow(db, top);
  const [newest] = pages;
  if (newest === undefined) return;
  const entries = pages.map(({ title, url }) => ({ title, url }));
  await confluence.listPages({
    pageId: top.pageId,
    index: { ...indexTexts, entries },
    versionMessage: 'Countersign: list of pages',
  });
  await keepListed(db, top, newest.id);
}

async function lookForGone({ database, confluence, now }: IndexParts, gone: readonly Page[]): Promise<void> {
  for (const page of gone) {
    try {
      if ((await confluence.describePage(page.pageId)).status !== 'current') continue;
    } catch (error) {
      if (isConnectorError(error)) continue;
      throw error;
    }
    await database.transaction(async (trx) => {
      await markBack(trx, page);
      await resolve(trx, 'audit_page', [subjectOfLost(page.pageId)], now());
    });
  }
}

export function subjectOfIndex(top: Pick<Page, 'pageId'>): string {
  return `list of pages on ${top.pageId}`;
}
