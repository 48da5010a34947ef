import type { Kysely } from 'kysely';
import { keyText, type ChangeKey } from '../domain/change.ts';
import type { MergeRequestEvent } from '../domain/event.ts';
import { decide, type Decision, type Filter } from '../domain/filter.ts';
import { labelStanding } from '../domain/journal.ts';
import { findPod, type Pod } from '../domain/pods.ts';
import { recordIdOf } from '../domain/record.ts';
import { raise, resolve, type Finding } from '../storage/attention.ts';
import { knownKeys, takeUp } from '../storage/changes.ts';
import type { Database } from '../storage/database.ts';
import { keepDeliveries, type Delivery } from '../storage/deliveries.ts';
import { readJournals, type JournalEntry } from '../storage/journal.ts';
import { openOutcomes } from '../storage/outcomes.ts';
import { readTrigger } from '../storage/settings.ts';
import type { Tables } from '../storage/tables.ts';
import type { Queue } from './queue.ts';
import { sha256 } from './sha256.ts';

export type Received =
  | { readonly result: 'accepted' | 'duplicate'; readonly change: string; readonly trigger: 'on' | 'off' }
  | { readonly result: 'ignored'; readonly reason: string };

export interface ReceiveParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly queue: Pick<Queue, 'handOver'>;
  readonly filter: Filter;
  readonly pods: readonly Pod[];
  readonly now: () => Date;
}

/** A delivery that concerns us, with what was decided about it. */
export interface Arriving {
  readonly delivery: Delivery;
  readonly decision: Exclude<Decision, { kind: 'ignored' }>;
}

/** Whether an event concerns us; what does not costs no database work. */
export function sift(
  delivery: Delivery,
  filter: Filter,
): Arriving | { readonly result: 'ignored'; readonly reason: string } {
  const decision = decide(delivery.event, filter);
  return decision.kind === 'ignored' ? { result: 'ignored', reason: decision.reason } : { delivery, decision };
}

/**
 * Makes a group of arrivals durable in one transaction: deliveries, journal, new changes and their first jobs.
 * Returns one answer per arrival, in their order.
 */
export async function receive(parts: ReceiveParts, arrivals: readonly Arriving[]): Promise<Received[]> {
  const now = parts.now();
  return parts.database.transaction(async (db) => {
    const fresh = await keepDeliveries(
      db,
      arrivals.map(({ delivery }) => delivery),
    );
    const trigger = await readTrigger(db);
    const merges = arrivals.filter(({ decision }) => decision.kind === 'merge');
    const taken = trigger === 'on' ? await takeUpMerges(parts, db, merges, now) : new Set<string>();
    await listLabelTurns(parts, db, arrivals, now);

    return arrivals.map(({ delivery }) => {
      const key = keyText(keyOf(delivery));
      // A merge that was journaled while the trigger was off, and sent again since, is new to the pipeline.
      const isNew = fresh.has(delivery) || (delivery.event.action === 'merge' && taken.delete(key));
      return { result: isNew ? 'accepted' : 'duplicate', change: key, trigger };
    });
  });
}

async function takeUpMerges(
  parts: ReceiveParts,
  db: Kysely<Tables>,
  merges: readonly Arriving[],
  now: Date,
): Promise<Set<string>> {
  const taken = await takeUp(
    db,
    merges.map(({ delivery }) => {
      const key = keyOf(delivery);
      return { key, recordId: recordIdOf(key, sha256), origin: 'webhook', event: delivery.event };
    }),
    now,
  );
  const ids = [...taken.values()];
  await openOutcomes(db, 'capture', ids, now);
  await parts.queue.handOver(
    db,
    'capture',
    ids.map((changeId) => ({ changeId })),
  );
  return new Set(taken.keys());
}

// Labels that went before the merge or came after it are listed for a person, and taken off the list when the
// journal, read in order of happening, says otherwise.
async function listLabelTurns(
  parts: ReceiveParts,
  db: Kysely<Tables>,
  arrivals: readonly Arriving[],
  now: Date,
): Promise<void> {
  const turned = new Map(
    arrivals
      .filter(({ decision }) => decision.kind === 'merge' || decision.label !== null)
      .map(({ delivery }) => [keyText(keyOf(delivery)), delivery]),
  );
  const known = await knownKeys(db, [...turned.keys()]);
  const unknown = [...turned].filter(([subject]) => !known.has(subject)).map(([, delivery]) => delivery);
  const journals = await readJournals(db, unknown.map(keyOf));
  const standings = new Map(
    [...turned.keys()].map((subject) => [subject, standingOf(parts, known.has(subject) ? [] : journals.get(subject))]),
  );
  const without = (standing: Standing): string[] =>
    [...standings].filter(([, one]) => one !== standing).map(([subject]) => subject);
  await resolve(db, 'withdrawn_label', without('withdrawn'), now);
  await resolve(db, 'late_label', without('late'), now);
  await raise(
    db,
    [...turned].flatMap(([subject, { event }]) => findingOf(parts, subject, event, standings.get(subject)) ?? []),
    now,
  );
}

type Standing = ReturnType<typeof labelStanding>;

function standingOf(parts: ReceiveParts, journal: readonly JournalEntry[] = []): Standing {
  return labelStanding(
    journal.map(({ event, happenedAt, receivedAt }) => ({ event, at: happenedAt ?? receivedAt })),
    parts.filter,
  );
}

function findingOf(
  parts: ReceiveParts,
  subject: string,
  event: MergeRequestEvent,
  standing: Standing = 'plain',
): Finding | undefined {
  if (standing === 'plain') return undefined;
  const pod = findPod(parts.pods, {
    labels: [...event.labels, ...(event.previousLabels ?? [])],
    reviewers: event.reviewers.map(({ username }) => username),
    project: event.project.path,
  });
  return {
    kind: standing === 'late' ? 'late_label' : 'withdrawn_label',
    subject,
    reason: standing === 'late' ? 'label_added_after_merge' : 'label_removed_before_merge',
    detail: `${event.url}, by ${event.user === null ? 'an unknown user' : `user ${event.user.id}`}`,
    owner: pod?.name ?? null,
  };
}

function keyOf(delivery: Delivery): ChangeKey {
  return { instance: delivery.instance, projectId: delivery.event.project.id, iid: delivery.event.iid };
}
