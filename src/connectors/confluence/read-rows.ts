import { isPlaceLine } from '../../domain/log-head.ts';
import type { Row } from '../../domain/row.ts';
import { findAuditTable, type AuditTable } from './audit-table.ts';
import { placeCells, type PlacedCell } from './grid.ts';
import { rowToStorage } from './markup.ts';
import { readIdentity } from './recognise.ts';
import { readTables } from './table.ts';

/**
 * One cell of a row as it was written and as it stands, both as a reader sees them: lines joined by line breaks. The line
 * with the place in the log is left out: it names the head of the time when the row was written.
 */
export interface FoundCell {
  readonly heading: string;
  readonly expected: string;
  readonly found: string;
}

/** A row as it stands on the page. */
export interface FoundRow {
  readonly recordId: string;
  /** 0: gone; more than 1: copied. */
  readonly times: number;
  /** Cells of the first such row, by those headings of ours that the table has. */
  readonly cells: readonly FoundCell[];
}

/** Reads rows back from a page's body, for comparison with what they should say. */
export function readRows(body: string, rows: readonly Row[]): FoundRow[] {
  const table = findAuditTable(readTables(body), rows);
  if (table === undefined) return rows.map(({ recordId }) => ({ recordId, times: 0, cells: [] }));
  const identified = table.rows.map((row) => ({ row, standsFor: readIdentity(row, table) }));
  return rows.map((row) => {
    const found = identified.filter(({ standsFor }) => standsFor(row));
    const first = found[0]?.row;
    return {
      recordId: row.recordId,
      times: found.length,
      cells: first === undefined ? [] : compare(row, first, table),
    };
  });
}

function compare(row: Row, found: readonly PlacedCell[], table: AuditTable): FoundCell[] {
  // Our own markup goes through the same reader, so that both sides are normalised alike.
  const written = readTables(`<table><tbody>${rowToStorage(row, table)}</tbody></table>`)[0]!;
  const expected = placeCells(written.groups[0]!).rows[0]!;
  return [...table.columns].map(([heading, column]) => ({
    heading,
    expected: textOf(linesAt(expected, column), column === table.recordColumn),
    found: textOf(linesAt(found, column), column === table.recordColumn),
  }));
}

function linesAt(row: readonly PlacedCell[], column: number): readonly string[] {
  return row.find((placed) => placed.column === column)?.cell.lines ?? [];
}

function textOf(lines: readonly string[], ofRecord: boolean): string {
  return lines.filter((line) => !(ofRecord && isPlaceLine(line))).join('\n');
}
