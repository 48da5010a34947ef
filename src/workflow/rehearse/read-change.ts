import { isConnectorError } from '../../connectors/errors.ts';
import type { MergeRequestKey } from '../../connectors/gitlab/client.ts';
import { keyText } from '../../domain/change.ts';
import { decide } from '../../domain/filter.ts';
import type { ChangeEvidence, MergeRequest, TicketFinding } from '../../domain/evidence.ts';
import type { MergeRequestEvent } from '../../domain/event.ts';
import { recordIdOf } from '../../domain/record.ts';
import type { Change } from '../../storage/changes.ts';
import { sha256 } from '../sha256.ts';
import { findTickets } from '../stages/find-tickets.ts';
import { mergeEventOf } from './merge-event.ts';
import type { RehearsalParts } from './parts.ts';
import type { Patience } from './patience.ts';

/** A merged merge request that is to be rehearsed, and its project as it is called now. */
export interface Target {
  readonly key: MergeRequestKey;
  readonly project: MergeRequestEvent['project'];
}

/** A change as the pipeline would work on it, with everything that was read of it. */
export interface ReadChange {
  readonly change: Change;
  readonly evidence: ChangeEvidence;
  readonly mergeRequest: MergeRequest;
  /** Why its merge would not have been taken up; null where it would have been. */
  readonly outOfScope: 'project' | 'target_branch' | 'label' | null;
}

/** Reads a merge request as the capture does, and makes the change of it that its webhook would have made. */
export async function readTarget(parts: RehearsalParts, { key, project }: Target): Promise<ReadChange> {
  const evidence = await parts.gitlab.readChange(key);
  // What cannot be read was thrown.
  if (!evidence.mergeRequest.ok) throw new Error(`merge_request ${evidence.mergeRequest.code}`);
  const mergeRequest = evidence.mergeRequest.value;
  const event = mergeEventOf(mergeRequest, evidence, project);
  const changeKey = { instance: parts.instance, ...key };
  const decision = decide(event, parts.filter);
  return {
    evidence,
    mergeRequest,
    outOfScope: decision.kind === 'merge' ? null : decision.kind === 'ignored' ? decision.reason : 'label',
    change: {
      id: mergeRequest.id,
      key: changeKey,
      keyText: keyText(changeKey),
      recordId: recordIdOf(changeKey, sha256),
      origin: 'backfilled',
      event,
      mergedAt: mergeRequest.mergedAt === null ? null : new Date(mergeRequest.mergedAt),
      acceptedAt: parts.now(),
      pod: null,
      channel: null,
      ticket: null,
    },
  };
}

/** Asks Linear for the issues of changes, by change id. Where it does not answer, that is what was found. */
export async function readTickets(
  { linear }: Pick<RehearsalParts, 'linear'>,
  read: readonly Pick<ReadChange, 'change'>[],
  patience: Patience,
): Promise<ReadonlyMap<number, TicketFinding>> {
  try {
    return await patience(() => findTickets(linear, read));
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    const { code } = error;
    return new Map(read.map(({ change }) => [change.id, { kind: 'unreadable', code }]));
  }
}
