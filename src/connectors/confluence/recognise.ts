import { isPlaceLine } from '../../domain/log-head.ts';
import type { AuditTable } from './audit-table.ts';
import type { PlacedCell } from './grid.ts';
import type { Table } from './table.ts';

/**
 * How often each record id stands in the table as the id of a row.
 *
 * Titles, labels and names are foreign text, and ids can be computed in advance: a merge request titled with the id of
 * another must neither stand for that record nor double it. So an id counts in the record's column; and only where a
 * row has nothing there, as a last paragraph of the merge request's cell or as a line of a column that is not ours.
 */
export function countRecords(table: AuditTable, recordIds: Iterable<string>): Map<string, number> {
  const counts = new Map([...recordIds].map((id) => [id, 0]));
  for (const row of table.rows) {
    const identifies = readIdentity(row, table);
    for (const [id, count] of counts) if (identifies(id)) counts.set(id, count + 1);
  }
  return counts;
}

/** Tells which record ids a row of the table stands for. */
export function readIdentity(row: readonly PlacedCell[], table: AuditTable): (id: string) => boolean {
  const record = row.find(({ column }) => column === table.recordColumn)?.cell.lines ?? [];
  if (record.length > 0) return (id) => record.some((line) => holdsToken(line, id));
  const ours = new Set(table.columns.values());
  const lines = row.flatMap(({ cell, column }) => {
    if (column === table.mergeRequestColumn) return addedLines(cell.lines);
    return ours.has(column) ? [] : cell.lines;
  });
  return (id) => lines.includes(id);
}

/** The lines of a merge request's cell that are neither its reference nor its title, which may be empty. */
function addedLines(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.length === 2 ? 1 : 2);
}

/** True where the id stands in the text and is not a part of something longer. */
function holdsToken(text: string, id: string): boolean {
  for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + id.length, at + id.length + 2);
    if (!/[\p{L}\p{N}_-]$/u.test(before) && !/^[\p{L}\p{N}_-]/u.test(after)) return true;
  }
  return false;
}

/**
 * True where any table, whatever its headings, has the id as all of a cell, above its place in the log, or below reference
 * and title.
 */
export function standsAnywhere(tables: readonly Table[], recordId: string): boolean {
  const cells = tables.flatMap(({ groups }) => groups.flatMap(({ rows }) => rows.flat()));
  return cells.some(({ lines }) => {
    const whole = lines.length === 1 || (lines.length === 2 && isPlaceLine(lines[1]!));
    return whole ? lines[0] === recordId : lines.slice(2).includes(recordId);
  });
}
