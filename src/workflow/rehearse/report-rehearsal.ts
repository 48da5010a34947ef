import type { Json } from '@countersign/ledger';
import type { TicketFinding } from '../../domain/evidence.ts';
import type { Summary } from '../../domain/summary.ts';
import { readable, type Inline } from '../../domain/text.ts';
import type { PersonReport, VerdictReport } from '../report-verdict.ts';
import type { ChangeReport } from '../report.ts';
import type { Rehearsed } from './rehearse-change.ts';

/** What `countersign try --json` prints. Keys may be added, none renamed. */
export interface TryReport {
  readonly change: ChangeReport['change'];
  readonly verdict: VerdictReport;
  readonly row: readonly { readonly heading: string; readonly text: string }[];
  readonly message: { readonly channel: string; readonly text: string };
  readonly record: Json;
  /** What was written anywhere: nothing. */
  readonly wrote: readonly [];
  readonly record_id: string;
  /** Whether its merge would have been taken up, and by what it would not. */
  readonly in_scope: boolean;
  readonly out_of_scope: string | null;
  readonly pod: string | null;
  readonly ticket: TicketFinding;
  readonly people: readonly PersonReport[];
  /** What a model would write; null where none is asked, or it has nothing to say. */
  readonly summary: Summary | null;
  readonly notes: readonly string[];
}

/** A rehearsal as it is reported. */
export function reportRehearsal(rehearsed: Rehearsed, summary: Summary | null, notes: readonly string[]): TryReport {
  const { change, verdict, row, message, record, recordId, outOfScope, pod, ticket, people } = rehearsed;
  return {
    change,
    verdict,
    row: row.cells.map(({ heading, lines }) => ({ heading, text: textOf(lines) })),
    message: { channel: message.channel, text: textOf(message.content.lines) },
    record,
    wrote: [],
    record_id: recordId,
    in_scope: outOfScope === null,
    out_of_scope: outOfScope,
    pod,
    ticket,
    people,
    summary,
    notes: [...notes, ...rehearsed.notes],
  };
}

/** Lines as plain text, each safe to show: what a reader sees, without where links lead. */
function textOf(lines: readonly (readonly Inline[])[]): string {
  return lines.map((line) => readable(line.map(({ text }) => text).join(''), 3000)).join('\n');
}
