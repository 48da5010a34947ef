import { labelsFound } from './documents.ts';
import type { ClosableIssue, FoundIssue } from './schema.ts';

/** Issues as they were found a moment ago, each for one use. */
export interface FoundIssues {
  keep(issue: FoundIssue): void;
  /** As it was found, where that is fresh; whether it carries a link is not known. It is not there a second time. */
  take(id: string): ClosableIssue | undefined;
}

// The stages follow each other within a second; what takes longer is read again.
const freshMs = 5_000;

/** Remembers what was found for some seconds, so that closing it does not begin with reading it again. */
export function createFoundIssues(now: () => Date): FoundIssues {
  const held = new Map<string, { readonly issue: ClosableIssue; readonly until: number }>();

  return {
    keep(issue) {
      const at = now().getTime();
      // The oldest come first, because what is kept again goes to the end.
      for (const [id, { until }] of held) {
        if (until > at) break;
        held.delete(id);
      }
      held.delete(issue.id);
      if (isPlain(issue)) held.set(issue.id, { issue: { ...issue, attachments: { nodes: [] } }, until: at + freshMs });
    },
    take(id) {
      const found = held.get(id);
      held.delete(id);
      return found !== undefined && found.until > now().getTime() ? found.issue : undefined;
    },
  };
}

// Whatever would be refused is refused for what a reading shows; and a full page may not be all labels.
function isPlain({ archivedAt, trashed, state, labels }: FoundIssue): boolean {
  if (archivedAt || trashed === true || state.type === 'canceled' || state.type === 'duplicate') return false;
  return labels.nodes.length < labelsFound;
}
