import { type Json } from '../canonical-json.ts';
import { memberAt } from './read-json.ts';

/** One change in `index.csv`. */
export interface IndexRow {
  readonly recordId: string;
  readonly project: string;
  readonly mergeRequest: string;
  /** As the record has it; empty where GitLab did not show it. */
  readonly mergedAt: string;
  /** The commit that the record's statement names as landed; empty where it names none. */
  readonly landedCommit: string;
  readonly verdict: string;
  readonly policySha256: string;
  readonly recordEntry: number;
  readonly verdictEntry: number;
  readonly recordSha256: string;
}

/** What a row is made of. `record` and `verdict` are the parsed documents. */
export interface IndexSource {
  readonly record: Json;
  readonly verdict: Json;
  readonly recordEntry: number;
  readonly verdictEntry: number;
  readonly recordSha256: string;
  /** The `gitCommit` of the subject `landed commit` of the record's statement; null where there is none. */
  readonly landedCommit: string | null;
}

/** The first line, with its end. */
export const indexHeader =
  'record_id,project,merge_request,merged_at,landed_commit,verdict,policy_sha256,record_entry,verdict_entry,record_sha256\r\n';

/** The row of a change: nothing in it but what is sealed. */
export function indexRow(source: IndexSource): IndexRow {
  const { record, verdict } = source;
  return {
    recordId: textOf(memberAt(record, 'id')),
    project: textOf(memberAt(record, 'locator', 'project_path')),
    mergeRequest: textOf(memberAt(record, 'locator', 'iid')),
    mergedAt: mergedAtOf(record),
    landedCommit: source.landedCommit ?? '',
    verdict: textOf(memberAt(verdict, 'overall')),
    policySha256: textOf(memberAt(verdict, 'policy', 'sha256')),
    recordEntry: source.recordEntry,
    verdictEntry: source.verdictEntry,
    recordSha256: source.recordSha256,
  };
}

/** When a change was merged, by its record: as the merge request says or, unread, as the hook of the merge does. */
export function mergedAtOf(record: Json): string {
  const shown = memberAt(record, 'evidence', 'merge_request', 'value', 'merged_at');
  const told =
    memberAt(record, 'arrival', 'event', 'actioned_at') ?? memberAt(record, 'arrival', 'event', 'updated_at');
  return textOf(shown ?? told);
}

/** The line of a row, with its end (RFC 4180 §2). */
export function indexLine(row: IndexRow): string {
  const cells = [
    row.recordId,
    row.project,
    row.mergeRequest,
    row.mergedAt,
    row.landedCommit,
    row.verdict,
    row.policySha256,
    String(row.recordEntry),
    String(row.verdictEntry),
    row.recordSha256,
  ];
  return `${cells.map(cell).join(',')}\r\n`;
}

/** A cell that a spreadsheet shows and does not calculate: text that begins like a formula gets an apostrophe. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
