import { isPlaceLine } from '../../domain/log-head.ts';
import type { Row } from '../../domain/row.ts';
import type { AuditTable } from './audit-table.ts';
import type { PlacedCell } from './grid.ts';
import { plainLine, type Table, type TableCell } from './table.ts';

/**
 * How often each row stands in the table, by the ids of their records.
 *
 * Titles, labels, names and whatever further columns print are foreign text, and ids can be computed in advance: a merge
 * request titled with the id of another must neither stand for that record nor double it. So an id counts in the record's
 * column; and only where a row has nothing there, in the merge request's cell, on a line that foreign text never fills.
 */
export function countRows(table: AuditTable, rows: Iterable<Row>): Map<string, number> {
  const wanted = new Map([...rows].map((row) => [row.recordId, row]));
  const counts = new Map([...wanted.keys()].map((id) => [id, 0]));
  for (const placed of table.rows) {
    const standsFor = readIdentity(placed, table);
    for (const [id, row] of wanted) if (standsFor(row)) counts.set(id, counts.get(id)! + 1);
  }
  return counts;
}

/** Tells which of our rows a row of the table is. */
export function readIdentity(placed: readonly PlacedCell[], table: AuditTable): (row: Row) => boolean {
  const record = table.recordColumn === undefined ? [] : linesAt(placed, table.recordColumn);
  if (record.length > 0) return ({ recordId }) => record.some((line) => holdsToken(line, recordId));
  const lines = linesAt(placed, table.mergeRequestColumn);
  const below = lines.slice(2);
  return (row) => below.includes(row.recordId) || isUntitled(lines, row);
}

/**
 * Reference and title are one line each, a summary says first what it is, and the id comes after them. Only where the title
 * has nothing to be seen is the id the second line: there the reference has to be the row's own, or it may be a title.
 */
function isUntitled(lines: readonly string[], row: Row): boolean {
  return lines.length > 1 && lines[1] === row.recordId && lines[0] === referenceOf(row) && shownOf(row).length === 1;
}

/** What is to be seen of the first cell, line by line: the merge request's reference, title and summary. */
function shownOf({ cells }: Row): string[] {
  const lines = cells[0]?.lines.map((line) => plainLine(line.map(({ text }) => text).join(''))) ?? [];
  return lines.filter((line) => line !== '');
}

function referenceOf(row: Row): string | undefined {
  return shownOf(row)[0];
}

function linesAt(placed: readonly PlacedCell[], wanted: number): readonly string[] {
  return placed.find(({ column }) => column === wanted)?.cell.lines ?? [];
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
 * True where a row of the table names this row's merge request and has the id in a column that is none of ours: the record's
 * heading was changed. It does not count as there, since that column may hold anything; nor is it to be written again.
 */
export function standsBesideHeadings(table: AuditTable, row: Row): boolean {
  const ours = new Set(table.columns.values());
  const reference = referenceOf(row);
  return table.rows.some(
    (placed) =>
      linesAt(placed, table.mergeRequestColumn)[0] === reference &&
      placed.some(({ cell, column }) => !ours.has(column) && isIdCell(cell, row.recordId)),
  );
}

/**
 * True where a row of any table, whatever its headings, names this row's merge request and has its id as `standsAnywhere`
 * finds it. The first cell that begins with a reference says whose row it is: what others were titled does not.
 */
export function standsWithoutHeadings(tables: readonly Table[], row: Row): boolean {
  const reference = referenceOf(row);
  return rowsOf(tables).some((cells) => {
    const named = cells.find(({ lines: [first] }) => first !== undefined && /^\S*![0-9]+$/.test(first));
    return named !== undefined && named.lines[0] === reference && cells.some((cell) => isIdCell(cell, row.recordId));
  });
}

/**
 * True where any table, whatever its headings, has the id as all of a cell, above its place in the log, or below reference
 * and title. Foreign text can be that: nothing is decided by it.
 */
export function standsAnywhere(tables: readonly Table[], recordId: string): boolean {
  return rowsOf(tables).some((cells) => cells.some((cell) => isIdCell(cell, recordId)));
}

function rowsOf(tables: readonly Table[]): (readonly TableCell[])[] {
  return tables.flatMap(({ groups }) => groups.flatMap(({ rows }) => rows));
}

function isIdCell({ lines }: TableCell, recordId: string): boolean {
  const whole = lines.length === 1 || (lines.length === 2 && isPlaceLine(lines[1]!));
  return whole ? lines[0] === recordId : lines.slice(2).includes(recordId);
}
