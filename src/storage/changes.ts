import { sql, type Kysely, type Selectable } from 'kysely';
import { keyText, type CaptureOrigin, type ChangeKey } from '../domain/change.ts';
import type { TicketFinding } from '../domain/evidence.ts';
import type { MergeRequestEvent } from '../domain/event.ts';
import type { ChangeName } from '../domain/name.ts';
import { revertedIid } from '../domain/revert.ts';
import type { Tables } from './tables.ts';

/** A merged merge request in scope, as the pipeline works on it. */
export interface Change {
  readonly id: number;
  readonly key: ChangeKey;
  readonly keyText: string;
  readonly recordId: string;
  readonly origin: CaptureOrigin;
  readonly event: MergeRequestEvent;
  readonly mergedAt: Date | null;
  readonly acceptedAt: Date;
  readonly pod: string | null;
  readonly channel: string | null;
  readonly ticket: TicketFinding | null;
}

export interface NewChange {
  readonly key: ChangeKey;
  readonly recordId: string;
  readonly origin: CaptureOrigin;
  readonly event: MergeRequestEvent;
}

/** Takes changes up; one that is known already starts nothing. Returns the ids of the new ones. */
export async function takeUp(
  db: Kysely<Tables>,
  changes: readonly NewChange[],
  now: Date,
): Promise<Map<string, number>> {
  if (changes.length === 0) return new Map();
  // Sorted, so that two nodes that take up the same changes wait for each other and do not deadlock.
  const rows = new Map(changes.map((change) => [keyText(change.key), rowOf(change, now)]));
  const taken = await db
    .insertInto('countersign.change')
    .values([...rows.keys()].toSorted().map((key) => rows.get(key)!))
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning(['id', 'key'])
    .execute();
  return new Map(taken.map((row) => [row.key, row.id]));
}

function rowOf({ key, recordId, origin, event }: NewChange, now: Date) {
  const mergedAt = event.actionedAt ?? event.updatedAt;
  return {
    key: keyText(key),
    instance: key.instance,
    project_id: key.projectId,
    iid: key.iid,
    record_id: recordId,
    origin,
    project: indexable(event.project.path),
    title: event.title,
    web_url: indexable(event.url),
    event: JSON.stringify(event),
    merged_at: mergedAt === null ? null : new Date(mergedAt),
    accepted_at: now,
    finished_at: null,
    pod: null,
    channel: null,
    ticket: null,
  };
}

// Postgres refuses to index more than 2704 bytes, and lower() may lengthen a text. The event keeps it whole.
function indexable(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= 1700
    ? text
    : bytes
        .subarray(0, 1700)
        .toString()
        .replace(/\ufffd$/, '');
}

/** Which of these changes are known. */
export async function knownKeys(db: Kysely<Tables>, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await db.selectFrom('countersign.change').select('key').where('key', 'in', keys).execute();
  return new Set(rows.map((row) => row.key));
}

/** Changes by id, in the order of the ids; one that does not exist is left out. */
export async function readChanges(db: Kysely<Tables>, ids: readonly number[]): Promise<Change[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('countersign.change').selectAll().where('id', 'in', ids).orderBy('id').execute();
  return rows.map(changeOf);
}

/** The newest change of that name; undefined where there is none. */
export async function findChange(db: Kysely<Tables>, name: ChangeName): Promise<Change | undefined> {
  const row = await db
    .selectFrom('countersign.change')
    .selectAll()
    .where((eb) => {
      if (name.kind === 'record') return eb('record_id', '=', name.recordId);
      if (name.kind === 'url') return eb('web_url', '=', name.url);
      // GitLab's paths are unique without regard to case.
      const project = eb(eb.fn<string>('lower', ['project']), '=', name.project.toLowerCase());
      return eb.or([eb('key', '=', name.text), eb.and([project, eb('iid', '=', name.iid)])]);
    })
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : changeOf(row);
}

