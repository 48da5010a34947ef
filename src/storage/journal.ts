import type { Kysely } from 'kysely';
import type { ChangeKey } from '../domain/change.ts';
import type { MergeRequestEvent } from '../domain/event.ts';
import type { Tables } from './tables.ts';

export interface JournalEntry {
  readonly event: MergeRequestEvent;
  readonly happenedAt: Date | null;
  readonly receivedAt: Date;
  /** Digest of the delivery it came in; null where that delivery was kept under another event. */
  readonly sha256: string | null;
  readonly authenticatedBy: string | null;
}

/** Everything that is known to have happened to a merge request, in order of happening; arrival order decides ties. */
export async function readJournal(db: Kysely<Tables>, key: ChangeKey): Promise<JournalEntry[]> {
  const rows = await db
    .selectFrom('countersign.journal as journal')
    .leftJoin('countersign.delivery as delivery', 'delivery.id', 'journal.delivery')
    .select([
      'journal.event',
      'journal.happened_at',
      'journal.received_at',
      'delivery.sha256',
      'delivery.authenticated_by',
    ])
    .where('journal.instance', '=', key.instance)
    .where('journal.project_id', '=', key.projectId)
    .where('journal.iid', '=', key.iid)
    .orderBy((eb) => eb.fn.coalesce('journal.happened_at', 'journal.received_at'))
    // GitLab tells seconds: what happened in the same one is taken in the order in which it came.
    .orderBy('journal.id')
    .execute();
  return rows.map((row) => ({
    event: row.event,
    happenedAt: row.happened_at,
    receivedAt: row.received_at,
    sha256: row.sha256,
    authenticatedBy: row.authenticated_by,
  }));
}
