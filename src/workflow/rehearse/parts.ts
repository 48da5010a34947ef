import type { GitLab } from '../../connectors/gitlab/client.ts';
import type { Linear } from '../../connectors/linear/client.ts';
import type { Filter } from '../../domain/filter.ts';
import type { LogHead, LogPlace } from '../../domain/log-head.ts';
import type { Confirmed, Message } from '../../domain/message.ts';
import type { Review } from '../../domain/review.ts';
import type { Row } from '../../domain/row.ts';
import type { Summary } from '../../domain/summary.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { Rulebook } from '../judge-records.ts';
import type { PlacementParts } from '../stages/placement.ts';

/** What could not be laid out as it was asked for. */
export interface RehearsedFault {
  readonly where: string;
  readonly detail: string;
}

/** How rows and confirmations look. */
export interface RehearsalLayout {
  rowOf(
    review: Review,
    recordId: string,
    verdict: Verdict,
    place?: LogPlace | null,
    besides?: { readonly pod?: string | null; readonly summary?: Summary | null },
  ): { readonly row: Row; readonly faults: readonly RehearsedFault[] };
  confirmationOf(
    confirmed: Confirmed,
    head?: LogHead | null,
  ): { readonly message: Message; readonly faults: readonly RehearsedFault[] };
}

/** What a rehearsal works with. The clients should be such that refuse to write. */
export interface RehearsalParts extends PlacementParts {
  readonly gitlab: Pick<GitLab, 'readChange' | 'readChangedPaths' | 'readGroupMembers' | 'readLateReviews'>;
  readonly linear: Pick<Linear, 'findTickets'>;
  /** `gitlab.com` */
  readonly instance: string;
  readonly filter: Filter;
  readonly rulebook: Rulebook;
  /** The layout of a project, by its path. */
  readonly layoutOf: (project: string) => RehearsalLayout;
  readonly now: () => Date;
}
