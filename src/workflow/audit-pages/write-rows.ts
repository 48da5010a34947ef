import { largestRequest } from '../../connectors/confluence/failure.ts';
import { isConnectorError } from '../../connectors/errors.ts';
import { resolve } from '../../storage/attention.ts';
import { openPage, readOpenPage, readTopPage, type Page } from '../../storage/audit-pages.ts';
import { readRowPages, type MeantFor } from '../../storage/row-pages.ts';
import { append } from './append.ts';
import { giveUp, hasGone, salvage, subjectOfLost } from './lost-page.ts';
import { beginNext } from './next-page.ts';
import { listNewest } from './page-index.ts';
import { targetOf, type AuditPagesParts, type WaitingRow } from './parts.ts';
import { createProgress, noteFailure, type Progress } from './progress.ts';
import { writeFresh } from './write-fresh.ts';

/**
 * Writes rows, each to one page: rows that were meant for a page before go there and nowhere else, since they may stand
 * there already; the others go to the page that takes rows now. Only for whoever is alone at these pages.
 */
export async function writeRows(parts: AuditPagesParts, waiting: readonly WaitingRow[]): Promise<Progress> {
  const progress = createProgress();
  const known = await knowPages(parts);
  const meant = await readRowPages(
    parts.database.db,
    waiting.map(({ change }) => change.id),
  );
  const fresh = waiting.filter(({ change }) => !meant.has(change.id));
  const before = waiting.filter(({ change }) => meant.has(change.id));
  for (const [id, rows] of Map.groupBy(before, ({ change }) => meant.get(change.id)!.id)) {
    const page = [...meant.values()].find((one) => one.id === id)!;
    fresh.push(...(await unlessItFails(progress, rows, () => writeAgain(parts, page, rows, progress))));
  }
  // A page that was given up in the meantime is not the one that takes rows any more.
  let open = before.length === 0 ? known : undefined;
  const findOpen = async (since: Date): Promise<Page> => {
    const page = open ?? (await findPage(parts, since));
    open = undefined;
    return page;
  };
  const newest = await writeFresh({ ...parts, findPage: findOpen }, fresh, progress);
  await listNewest(parts, newest ?? known);
  return progress;
}

// One page that cannot be written must not hold up the rows of another.
async function unlessItFails(
  progress: Progress,
  rows: readonly WaitingRow[],
  run: () => Promise<WaitingRow[]>,
): Promise<WaitingRow[]> {
  try {
    return await run();
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    noteFailure(
      progress,
      rows.filter(({ change }) => !progress.results.has(change.id)),
      error,
    );
    return [];
  }
}

/** Rows that may have been written before: on the page that they were meant for. Returns those that need another page. */
async function writeAgain(
  parts: AuditPagesParts,
  page: MeantFor,
  rows: readonly WaitingRow[],
  progress: Progress,
): Promise<WaitingRow[]> {
  if (page.target !== targetOf(parts.page) || page.goneAt !== null) return salvage(parts, page, rows, progress);
  try {
    // A page that is full by our own measure takes them all the same: an earlier update may still be on its way to it.
    return await append(parts, page, rows, largestRequest, progress);
  } catch (error) {
    if (!isConnectorError(error) || !(await hasGone(parts, page, error))) throw error;
    await giveUp(parts, page);
    return salvage(parts, page, rows, progress);
  }
}

// Which pages belong to the configured one is known before anything is asked of them.
async function knowPages(parts: AuditPagesParts): Promise<Page | undefined> {
  const { db } = parts.database;
  const target = targetOf(parts.page);
  const open = await readOpenPage(db, target);
  if (open !== undefined || (await readTopPage(db, target)) !== undefined) return open;
  await locate(parts);
  return readOpenPage(db, target);
}

async function locate(parts: AuditPagesParts): Promise<void> {
  const { database, confluence, page, now } = parts;
  const found = await confluence.locatePage(page, { create: true });
  const named = { pageId: found.id, title: found.title, url: found.url };
  await database.transaction(async (trx) => {
    await openPage(trx, targetOf(page), named, now());
    await resolve(trx, 'audit_page', [subjectOfLost(found.id)], now());
  });
}

/** The page that takes rows now; where it has gone, the next one, or the configured one anew. */
async function findPage(parts: AuditPagesParts, since: Date): Promise<Page> {
  const { db } = parts.database;
  const target = targetOf(parts.page);
  const open = await readOpenPage(db, target);
  if (open !== undefined) return open;
  const top = await readTopPage(db, target);
  if (top !== undefined) {
    try {
      return await beginNext(parts, top, since);
    } catch (error) {
      if (!isConnectorError(error) || !(await hasGone(parts, top, error))) throw error;
      await giveUp(parts, top);
    }
  }
  await locate(parts);
  const [again, found] = [await readOpenPage(db, target), await readTopPage(db, target)];
  return again ?? beginNext(parts, found!, since);
}
