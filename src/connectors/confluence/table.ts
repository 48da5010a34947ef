import { SaxesParser } from 'saxes';
import { readable } from '../../domain/text.ts';
import { namedEntities } from './entities.ts';
import { unsuitable } from './failure.ts';

/** One cell as it stands on a page. */
export interface TableCell {
  readonly tag: 'td' | 'th';
  readonly classes: readonly string[];
  readonly colspan: number;
  /** 0 stands for the rest of the group, as in HTML. */
  readonly rowspan: number;
  /** What a reader sees, by paragraphs and line breaks; empty ones left out. */
  readonly lines: readonly string[];
}

/** The rows of one `thead`, `tbody` or `tfoot`, or a run of rows that stand in the table itself (`bare`). */
export interface RowGroup {
  readonly kind: 'thead' | 'tbody' | 'tfoot' | 'bare';
  readonly rows: readonly (readonly TableCell[])[];
  /** Where its closing tag begins; undefined for `bare` and for `<tbody />`. */
  readonly closeAt: number | undefined;
  /** Where it ends. */
  readonly end: number;
}

/** One table of a page, with offsets into the page's body in UTF-16 units. */
export interface Table {
  readonly groups: readonly RowGroup[];
  /** The macros that it stands in, the outermost first. */
  readonly macros: readonly string[];
  /** True where it stands in a cell of another table. */
  readonly nested: boolean;
}

interface OpenCell extends Omit<TableCell, 'lines'> {
  lines: string[];
  text: string;
}

interface OpenGroup {
  kind: RowGroup['kind'];
  rows: OpenCell[][];
  closeAt: number | undefined;
  end: number;
}

interface OpenTable {
  groups: OpenGroup[];
  macros: string[];
  nested: boolean;
}

interface Element {
  readonly name: string;
  /** The table, group or row that this element is. */
  readonly table?: OpenTable;
  /** The name of the macro that this element is. */
  readonly macro?: string;
  readonly group?: OpenGroup;
  readonly row?: OpenCell[];
  readonly cell?: OpenCell;
  /** Holds no text of the page, and no table of it either. */
  readonly hidden: boolean;
}

// Text goes on over these without a break; everything else ends a line.
const inline = new Set(
  (
    'a abbr acronym b big cite code del em font i ins kbd label mark q s samp small span strike strong sub sup tt u var ' +
    'ac:inline-comment-marker ac:link ac:link-body ac:plain-text-link-body ac:emoticon ri:page ri:user ri:attachment'
  ).split(' '),
);

/**
 * Finds all tables of a page body. A body that is not well-formed is `unsuitable`: it is a person's page, and never
 * repaired. Names are compared with case, and prefixes need no declaration, as storage format has it.
 */
export function readTables(body: string): Table[] {
  const parser = new SaxesParser({ fragment: true, xmlns: false });
  Object.assign(parser.ENTITIES, namedEntities);
  const tables: OpenTable[] = [];
  const elements: Element[] = [];
  const cells: OpenCell[] = [];

  const malformed = (): never => {
    throw unsuitable(`The page's markup is not well-formed at row ${parser.line}, column ${parser.column}`);
  };
  const breakLine = (): void => {
    for (const cell of cells) endLine(cell);
  };
  const write = (text: string): void => {
    if (elements.at(-1)?.hidden !== true) for (const cell of cells) cell.text += text;
  };

  parser.on('error', malformed);
  parser.on('text', write);
  parser.on('cdata', write);
  parser.on('opentag', ({ name, attributes }) => {
    if (!inline.has(name)) breakLine();
    const element = openElement(name, attributes, elements);
    elements.push(element);
    if (element.hidden) return;
    if (element.table !== undefined) tables.push(element.table);
    if (element.cell !== undefined) cells.push(element.cell);
  });
  parser.on('closetag', ({ isSelfClosing }) => {
    const element = elements.pop()!;
    if (!inline.has(element.name)) breakLine();
    if (element.cell !== undefined && element.cell === cells.at(-1)) cells.pop();
    const end = parser.position;
    if (element.group !== undefined) {
      element.group.end = end;
      if (element.name !== 'tr' && !isSelfClosing) element.group.closeAt = body.lastIndexOf('<', end - 1);
    }
  });
  parser.write(body).close();
  return tables;
}

function openElement(
  name: string,
  attributes: Readonly<Record<string, string>>,
  elements: readonly Element[],
): Element {
  const parent = elements.at(-1);
  const hidden = parent?.hidden === true || hides(name, attributes, elements);
  if (name === 'table') {
    const macros = elements.flatMap(({ macro }) => macro ?? []);
    return { name, hidden, table: { groups: [], macros, nested: elements.some(({ cell }) => cell !== undefined) } };
  }
  if (name === 'ac:structured-macro') return { name, hidden, macro: attributes['ac:name'] ?? '' };
  if ((name === 'thead' || name === 'tbody' || name === 'tfoot') && parent?.table !== undefined) {
    return { name, hidden, group: openGroup(name, parent.table) };
  }
  if (name === 'tr' && parent?.table !== undefined) {
    const last = parent.table.groups.at(-1);
    const group = last?.kind === 'bare' ? last : openGroup('bare', parent.table);
    return { name, hidden, group, row: openRow(group) };
  }
  if (name === 'tr' && parent?.group !== undefined && parent.row === undefined) {
    return { name, hidden, row: openRow(parent.group) };
  }
  if ((name === 'td' || name === 'th') && parent?.row !== undefined) {
    const cell = openCell(name, attributes);
    parent.row.push(cell);
    return { name, hidden, cell };
  }
  return { name, hidden };
}

function openGroup(kind: RowGroup['kind'], table: OpenTable): OpenGroup {
  const group: OpenGroup = { kind, rows: [], closeAt: undefined, end: 0 };
  table.groups.push(group);
  return group;
}

function openRow(group: OpenGroup): OpenCell[] {
  const row: OpenCell[] = [];
  group.rows.push(row);
  return row;
}

function openCell(tag: 'td' | 'th', attributes: Readonly<Record<string, string>>): OpenCell {
  return {
    tag,
    classes: (attributes['class'] ?? '').split(/\s+/),
    colspan: Math.max(1, readSpan(attributes['colspan'])),
    rowspan: readSpan(attributes['rowspan']),
    lines: [],
    text: '',
  };
}

// HTML's own limit for colspan; nobody's audit table comes near it.
const widestSpan = 1000;

function readSpan(value: string | undefined): number {
  return value !== undefined && /^\s*\d{1,9}\s*$/.test(value) ? Math.min(Number(value), widestSpan) : 1;
}

/** A macro's parameters are not shown, except its title; an ADF fallback is a copy of what stands before it. */
function hides(name: string, attributes: Readonly<Record<string, string>>, elements: readonly Element[]): boolean {
  if (name === 'ac:adf-fallback') return true;
  if (name !== 'ac:parameter') return false;
  return !(attributes['ac:name'] === 'title' && elements.at(-1)?.name === 'ac:structured-macro');
}

function endLine(cell: OpenCell): void {
  const line = plainLine(cell.text);
  if (line !== '') cell.lines.push(line);
  cell.text = '';
}

/** Text as it is compared: one line, single spaces, nothing invisible. */
export function plainLine(text: string): string {
  return readable(text, Number.MAX_SAFE_INTEGER).replaceAll(/\s+/g, ' ').trim();
}
