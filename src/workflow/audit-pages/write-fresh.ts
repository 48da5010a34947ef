import { ConnectorError, isConnectorError } from '../../connectors/errors.ts';
import { largestRequest } from '../../connectors/confluence/failure.ts';
import { periodOf, reckonedTime, type Roll } from '../../domain/rolling.ts';
import { readTopPage, type Page } from '../../storage/audit-pages.ts';
import { meanRows } from '../../storage/row-pages.ts';
import { isTemporary } from '../retry.ts';
import { append } from './append.ts';
import { giveUp, hasGone, salvage } from './lost-page.ts';
import { beginNext, subjectOfNext } from './next-page.ts';
import type { AuditPagesParts, WaitingRow } from './parts.ts';
import { noteFailure, type Progress } from './progress.ts';

export interface FreshParts extends AuditPagesParts {
  /** The page that takes rows now. */
  readonly findPage: (since: Date) => Promise<Page>;
}

// Somebody may put a page away while we write; nobody does so again and again.
const mostLost = 3;

/**
 * Writes rows that were never taken up before, in the order of their merges, and begins pages where they are due. Returns
 * the page that took the last of them; undefined where none did.
 */
export async function writeFresh(
  parts: FreshParts,
  fresh: readonly WaitingRow[],
  progress: Progress,
): Promise<Page | undefined> {
  const { now } = parts;
  const timeOf = ({ change }: WaitingRow): Date => reckonedTime(change.mergedAt, now());
  let rest = fresh.toSorted((a, b) => timeOf(a).getTime() - timeOf(b).getTime() || a.change.id - b.change.id);
  let lost = 0;
  let page: Page | undefined;
  // True where no page can be begun for now: the one that is there goes on.
  let stuck = false;
  let full = false;
  try {
    while (rest.length > 0) {
      const since = timeOf(rest[0]!);
      page ??= seen(await parts.findPage(since), progress);
      if (!stuck && (full || isDue(page, parts.roll, since))) {
        const next = await begin(parts, page, since, progress);
        full = false;
        stuck = next === undefined;
        page = next ?? page;
        continue;
      }
      const those = stuck ? rest : belonging(rest, page, parts.roll, timeOf);
      await mean(parts, page, those, since);
      const outcome = await appendUnlessGone(parts, page, those, stuck ? largestRequest : parts.roll.bytes, progress);
      const others = rest.slice(those.length);
      if (outcome.gone) {
        if (++lost > mostLost) throw outcome.error;
        page = undefined;
        rest = [...outcome.left, ...others];
        continue;
      }
      page = seen({ ...page, since: page.since ?? since }, progress);
      full = outcome.left.length > 0;
      if (full && (stuck || page.rows === 0)) {
        noteFailure(progress, outcome.left, noRoom(page));
        rest = others;
      } else rest = [...outcome.left, ...others];
    }
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    noteFailure(
      progress,
      rest.filter(({ change }) => !progress.results.has(change.id)),
      error,
    );
  }
  return page;
}

// As it was seen a moment ago, which is better than what was kept of it.
function seen(page: Page, { sizes }: Progress): Page {
  return { ...page, ...sizes.get(page.id) };
}

function isDue(page: Page, roll: Roll, since: Date): boolean {
  if (page.rows >= roll.rows || page.bytes >= roll.bytes) return true;
  return page.since !== null && periodOf(roll.every, since) > periodOf(roll.every, page.since);
}

/** Those of the rows that the page takes: of its period or an earlier one, and no more than it has room for. */
function belonging(
  rows: readonly WaitingRow[],
  page: Page,
  roll: Roll,
  timeOf: (row: WaitingRow) => Date,
): readonly WaitingRow[] {
  const period = periodOf(roll.every, page.since ?? timeOf(rows[0]!));
  const later = rows.findIndex((row) => periodOf(roll.every, timeOf(row)) > period);
  return rows.slice(0, Math.min(later < 0 ? rows.length : later, roll.rows - page.rows));
}

// In a transaction of its own, before anything is sent: whatever happens then, the rows are looked for on this page.
async function mean(
  { database, now }: FreshParts,
  page: Page,
  rows: readonly WaitingRow[],
  since: Date,
): Promise<void> {
  const ids = rows.map(({ change }) => change.id);
  await database.transaction((trx) => meanRows(trx, page, ids, { since, now: now() }));
}

/** Rows never wait for a page that cannot be begun: that is listed, and tried again with the next ones. */
async function begin(parts: FreshParts, page: Page, since: Date, progress: Progress): Promise<Page | undefined> {
  const top = await readTopPage(parts.database.db, page.target);
  if (top === undefined) return undefined;
  try {
    return await beginNext(parts, top, since);
  } catch (error) {
    if (!isConnectorError(error) || isTemporary(error.code)) throw error;
    progress.findings.push({
      kind: 'audit_page',
      subject: subjectOfNext(top),
      reason: 'not_begun',
      detail: `No page could be begun below ${top.url}, so that rows go on to ${page.url}: ${error.message}`,
    });
    return undefined;
  }
}

type Outcome =
  | { readonly gone: false; readonly left: readonly WaitingRow[] }
  | { readonly gone: true; readonly left: readonly WaitingRow[]; readonly error: ConnectorError };

async function appendUnlessGone(
  parts: FreshParts,
  page: Page,
  rows: readonly WaitingRow[],
  mostBytes: number,
  progress: Progress,
): Promise<Outcome> {
  try {
    return { gone: false, left: await append(parts, page, rows, mostBytes, progress) };
  } catch (error) {
    if (!isConnectorError(error) || !(await hasGone(parts, page, error))) throw error;
    await giveUp(parts, page);
    const waiting = rows.filter(({ change }) => !progress.results.has(change.id));
    return { gone: true, left: await salvage(parts, page, waiting, progress), error };
  }
}

function noRoom({ pageId }: Page): ConnectorError {
  return new ConnectorError({
    vendor: 'confluence',
    code: 'too_large',
    message: `Confluence page ${pageId} has no room for further rows, and no other could be begun`,
  });
}
