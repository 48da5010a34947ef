import type { Linear } from '../../connectors/linear/client.ts';
import type { TicketFinding } from '../../domain/evidence.ts';
import type { Change } from '../../storage/changes.ts';

/** Asks Linear for the linked issues of a batch, by change id. Nothing is written. */
export async function findTickets(
  linear: Pick<Linear, 'findTickets'>,
  batch: readonly { readonly change: Pick<Change, 'id' | 'event'> }[],
): Promise<Map<number, TicketFinding>> {
  if (batch.length === 0) return new Map();
  const found = await linear.findTickets(
    batch.map(({ change: { event } }) => ({
      mergeRequestUrl: event.url,
      sourceBranch: event.sourceBranch,
      title: event.title,
      description: event.description,
    })),
  );
  return new Map(batch.map(({ change }, index) => [change.id, found[index]!]));
}
