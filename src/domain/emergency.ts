import { matchesAny } from './pattern.ts';
import type { Policy } from './policy.ts';
import type { RecordInput } from './record.ts';

type EmergencyPolicy = Pick<Policy, 'emergency'>;
type Change = Pick<RecordInput, 'arrival' | 'evidence'>;

/** Whether a change was an emergency: by a label that it had at the merge, or by the branch that it came from. */
export function isEmergency({ arrival }: Pick<RecordInput, 'arrival'>, { emergency }: EmergencyPolicy): boolean {
  const { labels, sourceBranch } = arrival.event;
  return (
    labels.some((label) => matchesAny(emergency.labels, label)) || matchesAny(emergency.sourceBranches, sourceBranch)
  );
}

/** Until when an independent person must have reviewed an emergency, as ISO 8601. */
export function deadlineOf(mergedAt: string, { emergency }: EmergencyPolicy): string {
  return new Date(Date.parse(mergedAt) + emergency.reviewWithinHours * 3_600_000).toISOString();
}

/** The reason that the description gives in a line of its own; null where it gives none. */
export function reasonOf(change: Change, { emergency }: EmergencyPolicy): string | null {
  const prefix = emergency.reasonPrefix.trim().toLowerCase();
  for (const line of descriptionOf(change).split(/\r\n|[\r\n]/)) {
    const text = line.trim();
    if (!text.toLowerCase().startsWith(prefix)) continue;
    const reason = text.slice(prefix.length).trim();
    if (reason !== '') return reason;
  }
  return null;
}

/** The description as GitLab showed it right after the merge, or failing that as the hook told it. */
export function descriptionOf({ arrival, evidence }: Change): string {
  return evidence.mergeRequest.ok ? evidence.mergeRequest.value.description : arrival.event.description;
}
