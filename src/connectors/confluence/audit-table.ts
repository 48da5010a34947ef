import { usualColumnOf, type Cell, type Row } from '../../domain/row.ts';
import { ConnectorError } from '../errors.ts';
import { isNumbering, placeCells, widthOf, type PlacedCell, type PlacedGroup } from './grid.ts';
import { recordCellOf } from './markup.ts';
import { plainLine, type Table } from './table.ts';

/** The table of a page that takes our rows, and which of its columns are ours. */
export interface AuditTable {
  readonly table: Table;
  readonly groups: readonly PlacedGroup[];
  readonly rows: readonly (readonly PlacedCell[])[];
  readonly width: number;
  /** Column of each heading of ours that the table has. */
  readonly columns: ReadonlyMap<string, number>;
  readonly mergeRequestColumn: number;
  readonly recordColumn: number | undefined;
}

type Column = Pick<Cell, 'heading' | 'aliases'>;

// The merge request's, and two more.
const fewestHeadings = 3;

/**
 * Finds the one table that has the usual headings: the merge request's, and two more. Headings that somebody configured
 * take their columns in it and never make a table ours, since people's own tables have such headings too. Of several,
 * those that have the record's own column are preferred; still several is `ambiguous`.
 */
export function findAuditTable(tables: readonly Table[], rows: readonly Row[]): AuditTable | undefined {
  const columns = columnsOf(rows);
  const record = recordHeadingOf(rows);
  const matching = tables.flatMap((table) => matchTable(table, columns, record) ?? []);
  const preferred = matching.filter(({ recordColumn }) => recordColumn !== undefined);
  const candidates = preferred.length > 0 ? preferred : matching;
  if (candidates.length > 1) {
    throw new ConnectorError({
      vendor: 'confluence',
      code: 'ambiguous',
      message: `The page has ${candidates.length} tables with the headings of the audit table; leave it only one`,
    });
  }
  return candidates[0];
}

function columnsOf(rows: readonly Row[]): Column[] {
  const columns = new Map<string, Column>();
  for (const cell of rows.flatMap((row) => row.cells)) {
    if (!columns.has(cell.heading)) columns.set(cell.heading, cell);
  }
  return [...columns.values()];
}

function recordHeadingOf(rows: readonly Row[]): string | undefined {
  for (const row of rows) {
    const cell = recordCellOf(row);
    if (cell !== undefined) return cell.heading;
  }
  return undefined;
}

function matchTable(table: Table, wanted: readonly Column[], record: string | undefined): AuditTable | undefined {
  const groups = table.groups.map(placeCells);
  const headings = headingsOf(groups);
  const columns = assignColumns(wanted, headings);
  const mergeRequestColumn = columns.get(wanted[0]?.heading ?? '');
  const usual = [...columns.keys()].filter((heading) => usualColumnOf(heading) !== undefined);
  if (mergeRequestColumn === undefined || usual.length < fewestHeadings) return undefined;
  const rows = groups.flatMap((group) => group.rows);
  const lastRow = rows.findLast((row) => row.length > 0) ?? [];
  return {
    table,
    groups,
    rows,
    width: Math.max(headings.length, widthOf(lastRow)),
    columns,
    mergeRequestColumn,
    recordColumn: record === undefined ? undefined : columns.get(record),
  };
}

/** What stands above each column. A heading may have several rows, the first of them a title over all columns. */
function headingsOf(groups: readonly PlacedGroup[]): string[][] {
  const headings: string[][] = [];
  for (const { cell, column } of headerRows(groups).flat()) {
    const heading = compared(cell.lines.join(' '));
    for (let right = 0; right < cell.colspan; right++) (headings[column + right] ??= []).push(heading);
  }
  return Array.from(headings, (names) => names ?? []);
}

/** The rows of `thead`; else the first row, be it of `td` as in older pages, and rows of only `th` right after it. */
function headerRows(groups: readonly PlacedGroup[]): (readonly PlacedCell[])[] {
  const head = groups.filter(({ group }) => group.kind === 'thead').flatMap(({ rows }) => rows);
  if (head.length > 0) return head;
  const rows = groups.flatMap((group) => group.rows);
  const firstOfData = rows.findIndex((row) => row.some(({ cell }) => cell.tag === 'td'));
  return rows.slice(0, firstOfData < 0 ? rows.length : Math.max(1, firstOfData));
}

/** A column belongs to one heading: exact names go first, aliases take what is left. */
function assignColumns(wanted: readonly Column[], headings: readonly (readonly string[])[]): Map<string, number> {
  const columns = new Map<string, number>();
  const taken = new Set<number>();
  const assign = ({ heading }: Column, name: string): void => {
    if (columns.has(heading)) return;
    const column = headings.findIndex((names, index) => !taken.has(index) && names.includes(compared(name)));
    if (column < 0) return;
    columns.set(heading, column);
    taken.add(column);
  };
  for (const column of wanted) assign(column, column.heading);
  for (const column of wanted) for (const alias of column.aliases) assign(column, alias);
  return columns;
}

function compared(heading: string): string {
  return plainLine(heading).normalize('NFC').toLowerCase();
}

/** Rows below the heading. */
export function countDataRows({ rows }: Pick<AuditTable, 'rows'>): number {
  return Math.max(0, rows.filter((cells) => cells.length > 0).length - 1);
}

/** The number that a new row gets, where the table numbers its rows. */
export function nextNumber({ groups }: AuditTable): number | undefined {
  const rows = groups.flatMap(({ group }) => group.rows);
  const numbering = rows.at(-1)?.find(isNumbering);
  if (numbering === undefined) return undefined;
  const last = Number.parseInt(numbering.lines[0] ?? '', 10);
  return Number.isNaN(last) ? rows.length : last + 1;
}

/** The class of the table's cells that older pages carry on every one of them. */
export function legacyCellClass({ rows }: AuditTable): string | undefined {
  const classes = new Set(rows.at(-1)?.flatMap(({ cell }) => cell.classes));
  return classes.has('confluenceTd') || classes.has('confluenceTh') ? 'confluenceTd' : undefined;
}
