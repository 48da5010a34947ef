import type { Row } from '../../domain/row.ts';
import type { Inline } from '../../domain/text.ts';
import { countDataRows, findAuditTable, legacyCellClass, nextNumber, type AuditTable } from './audit-table.ts';
import { conflict, unsuitable } from './failure.ts';
import { linesToStorage, rowToStorage, type RowLayout } from './markup.ts';
import { parseAfter, parseBody, type ParsedBody } from './parsed-body.ts';
import { countRows, standsBesideHeadings, standsWithoutHeadings } from './recognise.ts';
import { insertAt, placeRows, type Insertion } from './splice.ts';
import { countFitting } from './room.ts';
import type { Table } from './table.ts';

export type Flavour = 'cloud' | 'data_center';

/** What an append would do to a body. */
export interface AppendPlan {
  /** The whole body with the missing rows in it; as it was where none is missing. */
  readonly body: string;
  readonly written: readonly string[];
  readonly alreadyThere: readonly string[];
  /** Rows that are missing and for which there is no room. */
  readonly left: readonly string[];
  /** Headings of the rows that the page's table has no column for: what belongs under them is left out. */
  readonly withoutColumn: readonly string[];
  /** Where the rows go, in a table that is there. */
  readonly insertion: Insertion | undefined;
}

export interface AppendOptions {
  /** Paragraphs above a table that is made. */
  readonly introduction?: readonly (readonly Inline[])[] | undefined;
  /** Bytes that the body may come to have; one row is written to a table without rows, however long. */
  readonly mostBytes?: number | undefined;
}

/**
 * Leaves out the rows that a page has, and puts the others at the end of its audit table, or into a new one below the
 * introduction: as many as there is room for.
 */
export function planAppend(
  page: string | ParsedBody,
  rows: readonly Row[],
  flavour: Flavour,
  { introduction = [], mostBytes }: AppendOptions = {},
): AppendPlan {
  const before = typeof page === 'string' ? parseBody(page) : page;
  const { body, tables } = before;
  const wanted = new Map(rows.map((row) => [row.recordId, row]));
  const table = findAuditTable(tables, rows);
  const missing = table === undefined ? [...wanted.keys()] : absentFrom(table, wanted.values());
  const alreadyThere = [...wanted.keys()].filter((id) => !missing.includes(id));
  const withoutColumn = table === undefined ? [] : headingsOf(rows).filter((heading) => !table.columns.has(heading));
  const nothing = { body, written: [], alreadyThere, left: missing, withoutColumn, insertion: undefined };
  if (missing.length === 0) return nothing;

  const absent = missing.map((id) => wanted.get(id)!);
  requireNotLost(tables, table, absent);
  const paragraphs = introduction.length === 0 ? '' : linesToStorage(introduction);
  const insertion = table === undefined ? undefined : placeRows(table.groups);
  const markup =
    table === undefined ? absent.map((row) => rowToStorage(row, freshLayout(rows))) : rowsToStorage(table, absent);
  const write = (count: number): string =>
    insertion === undefined
      ? body + paragraphs + tableAround(rows, markup.slice(0, count), flavour)
      : insertAt(body, insertion, markup.slice(0, count).join(''));
  const room = mostBytes === undefined ? undefined : { bytes: mostBytes, atLeast: hasRows(table) ? 0 : 1 };
  const count = room === undefined ? absent.length : countFitting(markup, room, write);
  if (count === 0) return nothing;

  const written = absent.slice(0, count);
  const planned = write(count);
  checkPlan(parseAfter(before, insertion, planned), rows, written);
  return {
    body: planned,
    written: missing.slice(0, count),
    alreadyThere,
    left: missing.slice(count),
    withoutColumn,
    insertion,
  };
}

function hasRows(table: AuditTable | undefined): boolean {
  return table !== undefined && countDataRows(table) > 0;
}

