import { sql, type Kysely } from 'kysely';
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

/** What was kept, and what whoever goes on with it has to know. */
export interface Kept {
  /** The deliveries whose event had not been seen before. */
  readonly fresh: ReadonlySet<Delivery>;
  /** Whether merges in scope are taken up. */
  readonly trigger: 'on' | 'off';
  /** Of what `watched` names, what a person has on the list, by kind and subject. */
  readonly listed: ReadonlySet<string>;
}

/** Findings that deliveries may settle. */
export interface Watched {
  readonly kinds: readonly string[];
  readonly subjects: readonly string[];
}

/**
 * Keeps deliveries and their events. One statement, whose text is always the same: this is what every delivery in scope
 * waits for. Rows go in by the order of their keys, so that two nodes wait for each other and do not deadlock.
 */
export async function keepDeliveries(
  db: Kysely<Tables>,
  deliveries: readonly Delivery[],
  watched: Watched,
): Promise<Kept> {
  const { rows } = await sql<{ fresh: string[]; trigger: unknown; listed: string[] }>`
    with v as materialized (
      select * from json_to_recordset(${rowsOf(deliveries)}::json) as v (
        n int, delivery_id text, authenticated_by text, received_ms bigint, sha256 text, start int, length int,
        instance text, project_id bigint, iid bigint, event_key text, action text, happened_ms bigint, event jsonb
      )
    ),
    d as (
      insert into countersign.delivery (delivery_id, authenticated_by, received_at, sha256, body)
      select delivery_id, authenticated_by, to_timestamp(received_ms / 1000.0), sha256,
        substring(${Buffer.concat(deliveries.map(({ body }) => body))}::bytea from start for length)
      from v order by delivery_id, n
      on conflict (delivery_id) do nothing
      returning id, sha256
    ),
    j as (
      insert into countersign.journal
        (instance, project_id, iid, event_key, action, happened_at, received_at, delivery, event)
      select instance, project_id, iid, event_key, action, to_timestamp(happened_ms / 1000.0),
        to_timestamp(received_ms / 1000.0), d.id, event
      from v left join (select sha256, max(id) as id from d group by sha256) d using (sha256)
      order by instance, project_id, iid, event_key, n
      on conflict (instance, project_id, iid, event_key) do nothing
      returning instance, project_id, iid, event_key
    )
    select
      (select coalesce(json_agg(concat_ws(' ', instance, project_id, iid, event_key)), '[]') from j) as fresh,
      (select value from countersign.setting where name = 'trigger') as trigger,
      (select coalesce(json_agg(concat_ws(' ', kind, subject)), '[]') from countersign.attention
        where kind = any(${watched.kinds}) and subject = any(${watched.subjects}) and stage = '' and resolved_at is null
      ) as listed`.execute(db);
  const [row] = rows;
  return {
    fresh: freshOf(deliveries, new Set(row?.fresh)),
    trigger: row?.trigger === 'on' ? 'on' : 'off',
    listed: new Set(row?.listed),
  };
}

// As JSON, because it costs less than thousands of parameters. Times as milliseconds: Postgres writes years before our
// era in another way.
function rowsOf(deliveries: readonly Delivery[]): string {
  let start = 1;
  return JSON.stringify(
    deliveries.map((one, n) => {
      const happened = one.event.actionedAt ?? one.event.updatedAt;
      const row = {
        n,
        delivery_id: one.deliveryId,
        authenticated_by: one.authenticatedBy,
        received_ms: one.receivedAt.getTime(),
        sha256: one.sha256,
        start,
        length: one.body.length,
        instance: one.instance,
        project_id: one.event.project.id,
        iid: one.event.iid,
        event_key: one.eventKey,
        action: one.event.action,
        happened_ms: happened === null ? null : Date.parse(happened),
        event: one.event,
      };
      start += one.body.length;
      return row;
    }),
  );
}

// The first of several equal ones in a group is the fresh one.
function freshOf(deliveries: readonly Delivery[], keys: Set<string>): Set<Delivery> {
  return new Set(
    deliveries.filter((one) => keys.delete(`${one.instance} ${one.event.project.id} ${one.event.iid} ${one.eventKey}`)),
  );
}
