import type { AppendResult } from '../../connectors/confluence/client.ts';
import type { ConnectorError } from '../../connectors/errors.ts';
import type { Finding } from '../../storage/attention.ts';
import { keepSize, type Page } from '../../storage/audit-pages.ts';
import type { WrittenRow } from '../../storage/rows.ts';
import { resultOfError, type StageResult } from '../stage.ts';
import type { AuditPagesParts, WaitingRow } from './parts.ts';

/** What one update of a page did, and for which rows. */
export interface Appended {
  readonly result: AppendResult;
  readonly rows: readonly WaitingRow[];
}

/** What has come of a batch of rows so far, on whatever pages. */
export interface Progress {
  readonly results: Map<number, StageResult>;
  readonly written: WrittenRow[];
  readonly appended: Appended[];
  readonly findings: Finding[];
  readonly sizes: Map<number, Pick<Page, 'id' | 'rows' | 'bytes'>>;
}

export function createProgress(): Progress {
  return { results: new Map(), written: [], appended: [], findings: [], sizes: new Map() };
}

/** Notes that rows stand on a page. Its size is kept at once: whoever writes next is to know when it is full. */
export async function noteStanding(
  { database }: Pick<AuditPagesParts, 'database'>,
  progress: Progress,
  page: Pick<Page, 'id'>,
  seen: Pick<AppendResult, 'pageId' | 'url' | 'version' | 'storedSha256' | 'rows' | 'bytes'>,
  rows: readonly WaitingRow[],
): Promise<void> {
  const { pageId, url, version, storedSha256, bytes } = seen;
  const size = { id: page.id, rows: seen.rows, bytes };
  progress.sizes.set(page.id, size);
  for (const { change } of rows) {
    progress.written.push({ changeId: change.id, pageId, url, version, storedSha256 });
    progress.results.set(change.id, { kind: 'done' });
  }
  await keepSize(database.db, size);
}

/** Notes what an error means for rows. */
export function noteFailure(progress: Progress, rows: readonly WaitingRow[], error: ConnectorError): void {
  for (const { change } of rows) progress.results.set(change.id, resultOfError(error));
}
