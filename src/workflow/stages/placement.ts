import type { TicketFinding } from '../../domain/evidence.ts';
import { reviewOf, type Understood } from '../../domain/review.ts';
import type { Change, Placement } from '../../storage/changes.ts';
import { choosePod, type PodChoice, type PodParts } from './choose-pod.ts';

export interface PlacementParts extends PodParts {
  readonly fallbackChannel: string;
}

/** Where a change is told of, and what GitLab showed or did not show when that was decided. */
export interface Placed extends Pick<PodChoice, 'notShown' | 'shown'> {
  readonly placement: Placement;
}

/** Decides whose a change is. An outage of GitLab is thrown unless `late`: then it is decided without what is missing. */
export async function placementOf(
  parts: PlacementParts,
  change: Pick<Change, 'id' | 'key' | 'keyText' | 'event'>,
  evidence: Understood,
  ticket: TicketFinding,
  { late }: { readonly late: boolean },
): Promise<Placed> {
  const { event } = change;
  const review = reviewOf(event, evidence, ticket);
  const reviewers = [...(review.reviewers ?? []).map(({ account }) => account), ...event.reviewers];
  const { pod, ...told } = await choosePod(
    parts,
    {
      key: { projectId: change.key.projectId, iid: change.key.iid },
      labels: review.labels,
      reviewers,
      project: event.project.path,
      subject: change.keyText,
    },
    late,
  );
  const placement: Placement = {
    changeId: change.id,
    pod: pod?.name ?? null,
    channel: pod?.channel ?? parts.fallbackChannel,
    mergedAt: review.mergedAt,
    title: review.title,
    ticket,
  };
  return { ...told, placement };
}