// What stands on the page and lost its heading must not be answered with a second copy.
function requireNotLost(tables: readonly Table[], table: AuditTable | undefined, rows: readonly Row[]): void {
  const lost = rows.find((row) =>
    table === undefined ? standsWithoutHeadings(tables, row) : standsBesideHeadings(table, row),
  );
  if (lost === undefined) return;
  const where =
    table === undefined
      ? "in a table that no longer has the audit table's headings; restore them"
      : 'below a heading that is not that of the records; restore the heading Record';
  throw unsuitable(`Row ${lost.recordId} stands ${where}`);
}

function absentFrom(table: AuditTable, rows: Iterable<Row>): string[] {
  return [...countRows(table, rows)].filter(([, count]) => count === 0).map(([id]) => id);
}

function rowsToStorage(table: AuditTable, rows: readonly Row[]): string[] {
  const first = nextNumber(table);
  const layout = { ...table, cellClass: legacyCellClass(table) };
  return rows.map((row, index) => rowToStorage(row, layout, first === undefined ? undefined : first + index));
}

/** A table with the rows' own headings, for the end of a page. */
export function newTable(columnsOf: readonly Pick<Row, 'cells'>[], rows: readonly Row[], flavour: Flavour): string {
  const layout = freshLayout(columnsOf);
  return tableAround(
    columnsOf,
    rows.map((row) => rowToStorage(row, layout)),
    flavour,
  );
}

function freshLayout(columnsOf: readonly Pick<Row, 'cells'>[]): RowLayout {
  const headings = headingsOf(columnsOf);
  const columns = new Map(headings.map((heading, column) => [heading, column]));
  return { columns, width: headings.length, mergeRequestColumn: 0 };
}

// Wide, since bare tables are drawn 760 pixels wide.
function tableAround(columnsOf: readonly Pick<Row, 'cells'>[], rows: readonly string[], flavour: Flavour): string {
  const head = headingsOf(columnsOf)
    .map((text) => `<th>${linesToStorage([[{ kind: 'text', text, strong: true }]])}</th>`)
    .join('');
  const open =
    flavour === 'cloud' ? '<table data-table-width="1800" data-layout="full-width">' : '<table class="wrapped">';
  return `${open}<tbody><tr>${head}</tr>${rows.join('')}</tbody></table>`;
}

function headingsOf(rows: readonly Pick<Row, 'cells'>[]): string[] {
  return [...new Set(rows.flatMap(({ cells }) => cells.map(({ heading }) => heading)))];
}

/** Whatever the page looks like, a row that would not be recognised afterwards must not be written: it would repeat. */
function checkPlan({ tables }: ParsedBody, rows: readonly Row[], written: readonly Row[]): void {
  const table = findAuditTable(tables, rows);
  const counts = table === undefined ? undefined : countRows(table, written);
  const lost = written.find(({ recordId }) => counts?.get(recordId) !== 1);
  if (lost !== undefined) throw unsuitable(`Row ${lost.recordId} would not be recognised in this page's table`);
}

/**
 * Proves rows from a body that was read after the write; returns the ids that stand there more than once.
 *
 * A row that is absent is a `conflict`: somebody wrote over it, or the page was restored instead of written. A row that
 * is there and no longer recognised is `unsuitable`, since writing it again would double it.
 */
export function confirmRows(page: string | ParsedBody, rows: readonly Row[]): string[] {
  const { tables } = typeof page === 'string' ? parseBody(page) : page;
  const table = findAuditTable(tables, rows);
  const counts = table === undefined ? new Map<string, number>() : countRows(table, rows);
  for (const row of rows) {
    const { recordId } = row;
    if ((counts.get(recordId) ?? 0) > 0) continue;
    // In the audit table itself it is known which cell names the merge request: no other has to be taken for it.
    const others = tables.filter((other) => other !== table?.table);
    const stands = (table !== undefined && standsBesideHeadings(table, row)) || standsWithoutHeadings(others, row);
    if (stands) throw unsuitable(`Row ${recordId} was written and is not recognised`);
    throw conflict(`Row ${recordId} is not on the page after the update`);
  }
  return [...counts].filter(([, count]) => count > 1).map(([id]) => id);
}
