import type { Kysely } from 'kysely';
import type { MergeRequestEvent } from '../domain/event.ts';
import type { Tables } from './tables.ts';

/** A verified delivery whose event concerns us. */
export interface Delivery {
  /** GitLab's id, the same when it sends the same delivery again; null on servers before 17.4. */
  readonly deliveryId: string | null;
  readonly authenticatedBy: string;
  readonly receivedAt: Date;
  /** SHA-256 of the body, lower-case hex. */
  readonly sha256: string;
  readonly body: Buffer;
  readonly instance: string;
  readonly event: MergeRequestEvent;
  /** By this the same event is recognised when a group hook and a project hook both deliver it. */
  readonly eventKey: string;
}

/** Keeps deliveries and their events; returns the deliveries whose event had not been seen before. */
export async function keepDeliveries(db: Kysely<Tables>, deliveries: readonly Delivery[]): Promise<Set<Delivery>> {
  if (deliveries.length === 0) return new Set();
  const kept = await db
    .insertInto('countersign.delivery')
    .values(
      deliveries.map((one) => ({
        delivery_id: one.deliveryId,
        authenticated_by: one.authenticatedBy,
        received_at: one.receivedAt,
        sha256: one.sha256,
        body: one.body,
      })),
    )
    .onConflict((conflict) => conflict.column('delivery_id').doNothing())
    .returning(['id', 'sha256'])
    .execute();
  const idOf = new Map(kept.map((row) => [row.sha256, row.id]));

  const fresh = await db
    .insertInto('countersign.journal')
    .values(
      deliveries.map((one) => ({
        instance: one.instance,
        project_id: one.event.project.id,
        iid: one.event.iid,
        event_key: one.eventKey,
        action: one.event.action,
        happened_at: dateOf(one.event.actionedAt ?? one.event.updatedAt),
        received_at: one.receivedAt,
        delivery: idOf.get(one.sha256) ?? null,
        event: JSON.stringify(one.event),
      })),
    )
    .onConflict((conflict) => conflict.columns(['instance', 'project_id', 'iid', 'event_key']).doNothing())
    .returning(['instance', 'project_id', 'iid', 'event_key'])
    .execute();
  const isFresh = new Set(fresh.map((row) => `${row.instance} ${row.project_id} ${row.iid} ${row.event_key}`));

  const result = new Set<Delivery>();
  for (const one of deliveries) {
    // The first of several equal ones in this group is the fresh one.
    if (isFresh.delete(`${one.instance} ${one.event.project.id} ${one.event.iid} ${one.eventKey}`)) result.add(one);
  }
  return result;
}

function dateOf(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso);
}
