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
import { keepDeliveries, type Delivery, type Kept } from '../storage/deliveries.ts';
import { readJournals, type JournalEntry } from '../storage/journal.ts';
import { openOutcomes } from '../storage/outcomes.ts';
import type { Tables } from '../storage/tables.ts';
import type { Queue } from './queue.ts';
import { sha256 } from './sha256.ts';

export type Received =
  | { readonly result: 'accepted' | 'duplicate'; readonly change: string; readonly trigger: 'on' | 'off' }
  | { readonly result: 'ignored'; readonly reason: string };

export interface ReceiveParts {
  readonly database: Pick<Database, 'db' | 'transaction'>;
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
  const turning = turningOf(arrivals);
  // Most events start nothing: what keeps them is one statement, and a transaction of its own.
  if (turning.size === 0) return answersOf(arrivals, await keep(parts.database.db, arrivals, turning));
  const now = parts.now();
  return parts.database.transaction(async (db) => {
    const kept = await keep(db, arrivals, turning);
    const merges = kept.trigger === 'on' ? arrivals.filter(({ decision }) => decision.kind === 'merge') : [];
    const taken = await takeUpMerges(parts, db, merges, now);
    await listLabelTurns(parts, db, { turning, listed: kept.listed, takenUp: keysOf(merges) }, now);
    return answersOf(arrivals, kept, taken);
  });
}

function keep(
  db: Kysely<Tables>,
  arrivals: readonly Arriving[],
  turning: ReadonlyMap<string, Delivery>,
): Promise<Kept> {
  const deliveries = arrivals.map(({ delivery }) => delivery);
  return keepDeliveries(db, deliveries, { kinds: labelKinds, subjects: [...turning.keys()] });
}

function answersOf(arrivals: readonly Arriving[], { fresh, trigger }: Kept, taken = new Set<string>()): Received[] {
  return arrivals.map(({ delivery }) => {
    const key = keyText(keyOf(delivery));
    // A merge that was journaled while the trigger was off, and sent again since, is new to the pipeline.
    const isNew = fresh.has(delivery) || (delivery.event.action === 'merge' && taken.delete(key));
    return { result: isNew ? 'accepted' : 'duplicate', change: key, trigger };
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

const labelKinds = ['late_label', 'withdrawn_label'] as const;

/** Deliveries after which it may be another question whether a label came late or went early, by the change's key. */
function turningOf(arrivals: readonly Arriving[]): Map<string, Delivery> {
  return new Map(
    arrivals
      .filter(({ decision }) => decision.kind === 'merge' || decision.label !== null)
      .map(({ delivery }) => [keyText(keyOf(delivery)), delivery]),
  );
}

interface Turning {
  readonly turning: ReadonlyMap<string, Delivery>;
  /** What a person has on the list already, by kind and subject. */
  readonly listed: ReadonlySet<string>;
  /** Keys of changes that are known to have been taken up. */
  readonly takenUp: ReadonlySet<string>;
}

// Labels that went before the merge or came after it are listed for a person, and taken off the list when the
// journal, read in order of happening, says otherwise.
async function listLabelTurns(
  parts: ReceiveParts,
  db: Kysely<Tables>,
  { turning, listed, takenUp }: Turning,
  now: Date,
): Promise<void> {
  const open = [...turning].filter(([subject]) => !takenUp.has(subject));
  const known = await knownKeys(
    db,
    open.map(([subject]) => subject),
  );
  const unknown = open.filter(([subject]) => !known.has(subject)).map(([, delivery]) => delivery);
  const journals = await readJournals(db, unknown.map(keyOf));
  const isTakenUp = (subject: string): boolean => takenUp.has(subject) || known.has(subject);
  const standings = new Map(
    [...turning.keys()].map((subject) => [subject, standingOf(parts, isTakenUp(subject) ? [] : journals.get(subject))]),
  );
  for (const kind of labelKinds) {
    const settled = [...standings].filter(
      ([subject, standing]) => kindOf(standing) !== kind && listed.has(`${kind} ${subject}`),
    );
    await resolve(
      db,
      kind,
      settled.map(([subject]) => subject),
      now,
    );
  }
  await raise(
    db,
    [...turning].flatMap(([subject, { event }]) => findingOf(parts, subject, event, standings.get(subject)) ?? []),
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
  const kind = kindOf(standing);
  if (kind === undefined) return undefined;
  const pod = findPod(parts.pods, {
    labels: [...event.labels, ...(event.previousLabels ?? [])],
    reviewers: event.reviewers.map(({ username }) => username),
    project: event.project.path,
  });
  return {
    kind,
    subject,
    reason: kind === 'late_label' ? 'label_added_after_merge' : 'label_removed_before_merge',
    detail: `${event.url}, by ${event.user === null ? 'an unknown user' : `user ${event.user.id}`}`,
    owner: pod?.name ?? null,
  };
}

function kindOf(standing: Standing): (typeof labelKinds)[number] | undefined {
  if (standing === 'late') return 'late_label';
  return standing === 'withdrawn' ? 'withdrawn_label' : undefined;
}

function keysOf(arrivals: readonly Arriving[]): Set<string> {
  return new Set(arrivals.map(({ delivery }) => keyText(keyOf(delivery))));
}

function keyOf(delivery: Delivery): ChangeKey {
  return { instance: delivery.instance, projectId: delivery.event.project.id, iid: delivery.event.iid };
}
