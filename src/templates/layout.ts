import { AssertionError, LiquidError } from 'liquidjs';
import { headMark, type LogHead, type LogPlace } from '../domain/log-head.ts';
import { confirmationOf, type Confirmed, type Message } from '../domain/message.ts';
import type { Review } from '../domain/review.ts';
import { compared, rowOf, shorten, usualColumnOf, type Cell, type Row } from '../domain/row.ts';
import { summaryLine } from '../domain/summary-line.ts';
import type { Summary } from '../domain/summary.ts';
import type { Inline } from '../domain/text.ts';
import type { Verdict } from '../domain/verdict.ts';
import { explain } from './check-template.ts';
import { parseTemplate, render } from './engine.ts';
import { lengthOf, renderedLines, type RenderedLine, type Whole } from './marked.ts';
import { valuesOf, wholesOf, type Subject } from './values.ts';

/** What the configuration says of rows and confirmations. Its templates have been checked. */
export interface LayoutOptions {
  readonly columns: readonly { readonly heading: string; readonly template: string }[];
  /** Null: the usual line. */
  readonly messageTemplate: string | null;
  /** The address under which records are shown. */
  readonly publicUrl: string;
}

/** A template that could not be rendered for a change: the cell says so, or the usual line stands in its place. */
export interface LayoutFault {
  /** `the column Milestone`, `message.template` */
  readonly where: string;
  readonly detail: string;
}

/** What else is known of a change when its row is laid out. */
export interface Besides {
  readonly pod?: string | null;
  readonly summary?: Summary | null;
}

/** How rows and confirmations look: the same for the pipeline and for a preview. */
export interface Layout {
  /** Headings that the configuration names: a page that has no such column loses what is to stand in it. */
  readonly headings: readonly string[];
  rowOf(
    review: Review,
    recordId: string,
    verdict: Verdict,
    place?: LogPlace | null,
    besides?: Besides,
  ): { readonly row: Row; readonly faults: readonly LayoutFault[] };
  confirmationOf(
    confirmed: Confirmed,
    head?: LogHead | null,
  ): { readonly message: Message; readonly faults: readonly LayoutFault[] };
}

/** Reads the templates once; throws where one of them cannot be read. */
export function createLayout({ columns, messageTemplate, publicUrl }: LayoutOptions): Layout {
  const further = columns.map(({ heading, template }) => ({
    heading: usualColumnOf(heading) ?? heading,
    template: parseTemplate(template),
  }));
  const told = messageTemplate === null ? null : parseTemplate(messageTemplate);
  const aboutOf = (of: Pick<Confirmed, 'review' | 'recordId' | 'verdict' | keyof Besides>) => ({
    review: of.review,
    recordId: of.recordId,
    recordUrl: `${publicUrl}/records/${of.recordId}`,
    verdict: of.verdict,
    pod: of.pod ?? null,
    summary: of.summary ?? null,
  });

  return {
    headings: further.map(({ heading }) => heading),

    rowOf(review, recordId, verdict, place = null, { pod = null, summary = null } = {}) {
      const usual = rowOf(review, recordId, verdict, place, summary);
      if (further.length === 0) return { row: usual, faults: [] };
      const { ticket } = review;
      const subject: Subject = {
        ...aboutOf({ review, recordId, verdict, pod, summary }),
        rowUrl: null,
        head: place?.head ?? null,
        entry: place?.index ?? null,
        issue: ticket.kind === 'found' ? ticket.issue : null,
      };
      const faults: LayoutFault[] = [];
      const cells = further.map(({ heading, template }): Cell => {
        const { lines, detail } = rendered(template, subject);
        if (detail !== undefined) faults.push({ where: `the column ${heading}`, detail });
        return {
          heading,
          aliases: [],
          lines: shorten(lines?.map(({ pieces }) => pieces) ?? [[{ kind: 'text', text: couldNot }]]),
        };
      });
      return { row: { recordId, cells: inPlace(usual.cells, cells) }, faults };
    },

    confirmationOf(confirmed, head = null) {
      const usual = confirmationOf(confirmed, head);
      if (told === null) return { message: usual, faults: [] };
      const { issue, rowUrl, summary = null } = confirmed;
      const subject: Subject = {
        ...aboutOf(confirmed),
        rowUrl,
        head,
        entry: null,
        issue: issue === null ? null : { ...issue, closed: true },
      };
      const { lines, detail = 'it renders to nothing' } = rendered(told, subject);
      if (lines === undefined || lines.length === 0) {
        return { message: usual, faults: [{ where: 'message.template', detail }] };
      }
      return {
        message: { key: usual.key, lines: completed(lines, head, summary) },
        faults: [],
      };
    },
  };
}

/** A confirmation is read in passing. */
const mostMessageLines = 20;

// Slack takes about 12,000 characters, and may write one as five.
const mostMessageLength = 2_200;

// Slack cuts a line at 3000 of its characters.
const mostOfLine = 600;
const longestBeforeHead = 400;

const couldNot = 'could not be rendered';

function rendered(
  template: ReturnType<typeof parseTemplate>,
  subject: Subject,
): { lines?: RenderedLine[]; detail?: string } {
  try {
    return { lines: renderedLines(render(template, valuesOf(subject)), wholesOf(subject)) };
  } catch (error) {
    const known = LiquidError.is(error) || error instanceof AssertionError;
    return { detail: known ? explain(error, couldNot).message : couldNot };
  }
}

/**
 * Cells that take the place of usual ones stand there, and are found by the same names. The others come before the record:
 * the last cell with a record's id is taken for the row's own, and what people write must not come to stand after it.
 */
function inPlace(usual: readonly Cell[], cells: readonly Cell[]): Cell[] {
  const instead = new Map(cells.map((cell) => [compared(cell.heading), cell]));
  const kept = usual.map((cell) => ({ ...cell, lines: instead.get(compared(cell.heading))?.lines ?? cell.lines }));
  const headings = new Set(usual.map(({ heading }) => compared(heading)));
  const added = cells.filter(({ heading }) => !headings.has(compared(heading)));
  return [...kept.slice(0, -1), ...added, ...kept.slice(-1)];
}

// How many lines leave room for what has to stand below them.
function fittingLines(lines: readonly RenderedLine[]): number {
  let length = 0;
  const tooLong = lines.findIndex(({ pieces }) => (length += Math.min(mostOfLine, roomOf(pieces))) > mostMessageLength);
  return Math.min(mostMessageLines, tooLong === -1 ? lines.length : Math.max(1, tooLong));
}

function roomOf(pieces: readonly Inline[]): number {
  return pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
}

// Copies of the head in other hands are what the log is held against, and a summary is marked as one: where the lines
// that are left do not show them whole, they are added.
function completed(rendered: readonly RenderedLine[], head: LogHead | null, summary: Summary | null): Inline[][] {
  const kept = fittingLines(rendered);
  const shown = new Set<Whole>(rendered.slice(0, kept).flatMap(({ shows }) => shows));
  const all = shorten(
    rendered.map(({ pieces }) => pieces),
    kept,
  );
  if (!shown.has('head')) {
    // At the end of a long line it would be what a connector cuts off.
    const end = roomOf(all.at(-1)!) > longestBeforeHead ? [] : all.pop()!;
    all.push([...end, ...headMark(head)]);
  }
  if (!shown.has('summary') && summary !== null) all.push(summaryLine(summary));
  return all.filter((line) => line.length > 0);
}
