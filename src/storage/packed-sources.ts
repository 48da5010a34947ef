import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Kysely } from 'kysely';
import type { Disclosure } from '../domain/disclosure.ts';
import type { Tables } from './tables.ts';

const decompress = promisify(gunzip);
// As much as an answer may have when it is read.
const mostBytes = 64 * 1024 * 1024;

/** A body as it came, by its digest. */
export interface SourceBody {
  readonly sha256: string;
  readonly body: Buffer;
}

/** What stands beside the sealed documents of a change, as far as it has not been erased. */
export interface ChangeSources {
  /** The record's canonical bytes. */
  readonly record: Buffer;
  readonly disclosures: readonly Disclosure[];
}

/** Records with what opens them, by change. */
export async function readRecordSources(
  db: Kysely<Tables>,
  changeIds: readonly number[],
): Promise<Map<number, ChangeSources>> {
  if (changeIds.length === 0) return new Map();
  const records = await db
    .selectFrom('countersign.record')
    .select(['change_id', 'canonical'])
    .where('change_id', 'in', changeIds)
    .execute();
  const disclosures = await db
    .selectFrom('countersign.disclosure')
    .selectAll()
    .where('change_id', 'in', changeIds)
    .execute();
  const byChange = Map.groupBy(disclosures, (one) => one.change_id);
  return new Map(
    records.map(({ change_id: changeId, canonical }) => [
      changeId,
      {
        record: canonical,
        disclosures: (byChange.get(changeId) ?? []).map(({ digest, salt, value }) => ({ digest, salt, value })),
      },
    ]),
  );
}

/** What GitLab answered about a change: each body once. */
export async function readAnswerBodies(db: Kysely<Tables>, changeId: number): Promise<SourceBody[]> {
  const rows = await db
    .selectFrom('countersign.evidence')
    .distinctOn('sha256')
    .select(['sha256', 'body'])
    .where('change_id', '=', changeId)
    .orderBy('sha256')
    .execute();
  return Promise.all(
    rows.map(async ({ sha256, body }) => ({ sha256, body: await decompress(body, { maxOutputLength: mostBytes }) })),
  );
}

/** The webhooks that told of the merge request of a change: each body once. */
export async function readDeliveryBodies(db: Kysely<Tables>, changeId: number): Promise<SourceBody[]> {
  return db
    .selectFrom('countersign.change as change')
    .innerJoin('countersign.journal as journal', (join) =>
      join
        .onRef('journal.instance', '=', 'change.instance')
        .onRef('journal.project_id', '=', 'change.project_id')
        .onRef('journal.iid', '=', 'change.iid'),
    )
    .innerJoin('countersign.delivery as delivery', 'delivery.id', 'journal.delivery')
    .distinctOn('delivery.sha256')
    .select(['delivery.sha256', 'delivery.body'])
    .where('change.id', '=', changeId)
    .orderBy('delivery.sha256')
    .execute();
}
