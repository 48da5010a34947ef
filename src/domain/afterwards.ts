import type { PersonKind } from './people.ts';

/** A review that came after the merge, as an emergency asks for one. */
export interface LateReview {
  readonly userId: number;
  readonly kind: PersonKind | null;
  /** An approval, where the server takes one after the merge, or a comment that says so. */
  readonly how: 'approval' | 'comment';
  readonly at: string;
  /** Digest of the answer that shows it. */
  readonly responseSha256: string;
}

/** What is known of the time after the merge. It is no part of the record: only the check of emergencies asks for it. */
export interface Afterwards {
  /** When it was looked at: a judgement has no clock of its own. */
  readonly asOf: string;
  /** Oldest first. */
  readonly reviews: readonly LateReview[];
}
