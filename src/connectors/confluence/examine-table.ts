import type { Row } from '../../domain/row.ts';
import { readable } from '../../domain/text.ts';
import { isConnectorError, type ConnectorErrorCode } from '../errors.ts';
import { planAppend, type Flavour } from './append.ts';
import { countDataRows, findAuditTable, type AuditTable } from './audit-table.ts';
import { largestRequest } from './failure.ts';
import { parseBody } from './parsed-body.ts';
import { requestBytes, longestEnvelope } from './room.ts';
import { plainLine } from './table.ts';

/** What would become of a row on a page. */
export type TableFinding =
  /** No table has the headings: the first row brings one along. */
  | { readonly kind: 'none' }
  /** Nothing can be written there. */
  | { readonly kind: 'unusable'; readonly code: ConnectorErrorCode; readonly message: string }
  | {
      readonly kind: 'usable';
      /** Rows below the heading. */
      readonly rows: number;
      /** Headings of ours that the table lacks: what belongs there is left out. */
      readonly lacking: readonly string[];
      /** True where the ids of records have no column of their own. */
      readonly lacksRecord: boolean;
      /** Headings of ours that stand above more than one column: the first is taken. */
      readonly doubled: readonly string[];
      /** True where cells of the table span rows or columns. */
      readonly merged: boolean;
      /** The macros around it. */
      readonly macros: readonly string[];
    };

/** Looks at the audit table of a body, and tries on it, without writing, what a row would do. */
export function examineTable(body: string, row: Row, flavour: Flavour): TableFinding {
  try {
    const parsed = parseBody(body);
    const table = findAuditTable(parsed.tables, [row]);
    planAppend(parsed, [row], flavour);
    return table === undefined ? { kind: 'none' } : describe(table, row);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return { kind: 'unusable', code: error.code, message: error.message };
  }
}

/** True where a page with this body can take no row of the usual length any more. */
export function isFull(body: string): boolean {
  return requestBytes(body) > largestRequest - longestEnvelope;
}

function describe(table: AuditTable, row: Row): TableFinding {
  const ours = row.cells.flatMap(({ heading, aliases }) => [heading, ...aliases]).map(compared);
  const [head = []] = table.rows;
  const seen = head.map(({ cell }) => plainLine(cell.lines.join(' '))).filter((one) => ours.includes(compared(one)));
  const doubled = seen.filter((one, at) => seen.findIndex((other) => compared(one) === compared(other)) < at);
  return {
    kind: 'usable',
    rows: countDataRows(table),
    lacking: row.cells.map(({ heading }) => heading).filter((heading) => !table.columns.has(heading)),
    lacksRecord: table.recordColumn === undefined,
    doubled: [...new Set(doubled)].map((heading) => readable(heading, 100)),
    merged: table.rows.some((cells) => cells.some(({ cell }) => cell.colspan > 1 || cell.rowspan !== 1)),
    macros: table.table.macros.map((name) => readable(name, 50)),
  };
}

function compared(heading: string): string {
  return heading.normalize('NFC').toLowerCase();
}
