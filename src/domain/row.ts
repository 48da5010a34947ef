import type { Account, TicketFinding } from './evidence.ts';
import { placeLine, type LogPlace } from './log-head.ts';
import type { Review, ReviewedBy } from './review.ts';
import { shortfallLines, verdictColours } from './shortfall.ts';
import { summaryLine } from './summary-line.ts';
import type { Summary } from './summary.ts';
import { readable, type Inline } from './text.ts';
import type { Verdict } from './verdict.ts';

/** One cell of the audit table, addressed by its column's heading and never by position. */
export interface Cell {
  readonly heading: string;
  /** Other headings that stand for the same column in a table that people made. Compared without case. */
  readonly aliases: readonly string[];
  /** Lines within the cell. */
  readonly lines: readonly (readonly Inline[])[];
}

/** One row of the audit table: what was merged, who reviewed it, when, what that is worth, and the record of it. */
export interface Row {
  /** Stands visibly in the row; by it a row that is already there is recognised. */
  readonly recordId: string;
  readonly cells: readonly Cell[];
}

const mostLines = 50;
const mostReasons = 5;
const longestReason = 200;

/** The columns that every row has, in their order. */
export const usualColumns = [
  { heading: 'Merge request', aliases: ['MR', 'Merge requests', 'Change', 'GitLab MR'] },
  { heading: 'Reviewers', aliases: ['Reviewer', 'Reviewed by', 'Approvers', 'Approved by'] },
  { heading: 'Labels', aliases: ['Label', 'Security labels'] },
  { heading: 'Merged', aliases: ['Merged at', 'Merge time', 'Merge date', 'Merged on', 'Date'] },
  { heading: 'Verdict', aliases: ['Result', 'Status', 'Review', 'Review result', 'Outcome'] },
  { heading: 'Issue', aliases: ['Linear', 'Linear issue', 'Ticket'] },
  { heading: 'Record', aliases: ['Record id', 'Evidence', 'Evidence id', 'Audit id'] },
] as const satisfies readonly Omit<Cell, 'lines'>[];

type UsualHeading = (typeof usualColumns)[number]['heading'];

/** The usual column that a heading names, by its own name or by another; undefined where it names none. */
export function usualColumnOf(heading: string): UsualHeading | undefined {
  const wanted = compared(heading);
  return usualColumns.find((column) => [column.heading, ...column.aliases].some((name) => compared(name) === wanted))
    ?.heading;
}

/** A heading as it is told from others. */
export function compared(heading: string): string {
  return readable(heading).replaceAll(/\s+/g, ' ').normalize('NFC').toLowerCase();
}

/** Lays a reviewed and judged change out as a row. Where its record stands in the log goes below the record's id. */
export function rowOf(
  review: Review,
  recordId: string,
  verdict: Verdict,
  place: LogPlace | null = null,
  summary: Summary | null = null,
): Row {
  const lines: Readonly<Record<UsualHeading, Cell['lines']>> = {
    'Merge request': [
      [{ kind: 'link', text: readable(review.reference), url: review.webUrl }],
      [{ kind: 'text', text: readable(review.title) }],
      ...(summary === null ? [] : [summaryLine(summary)]),
    ],
    Reviewers: reviewerLines(review.reviewers),
    Labels: shorten(review.labels.map((label): Inline[] => [{ kind: 'code', text: readable(label) }])),
    Merged: [
      [{ kind: 'text', text: review.mergedAt === null ? 'time unknown' : utcMinute(review.mergedAt) }],
      ...(review.mergedBy === null ? [] : [[text(`by ${personName(review.mergedBy)}`)]]),
    ],
    Verdict: verdictLines(verdict),
    Issue: [ticketLine(review.ticket)],
    Record: [[{ kind: 'code', text: recordId }], ...(place === null ? [] : [placeLine(place)])],
  };
  return { recordId, cells: usualColumns.map((column) => ({ ...column, lines: lines[column.heading] })) };
}

/** `Bo Chen (bchen)`, or the handle alone where GitLab hides the name. */
export function personName(account: Pick<Account, 'name' | 'username'>): string {
  const name = readable(account.name, 100);
  const username = readable(account.username, 100);
  return name === '' || name === username ? username : `${name} (${username})`;
}

/** `2026-09-21 14:13 UTC`, from ISO 8601 in UTC. */
export function utcMinute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

function reviewerLines(reviewers: readonly ReviewedBy[] | null): Inline[][] {
  if (reviewers === null) return [[text('could not be read from GitLab')]];
  if (reviewers.length === 0) return [[text('nobody')]];
  return shorten(reviewers.map((reviewer) => [text(`${personName(reviewer.account)}: ${reviewState(reviewer)}`)]));
}

/** All rows share one page, whose size is limited: none may take it all. The record names everything. */
export function shorten(lines: readonly Inline[][], most = mostLines): Inline[][] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), [text(`and ${lines.length - most} more, see the record`)]];
}

function verdictLines(verdict: Verdict): Inline[][] {
  const { overall } = verdict;
  const reasons = shortfallLines(verdict).map((reason) => [text(readable(reason, longestReason))]);
  return [
    [{ kind: 'status', text: overall.toUpperCase(), colour: verdictColours[overall] }],
    ...shorten(reasons, mostReasons),
  ];
}

function reviewState({ state, approvedAt }: ReviewedBy): string {
  if (state === 'approved' && approvedAt !== null) return `approved ${utcMinute(approvedAt)}`;
  return readable(state, 50).replaceAll('_', ' ');
}

function ticketLine(ticket: TicketFinding): Inline[] {
  switch (ticket.kind) {
    case 'found':
      return [{ kind: 'link', text: readable(ticket.issue.identifier), url: ticket.issue.url }];
    case 'none':
      return [text('none linked')];
    case 'several':
      return [text(`several: ${ticket.identifiers.map((one) => readable(one, 50)).join(', ')}`)];
    case 'unreadable':
      return [text('could not be read from Linear')];
  }
}

function text(value: string): Inline {
  return { kind: 'text', text: value };
}
