import type { Kysely } from 'kysely';
import { isConnectorError } from '../../connectors/errors.ts';
import type { GitLab } from '../../connectors/gitlab/client.ts';
import type { Linear } from '../../connectors/linear/client.ts';
import type { ChangeEvidence, TicketFinding } from '../../domain/evidence.ts';
import { raise, resolve } from '../../storage/attention.ts';
import { place } from '../../storage/changes.ts';
import type { Understood } from '../../domain/review.ts';
import { keepEvidence, packEvidence, readUnderstood, type Captured } from '../../storage/evidence.ts';
import type { Tables } from '../../storage/tables.ts';
import { mapAtMost } from '../map-at-most.ts';
import { isTemporary } from '../retry.ts';
import { resultOfFailure, type Stage, type StageResult, type Work } from '../stage.ts';
import { findTickets } from './find-tickets.ts';
import { placementOf, type Placed, type PlacementParts } from './placement.ts';

export interface CaptureParts extends PlacementParts {
  readonly database: { readonly db: Kysely<Tables> };
  readonly gitlab: Pick<GitLab, 'readChange' | 'readChangedPaths' | 'readGroupMembers'>;
  readonly linear: Pick<Linear, 'findTickets'>;
  /** Resolves when the front door has nothing to do. */
  readonly calm: () => Promise<void>;
  readonly now: () => Date;
}

/** How long GitLab may be away before a record is made of what is known. */
const patienceMs = 24 * 3600 * 1000;

/** How long it may fail to show one part while it shows the rest: what it shows may change with every hour. */
const patienceForPartsMs = 3600 * 1000;

// GitLab is asked for so many changes of a batch at a time; each of them asks a few things in parallel.
const changesAtOnce = 25;

/**
 * Reads what GitLab knows about the review, and which issue is linked, right after the merge. Nothing is written to
 * either. A change that GitLab refuses to show goes on with what the webhook said, and is listed. Neither waits for the
 * other: what GitLab showed is kept while Linear is away.
 */
export function createCapture(parts: CaptureParts): Stage {
  return {
    name: 'capture',
    batchSize: 25,
    concurrency: 4,
    async run(batch) {
      const tickets = readTickets(parts, batch);
      const kept = await readKept(parts, batch);
      const read = await mapAtMost(changesAtOnce, batch, async (work) => {
        const one = kept.get(work.change.id) ?? (await readOne(parts, work));
        return placeOne(parts, work, one, (await tickets).get(work.change.id)!);
      });

      const results = new Map<number, StageResult>();
      const captured: Captured[] = [];
      const places: Placed[] = [];
      for (const [index, one] of read.entries()) {
        const { change } = batch[index]!;
        results.set(change.id, one.result);
        if (one.fresh !== undefined) captured.push(await packEvidence(change.id, one.fresh));
        if (one.placed !== undefined) places.push(one.placed);
      }
      return {
        results,
        async save(db) {
          await keepEvidence(db, captured, parts.now());
          await place(
            db,
            places.map(({ placement }) => placement),
          );
          await tellNotShown(db, places, parts.now());
        },
      };
    },
  };
}

interface ReadOne {
  readonly result: StageResult;
  /** Absent where the change has to be read again. */
  readonly understood?: Understood;
  /** What was read just now, with its answers: still to be kept. */
  readonly fresh?: ChangeEvidence;
}

type Wait = Extract<StageResult, { kind: 'retry' }>;

// A change that was read waits here again only for Linear, or for whose it is.
async function readKept({ database }: CaptureParts, batch: readonly Work[]): Promise<Map<number, ReadOne>> {
  const again = batch.filter(({ attempts }) => attempts > 0).map(({ change }) => change.id);
  const kept = await readUnderstood(database.db, again);
  return new Map([...kept].map(([id, understood]) => [id, { result: resultOf(understood), understood }]));
}

async function readOne(parts: CaptureParts, work: Work): Promise<ReadOne> {
  await parts.calm();
  const key = { projectId: work.change.key.projectId, iid: work.change.key.iid };
  try {
    return captured(await parts.gitlab.readChange(key, { deadline: isLate(parts, work) }));
  } catch (error) {
    const result = resultOfFailure(error);
    if (result.kind !== 'retry') {
      // Refused for good: what can still be read is kept, so that the change ends in the trail all the same.
      return { ...captured(await parts.gitlab.readChange(key, { deadline: true })), result };
    }
    if (!isOlder(parts, work, patienceForPartsMs)) return { result };
    // The merge request itself must be shown: while GitLab is away as a whole, a change waits for it longer.
    const evidence = await parts.gitlab.readChange(key, { deadline: true });
    return evidence.mergeRequest.ok ? captured(evidence) : { result };
  }
}

function captured(evidence: ChangeEvidence): ReadOne {
  return { result: resultOf(evidence), understood: evidence, fresh: evidence };
}

function resultOf({ mergeRequest }: Understood): StageResult {
  if (mergeRequest.ok) return { kind: 'done' };
  const detail = 'GitLab could not be read before the deadline; the record holds what the webhook said';
  return { kind: 'failed', code: mergeRequest.code, detail };
}

// Whose the change is may rest on further parts of GitLab, which are waited for as long as others.
async function placeOne(
  parts: CaptureParts,
  work: Work,
  one: ReadOne,
  ticket: TicketFinding | Wait,
): Promise<ReadOne & { readonly placed?: Placed }> {
  if (one.understood === undefined) return one;
  if (ticket.kind === 'retry') return { ...one, result: ticket };
  if (ticket.kind === 'unreadable' && !isLate(parts, work) && isTemporary(ticket.code)) {
    const detail = 'Linear could not be asked for the linked issue';
    return { ...one, result: { kind: 'retry', code: ticket.code, detail } };
  }
  const late = isOlder(parts, work, patienceForPartsMs);
  try {
    return { ...one, placed: await placementOf(parts, work.change, one.understood, ticket, { late }) };
  } catch (error) {
    return { ...one, result: resultOfFailure(error) };
  }
}

// A group belongs to many changes: it is listed once, and settled as soon as it is shown to any of them.
async function tellNotShown(db: Kysely<Tables>, places: readonly Placed[], now: Date): Promise<void> {
  await resolve(
    db,
    'routing',
    places.flatMap(({ shown }) => shown),
    now,
  );
  const missing = places.flatMap(({ notShown }) => notShown);
  await raise(
    db,
    missing.map(({ subject, code, detail }) => ({ kind: 'routing', subject, reason: code, detail })),
    now,
  );
}

// While Linear is away a change waits; when it has waited long enough, the record says that Linear was not read.
async function readTickets(
  parts: CaptureParts,
  batch: readonly Work[],
): Promise<ReadonlyMap<number, TicketFinding | Wait>> {
  try {
    return await findTickets(parts.linear, batch);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    const { code, message, retryAfterSeconds } = error;
    const wait: Wait = { kind: 'retry', code, afterSeconds: retryAfterSeconds, detail: message };
    const unreadable: TicketFinding = { kind: 'unreadable', code };
    return new Map(
      batch.map((work) => [work.change.id, isTemporary(code) && !isLate(parts, work) ? wait : unreadable]),
    );
  }
}

function isLate(parts: CaptureParts, work: Work): boolean {
  return isOlder(parts, work, patienceMs);
}

function isOlder(parts: CaptureParts, work: Work, ms: number): boolean {
  return parts.now().getTime() - work.openedAt.getTime() > ms;
}
