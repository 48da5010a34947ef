import { isConnectorError, type ConnectorError } from '../../connectors/errors.ts';
import { readable } from '../../domain/text.ts';
import { raise } from '../../storage/attention.ts';
import { markGone } from '../../storage/audit-pages.ts';
import type { MeantFor } from '../../storage/row-pages.ts';
import { isTemporary } from '../retry.ts';
import type { AuditPagesParts, WaitingRow } from './parts.ts';
import { noteStanding, type Progress } from './progress.ts';

/** Whether an error means that a page was deleted or put away: Confluence is asked, since other things read alike. */
export async function hasGone(
  { confluence }: Pick<AuditPagesParts, 'confluence'>,
  page: Pick<MeantFor, 'pageId'>,
  error: ConnectorError,
): Promise<boolean> {
  if (error.code !== 'not_found' && error.code !== 'unsuitable') return false;
  try {
    return (await confluence.describePage(page.pageId)).status !== 'current';
  } catch (failure) {
    if (isConnectorError(failure) && failure.code === 'not_found') return true;
    throw failure;
  }
}

/** Takes no more rows to a page that has gone, and lists it: rows that stand on it are out of sight. */
export async function giveUp(
  { database, now }: Pick<AuditPagesParts, 'database' | 'now'>,
  page: Pick<MeantFor, 'id' | 'pageId' | 'title'>,
): Promise<void> {
  const detail =
    `The page ${readable(page.title, 200)} (${page.pageId}) is deleted, put away or hidden, with the rows on it; new rows go elsewhere. ` +
    'Restore it, or let the account see it';
  await database.transaction(async (trx) => {
    await markGone(trx, page, now());
    await raise(trx, [{ kind: 'audit_page', subject: subjectOfLost(page.pageId), reason: 'gone', detail }], now());
  });
}

export function subjectOfLost(pageId: string): string {
  return `page ${pageId}`;
}

/**
 * Rows that were meant for a page which takes none any more: those that stand there after all have been written; the
 * others are returned. A page that cannot be seen holds nothing that anybody can see.
 */
export async function salvage(
  parts: Pick<AuditPagesParts, 'database' | 'confluence'>,
  page: Pick<MeantFor, 'id' | 'pageId'>,
  waiting: readonly WaitingRow[],
  progress: Progress,
): Promise<WaitingRow[]> {
  try {
    const rows = waiting.map(({ row }) => row);
    const found = await parts.confluence.findRows({ pageId: page.pageId, rows });
    const present = new Set(found.present);
    const standing = waiting.filter(({ row }) => present.has(row.recordId));
    await noteStanding(parts, progress, page, found, standing);
    return waiting.filter(({ row }) => !present.has(row.recordId));
  } catch (error) {
    if (!isConnectorError(error) || isTemporary(error.code)) throw error;
    return [...waiting];
  }
}
