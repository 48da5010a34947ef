import type { Kysely } from 'kysely';
import { keyText, type ChangeKey } from '../domain/change.ts';
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

/**
 * Everything that is known to have happened to these merge requests, by the text of their keys, in order of happening;
 * arrival order decides ties. One of which nothing is known is left out.
 */
export async function readJournals(
  db: Kysely<Tables>,
  keys: readonly ChangeKey[],
): Promise<Map<string, JournalEntry[]>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.journal as journal')
    .leftJoin('countersign.delivery as delivery', 'delivery.id', 'journal.delivery')
    .select([
      'journal.instance',
      'journal.project_id',
      'journal.iid',
      'journal.event',
      'journal.happened_at',
      'journal.received_at',
      'delivery.sha256',
      'delivery.authenticated_by',
    ])
    .where((eb) =>
      eb(
        eb.refTuple('journal.instance', 'journal.project_id', 'journal.iid'),
        'in',
        keys.map((key) => eb.tuple(key.instance, key.projectId, key.iid)),
      ),
    )
    .orderBy((eb) => eb.fn.coalesce('journal.happened_at', 'journal.received_at'))
    // GitLab tells seconds: what happened in the same one is taken in the order in which it came.
    .orderBy('journal.id')
    .execute();
  const grouped = Map.groupBy(rows, (row) =>
    keyText({ instance: row.instance, projectId: row.project_id, iid: row.iid }),
  );
  return new Map([...grouped].map(([key, found]) => [key, found.map(entryOf)]));
}

function entryOf(row: {
  event: MergeRequestEvent;
  happened_at: Date | null;
  received_at: Date;
  sha256: string | null;
  authenticated_by: string | null;
}): JournalEntry {
  return {
    event: row.event,
    happenedAt: row.happened_at,
    receivedAt: row.received_at,
    sha256: row.sha256,
    authenticatedBy: row.authenticated_by,
  };
}
