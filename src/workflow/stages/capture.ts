import { isConnectorError } from '../../connectors/errors.ts';
import type { GitLab } from '../../connectors/gitlab/client.ts';
import type { Linear } from '../../connectors/linear/client.ts';
import type { ChangeEvidence, TicketFinding } from '../../domain/evidence.ts';
import { findPod, type Pod } from '../../domain/pods.ts';
import { reviewOf } from '../../domain/review.ts';
import { place, type Placement } from '../../storage/changes.ts';
import { keepEvidence, packEvidence, type Captured } from '../../storage/evidence.ts';
import { isTemporary } from '../retry.ts';
import { resultOfFailure, type Stage, type StageResult, type Work } from '../stage.ts';
import { findTickets } from './find-tickets.ts';

export interface CaptureParts {
  readonly gitlab: Pick<GitLab, 'readChange'>;
  readonly linear: Pick<Linear, 'findTickets'>;
  readonly pods: readonly Pod[];
  readonly fallbackChannel: string;
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
      const read = await mapAtMost(changesAtOnce, batch, (work) => readOne(parts, work, tickets.get(work.change.id)!));

      const results = new Map<number, StageResult>();
      const captured: Captured[] = [];
      const placements: Placement[] = [];
      for (const [index, one] of read.entries()) {
        const { change } = batch[index]!;
        results.set(change.id, one.result);
        if (one.evidence === undefined || one.ticket === undefined) continue;
        captured.push(await packEvidence(change.id, one.evidence));
        placements.push(placementOf(parts, change, one.evidence, one.ticket));
      }
      return {
        results,
        async save(db) {
          await keepEvidence(db, captured, parts.now());
          await place(db, placements);
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

function placementOf(
  parts: CaptureParts,
  change: Work['change'],
  evidence: ChangeEvidence,
  ticket: TicketFinding,
): Placement {
  const review = reviewOf(change.event, evidence, ticket);
  const reviewers = [
    ...(review.reviewers ?? []).map(({ account }) => account.username),
    ...change.event.reviewers.map(({ username }) => username),
  ];
  const pod = findPod(parts.pods, { labels: review.labels, reviewers, project: change.event.project.path });
  return {
    changeId: change.id,
    pod: pod?.name ?? null,
    channel: pod?.channel ?? parts.fallbackChannel,
    mergedAt: review.mergedAt,
    title: review.title,
    ticket,
  };
}

async function mapAtMost<T, R>(limit: number, items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await map(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
