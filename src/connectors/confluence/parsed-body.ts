import { placeMore } from './grid.ts';
import type { Insertion } from './splice.ts';
import { readTables, type RowGroup, type Table } from './table.ts';

/** A page's body, and the tables in it. Reading a body is what an append costs most: each is read once. */
export interface ParsedBody {
  readonly body: string;
  readonly tables: readonly Table[];
}

/** Reads a whole body. */
export function parseBody(body: string): ParsedBody {
  return { body, tables: readTables(body) };
}

/**
 * A body that is another one with something put into it: only that is read, where it is whole rows of a table. Whatever
 * else it is, all of the body is read.
 */
export function parseAfter(before: ParsedBody, insertion: Insertion | undefined, body: string): ParsedBody {
  return body === before.body ? before : (readInserted(before, insertion, body) ?? parseBody(body));
}

function readInserted(before: ParsedBody, insertion: Insertion | undefined, body: string): ParsedBody | undefined {
  // What goes around the rows makes a group of its own.
  if (insertion === undefined || insertion.before !== '' || insertion.after !== '') return undefined;
  const { at } = insertion;
  const length = body.length - before.body.length;
  if (length <= 0 || !startsAlike(body, before.body, at) || body.slice(at + length) !== before.body.slice(at))
    return undefined;
  const group = before.tables
    .filter(({ nested }) => !nested)
    .flatMap(({ groups }) => groups)
    .find(({ kind, closeAt }) => kind === 'tbody' && closeAt === at);
  if (group === undefined) return undefined;
  const rows = readRowsOnly(body.slice(at, at + length));
  if (rows === undefined) return undefined;
  const moved = (one: RowGroup): RowGroup => {
    if (one.end <= at) return one;
    const closeAt = one.closeAt === undefined || one.closeAt < at ? one.closeAt : one.closeAt + length;
    const after = { ...one, closeAt, end: one.end + length };
    return one === group ? withMore(one, { ...after, rows: [...one.rows, ...rows] }) : after;
  };
  return { body, tables: before.tables.map((table) => ({ ...table, groups: table.groups.map(moved) })) };
}

function withMore(before: RowGroup, after: RowGroup): RowGroup {
  placeMore(before, after);
  return after;
}

function startsAlike(body: string, before: string, length: number): boolean {
  return body.slice(0, length) === before.slice(0, length);
}

// Rows that close no more than they open, and hold no table of their own: around them nothing reads differently.
function readRowsOnly(markup: string): RowGroup['rows'] | undefined {
  const tables = readTables(`<table><tbody>${markup}</tbody></table>`);
  const groups = tables.length === 1 ? tables[0]!.groups : [];
  return groups.length === 1 ? groups[0]!.rows : undefined;
}