/** Changes of the same project that say that they revert this one, by their records' ids, oldest first. */
export async function findReverts(
  db: Kysely<Tables>,
  { key, event }: Pick<Change, 'key' | 'event'>,
): Promise<string[]> {
  const rows = await db
    .selectFrom('countersign.change')
    .select(['record_id', sql<string>`event ->> 'description'`.as('description')])
    .where('instance', '=', key.instance)
    .where('project_id', '=', key.projectId)
    // As the index has it: its words cannot be a parameter.
    .where(sql<boolean>`event ->> 'description' like '%This reverts merge request %'`)
    .where(sql<boolean>`event ->> 'description' like ${`%This reverts merge request %!${key.iid}%`}`)
    .orderBy('id')
    .execute();
  return rows
    .filter(({ description }) => revertedIid(description, event.project.path) === key.iid)
    .map(({ record_id: recordId }) => recordId);
}

/** What capture learned about where a change belongs. */
export interface Placement {
  readonly changeId: number;
  readonly pod: string | null;
  readonly channel: string;
  readonly mergedAt: string | null;
  readonly title: string;
  readonly ticket: TicketFinding;
}

/** Notes pods, channels and tickets of changes, in one statement. */
export async function place(db: Kysely<Tables>, placements: readonly Placement[]): Promise<void> {
  if (placements.length === 0) return;
  const values = JSON.stringify(
    placements.map((one) => ({
      id: one.changeId,
      pod: one.pod,
      channel: one.channel,
      title: one.title,
      ticket: one.ticket,
      // As a number: JavaScript writes years beyond four digits in a way that Postgres does not read.
      merged_ms: one.mergedAt === null ? null : Date.parse(one.mergedAt),
    })),
  );
  await sql`
    update countersign.change as c
    set pod = v.pod, channel = v.channel, title = v.title, ticket = v.ticket,
      merged_at = coalesce(timestamptz 'epoch' + v.merged_ms * interval '1 millisecond', c.merged_at)
    from jsonb_to_recordset(${values}::jsonb)
      as v (id bigint, pod text, channel text, title text, ticket jsonb, merged_ms bigint)
    where c.id = v.id
  `.execute(db);
}

/** Of these changes, marks the ones in which no stage is open any more. */
export async function finish(db: Kysely<Tables>, ids: readonly number[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('countersign.change as change')
    .set({ finished_at: now })
    .where('change.id', 'in', ids)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('countersign.outcome as outcome')
            .select('outcome.stage')
            .whereRef('outcome.change_id', '=', 'change.id')
            .where('outcome.outcome', '=', 'waiting'),
        ),
      ),
    )
    .execute();
}

/** Marks a change as under way again. */
export async function reopen(db: Kysely<Tables>, id: number): Promise<void> {
  await db.updateTable('countersign.change').set({ finished_at: null }).where('id', '=', id).execute();
}

/** How many changes are under way whose confirmation goes to a channel. */
export async function countUnderWay(db: Kysely<Tables>, channel: string): Promise<number> {
  const { count } = await db
    .selectFrom('countersign.change')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('finished_at', 'is', null)
    .where('channel', '=', channel)
    .executeTakeFirstOrThrow();
  return count;
}

/** How many changes are under way and how many have gone through every stage. */
export async function countChanges(db: Kysely<Tables>): Promise<{ open: number; done: number }> {
  const { rows } = await sql<{ taken: number; open: number }>`
    select (select coalesce(sum(steps), 0)::bigint from countersign.tally where name = 'changes') as taken,
      (select count(*) from countersign.change where finished_at is null) as open`.execute(db);
  const { taken, open } = rows[0]!;
  return { open, done: taken - open };
}

function changeOf(row: Selectable<Tables['countersign.change']>): Change {
  return {
    id: row.id,
    key: { instance: row.instance, projectId: row.project_id, iid: row.iid },
    keyText: row.key,
    recordId: row.record_id,
    origin: row.origin,
    event: row.event,
    mergedAt: row.merged_at,
    acceptedAt: row.accepted_at,
    pod: row.pod,
    channel: row.channel,
    ticket: row.ticket,
  };
}
