import type { Kysely } from 'kysely';
import { isConnectorError } from '../../connectors/errors.ts';
import type { GitLab } from '../../connectors/gitlab/client.ts';
import type { Linear } from '../../connectors/linear/client.ts';
import type { ChangeEvidence, TicketFinding } from '../../domain/evidence.ts';
import { raise, resolve } from '../../storage/attention.ts';
import { place } from '../../storage/changes.ts';
import { keepEvidence, packEvidence, type Captured } from '../../storage/evidence.ts';
import type { Tables } from '../../storage/tables.ts';
import { mapAtMost } from '../map-at-most.ts';
import { isTemporary } from '../retry.ts';
import { resultOfFailure, type Stage, type StageResult, type Work } from '../stage.ts';
import { findTickets } from './find-tickets.ts';
import { placementOf, type Placed, type PlacementParts } from './placement.ts';

export interface CaptureParts extends PlacementParts {
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

// GitLab is asked for so many changes at a time; each of them asks a few things in parallel.
const changesAtOnce = 4;

/**
 * Reads what GitLab knows about the review, and which issue is linked, right after the merge. Nothing is written to
 * either. A change that GitLab refuses to show goes on with what the webhook said, and is listed.
 */
export function createCapture(parts: CaptureParts): Stage {
  return {
    name: 'capture',
    batchSize: 20,
    concurrency: 2,
    async run(batch) {
      const tickets = await readTickets(parts, batch);
      const read = await mapAtMost(changesAtOnce, batch, async (work) =>
        placeOne(parts, work, await readOne(parts, work, tickets.get(work.change.id)!)),
      );

      const results = new Map<number, StageResult>();
      const captured: Captured[] = [];
      const places: Placed[] = [];
      for (const [index, one] of read.entries()) {
        const { change } = batch[index]!;
        results.set(change.id, one.result);
        if (one.evidence === undefined || one.placed === undefined) continue;
        captured.push(await packEvidence(change.id, one.evidence));
        places.push(one.placed);
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
  readonly evidence?: ChangeEvidence;
  readonly ticket?: TicketFinding;
}

type Wait = Extract<StageResult, { kind: 'retry' }>;

async function readOne(parts: CaptureParts, work: Work, ticket: TicketFinding | Wait): Promise<ReadOne> {
  await parts.calm();
  const { change } = work;
  const late = isLate(parts, work);
  if (ticket.kind === 'retry') return { result: ticket };
  if (ticket.kind === 'unreadable' && !late && isTemporary(ticket.code)) {
    return { result: { kind: 'retry', code: ticket.code, detail: 'Linear could not be asked for the linked issue' } };
  }

  try {
    const evidence = await parts.gitlab.readChange(
      { projectId: change.key.projectId, iid: change.key.iid },
      { deadline: late },
    );
    if (evidence.mergeRequest.ok) return { result: { kind: 'done' }, evidence, ticket };
    const detail = 'GitLab could not be read before the deadline; the record holds what the webhook said';
    return { result: { kind: 'failed', code: evidence.mergeRequest.code, detail }, evidence, ticket };
  } catch (error) {
    const result = resultOfFailure(error);
    if (result.kind === 'retry')
      return isOlder(parts, work, patienceForPartsMs) ? readWhatIsShown(parts, work, ticket, result) : { result };
    // Refused for good: what can still be read is kept, so that the change ends in the trail all the same.
    const evidence = await parts.gitlab.readChange(
      { projectId: change.key.projectId, iid: change.key.iid },
      { deadline: true },
    );
    return { result, evidence, ticket };
  }
}

// Whose the change is may rest on further parts of GitLab, which are waited for as long as others.
async function placeOne(
  parts: CaptureParts,
  work: Work,
  one: ReadOne,
): Promise<ReadOne & { readonly placed?: Placed }> {
  if (one.evidence === undefined || one.ticket === undefined) return one;
  const late = isOlder(parts, work, patienceForPartsMs);
  try {
    return { ...one, placed: await placementOf(parts, work.change, one.evidence, one.ticket, { late }) };
  } catch (error) {
    return { result: resultOfFailure(error) };
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

// The merge request itself must be shown: while GitLab is away as a whole, a change waits for it longer.
async function readWhatIsShown(
  parts: CaptureParts,
  { change }: Work,
  ticket: TicketFinding,
  result: StageResult,
): Promise<ReadOne> {
  const key = { projectId: change.key.projectId, iid: change.key.iid };
  const evidence = await parts.gitlab.readChange(key, { deadline: true });
  return evidence.mergeRequest.ok ? { result: { kind: 'done' }, evidence, ticket } : { result };
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
