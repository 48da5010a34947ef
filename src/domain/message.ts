import { headMark, type LogHead } from './log-head.ts';
import type { Review } from './review.ts';
import { personName } from './row.ts';
import { shortfallLines, shortfallOf, verdictColours } from './shortfall.ts';
import { summaryLine } from './summary-line.ts';
import type { Summary } from './summary.ts';
import { readable, type Inline } from './text.ts';
import type { Verdict } from './verdict.ts';

/** One confirmation, or a digest of several, before Slack's markup. */
export interface Message {
  /** The outbox key: carried in the message's metadata, and by it a message already sent is recognised. */
  readonly key: string;
  readonly lines: readonly (readonly Inline[])[];
}

/** What is confirmed: the review, what it is worth, and what became of it. */
export interface Confirmed {
  readonly recordId: string;
  readonly review: Review;
  readonly verdict: Verdict;
  /** Where the row stands; null where no row could be written. */
  readonly rowUrl: string | null;
  /** The issue as it was closed; null where none was. */
  readonly issue: { readonly identifier: string; readonly url: string } | null;
  /** The pod whose change it is; absent or null where no pod matches. */
  readonly pod?: string | null;
  readonly summary?: Summary | null;
}

/**
 * The confirmation of one change: a line for the pod, which ends with a head of the log, where there is one; and another
 * for the summary, where there is one.
 */
export function confirmationOf(confirmed: Confirmed, head: LogHead | null = null): Message {
  const { recordId, review, verdict } = confirmed;
  const line = [
    text('Security review recorded: '),
    ...changeOf(review),
    text(' · '),
    markOf(verdict),
    text(`${why(verdict)} · `),
    ...outcomeOf(confirmed),
    ...headMark(head),
  ];
  const { summary = null } = confirmed;
  return { key: recordId, lines: summary === null ? [line] : [line, summaryLine(summary)] };
}

/** One message for many changes of one channel, each a line with its link. The log's head stands in the heading: once. */
export function digestOf(key: string, confirmed: readonly Confirmed[], head: LogHead | null = null): Message {
  const heading: Inline = { kind: 'text', text: `${confirmed.length} security reviews recorded`, strong: true };
  const lines = confirmed.map((one) => [
    text('• '),
    markOf(one.verdict),
    text(' · '),
    ...changeOf(one.review),
    text(' · '),
    ...outcomeOf(one),
  ]);
  return { key, lines: [[heading, ...headMark(head)], ...lines] };
}

const marks = { pass: 'reviewed', undetermined: 'undetermined', fail: 'failed' } as const;

function markOf({ overall }: Verdict): Inline {
  return { kind: 'status', text: marks[overall], colour: verdictColours[overall] };
}

// The first thing that failed, or else is missing, and how many more of its kind there are.
function why(verdict: Verdict): string {
  const [reason] = shortfallLines(verdict);
  if (reason === undefined) return '';
  const [first, ...others] = shortfallOf(verdict);
  const more = others.filter((check) => check.verdict === first?.verdict).length;
  return `: ${readable(reason, 300)}${more === 0 ? '' : ` (and ${more} more)`}`;
}

function changeOf(review: Review): Inline[] {
  return [
    { kind: 'link', text: readable(review.reference, 200), url: review.webUrl },
    text(` ${readable(review.title, 300)}`),
  ];
}

function outcomeOf({ recordId, review, rowUrl, issue }: Confirmed): Inline[] {
  return [
    text(`${approvedBy(review)} · `),
    ...(issue === null
      ? [text('no issue closed')]
      : [{ kind: 'link', text: readable(issue.identifier, 50), url: issue.url } as const, text(' closed')]),
    text(' · '),
    rowUrl === null ? text(`${recordId}, no row written`) : { kind: 'link', text: recordId, url: rowUrl },
  ];
}

function approvedBy({ reviewers }: Review): string {
  if (reviewers === null) return 'approvals could not be read';
  const approvers = reviewers.filter(({ state }) => state === 'approved').map(({ account }) => personName(account));
  if (approvers.length === 0) return 'approved by nobody';
  const shown = approvers.slice(0, 3).join(', ');
  return `approved by ${shown}${approvers.length > 3 ? ` and ${approvers.length - 3} more` : ''}`;
}

function text(value: string): Inline {
  return { kind: 'text', text: value };
}
