import { coverageOf } from './journal.ts';
import type { RecordInput } from './record.ts';

/**
 * True where GitLab lists an approval of which no hook has told, although hooks told of everything else from the opening
 * on: it may be on its way still, since deliveries overtake each other.
 */
export function missesHooks({ evidence, journal }: Pick<RecordInput, 'evidence' | 'journal'>): boolean {
  if (!evidence.approvals.ok || !coverageOf(journal).fromOpening) return false;
  const heard = new Set(
    journal.filter(({ action }) => action === 'approved' || action === 'approval').map(({ userId }) => userId),
  );
  return evidence.approvals.value.approvedBy.some(({ user }) => !heard.has(user.id));
}
