import { isConnectorError } from '../../connectors/errors.ts';
import { introductionOf } from '../../domain/introduction.ts';
import type { MeantFor } from '../../storage/row-pages.ts';
import type { AuditPagesParts, WaitingRow } from './parts.ts';
import { noteFailure, noteStanding, type Progress } from './progress.ts';

type AppendParts = Pick<AuditPagesParts, 'database' | 'confluence' | 'logName'>;

/** Puts rows onto a page, as many as there is room for; returns those for which there is none. */
export async function append(
  parts: AppendParts,
  page: Pick<MeantFor, 'id' | 'pageId'>,
  rows: readonly WaitingRow[],
  mostBytes: number,
  progress: Progress,
): Promise<WaitingRow[]> {
  try {
    return await appendTogether(parts, page, rows, mostBytes, progress);
  } catch (error) {
    // If Confluence takes offence at one row, the others must not pay for it.
    if (!isConnectorError(error) || error.code !== 'refused') throw error;
    if (rows.length === 1) {
      noteFailure(progress, rows, error);
      return [];
    }
    const half = Math.ceil(rows.length / 2);
    const left = await append(parts, page, rows.slice(0, half), mostBytes, progress);
    return [...left, ...(await append(parts, page, rows.slice(half), mostBytes, progress))];
  }
}

async function appendTogether(
  parts: AppendParts,
  page: Pick<MeantFor, 'id' | 'pageId'>,
  waiting: readonly WaitingRow[],
  mostBytes: number,
  progress: Progress,
): Promise<WaitingRow[]> {
  const rows = waiting.map(({ row }) => row);
  const result = await parts.confluence.appendRows({
    pageId: page.pageId,
    rows,
    introduction: introductionOf(parts.logName()),
    mostBytes,
    versionMessage: `Countersign: ${rows.map((row) => row.recordId).join(', ')}`,
  });
  const left = new Set(result.left);
  const standing = waiting.filter(({ row }) => !left.has(row.recordId));
  await noteStanding(parts, progress, page, result, standing);
  progress.appended.push({ result, rows: standing });
  return waiting.filter(({ row }) => left.has(row.recordId));
}
