import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Where a change was published: issue, row and message as they were read back, as far as there are any. */
export interface PublishedChange {
  readonly changeId: number;
  readonly recordId: string;
  readonly recordSha256: string;
  readonly issue: { readonly id: string; readonly url: string; readonly completed_at: string | null } | null;
  readonly row: {
    readonly page_id: string;
    readonly url: string;
    readonly page_version: number;
    readonly stored_sha256: string;
  } | null;
  readonly message: { readonly channel: string; readonly ts: string; readonly permalink: string | null } | null;
}

/** Where these changes were published; one that was never sealed is left out. */
export async function readPublications(db: Kysely<Tables>, changeIds: readonly number[]): Promise<PublishedChange[]> {
  if (changeIds.length === 0) return [];
  const rows = await db
    .selectFrom('countersign.change as change')
    .innerJoin('countersign.record as record', 'record.change_id', 'change.id')
    .leftJoin('countersign.issue as issue', 'issue.change_id', 'change.id')
    .leftJoin('countersign.row as row', 'row.change_id', 'change.id')
    .leftJoin('countersign.message_change as assigned', 'assigned.change_id', 'change.id')
    .leftJoin('countersign.message as message', 'message.id', 'assigned.message_id')
    .where('change.id', 'in', changeIds)
    .orderBy('change.id')
    .select([
      'change.id',
      'change.record_id',
      'record.sha256',
      'issue.issue_id',
      'issue.url as issue_url',
      'issue.completed_at',
      'row.page_id',
      'row.url as row_url',
      'row.version',
      'row.stored_sha256',
      'message.channel',
      'message.ts',
      'message.permalink',
    ])
    .execute();
  return rows.map((row) => ({
    changeId: row.id,
    recordId: row.record_id,
    recordSha256: row.sha256,
    issue:
      row.issue_id === null || row.issue_url === null
        ? null
        : { id: row.issue_id, url: row.issue_url, completed_at: row.completed_at?.toISOString() ?? null },
    row:
      row.page_id === null || row.row_url === null || row.version === null || row.stored_sha256 === null
        ? null
        : { page_id: row.page_id, url: row.row_url, page_version: row.version, stored_sha256: row.stored_sha256 },
    message:
      row.channel === null || row.ts === null ? null : { channel: row.channel, ts: row.ts, permalink: row.permalink },
  }));
}
