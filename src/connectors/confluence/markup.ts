import type { Cell, Row } from '../../domain/row.ts';
import { readable, type Inline } from '../../domain/text.ts';

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Foreign text as storage format may hold it: `]]>` is harmless as well, since every `>` is escaped. */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => references[character]!);
}

/** One line of foreign text without what XML 1.0 cannot represent, not even as a reference. */
export function storable(text: string): string {
  // Two noncharacters that are fine in a string and no Char of XML 1.0 (section 2.2).
  return readable(text.toWellFormed().replaceAll(/[\ufffe\uffff]/g, ''));
}

/** Lines of a cell, each its own paragraph. */
export function linesToStorage(lines: readonly (readonly Inline[])[]): string {
  const paragraphs = lines.map(lineToStorage).filter((line) => line !== '');
  return paragraphs.length === 0 ? '<p />' : paragraphs.map((line) => `<p>${line}</p>`).join('');
}

/** Pieces of one line; a space at the joint of two pieces is kept. */
export function lineToStorage(line: readonly Inline[]): string {
  return line
    .map((piece, index) => {
      const text = storable(piece.text);
      const before = index > 0 && /^\s/.test(piece.text) ? ' ' : '';
      const after = text !== '' && index < line.length - 1 && /\s$/.test(piece.text) ? ' ' : '';
      return before + (text === '' ? '' : pieceToStorage(piece, escapeText(text))) + after;
    })
    .join('');
}

function pieceToStorage(piece: Inline, text: string): string {
  switch (piece.kind) {
    case 'text':
      return piece.strong === true ? `<strong>${text}</strong>` : text;
    case 'code':
      return `<code>${text}</code>`;
    case 'link':
      return linkToStorage(piece.url, text);
    case 'status':
      return (
        '<ac:structured-macro ac:name="status">' +
        `<ac:parameter ac:name="title">${text}</ac:parameter>` +
        `<ac:parameter ac:name="colour">${colours[piece.colour]}</ac:parameter></ac:structured-macro>`
      );
  }
}

/** An anchor: a name that stands in a page and is not shown. */
export function anchorOf(name: string): string {
  const parameter = `<ac:parameter ac:name="">${escapeText(name)}</ac:parameter>`;
  return `<ac:structured-macro ac:name="anchor">${parameter}</ac:structured-macro>`;
}

function linkToStorage(url: string, text: string): string {
  const address = webAddress(url);
  return address === undefined ? text : `<a href="${escapeText(address)}">${text}</a>`;
}

const colours = { green: 'Green', amber: 'Yellow', red: 'Red', grey: 'Grey' } as const;

/** An address that may become a link: http and https only, in its normal form. */
export function webAddress(url: string): string | undefined {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:' ? parsed.href : undefined;
}

export interface RowLayout {
  /** Column of each heading of ours that the table has. */
  readonly columns: ReadonlyMap<string, number>;
  readonly width: number;
  readonly mergeRequestColumn: number;
  /** Class of every cell, where the table's other cells have one. */
  readonly cellClass?: string | undefined;
}

/**
 * A row with every cell under its heading. People's own columns get an empty cell; where the table has no column for
 * the record, its id becomes a small last paragraph of the merge request's cell.
 */
export function rowToStorage(row: Row, layout: RowLayout, number?: number): string {
  const contents: string[] = Array.from({ length: layout.width }, () => '<p />');
  for (const cell of row.cells) {
    const column = layout.columns.get(cell.heading);
    if (column === undefined) continue;
    contents[column] = linesToStorage(cell.lines);
  }
  if (!layout.columns.has(recordCellOf(row)?.heading ?? ''))
    contents[layout.mergeRequestColumn] += `<p><sub>${escapeText(row.recordId)}</sub></p>`;

  const open = layout.cellClass === undefined ? '<td>' : `<td class="${layout.cellClass}">`;
  const numbering = number === undefined ? '' : `<td class="numberingColumn">${number}</td>`;
  return `<tr>${numbering}${contents.map((content) => `${open}${content}</td>`).join('')}</tr>`;
}

/**
 * The cell whose first line is the record id and nothing else. It is the last such cell: a title or a label that happens
 * to be the id does not count.
 */
export function recordCellOf({ cells, recordId }: Row): Cell | undefined {
  return cells.findLast(({ lines: [line] }) => line?.length === 1 && line[0]!.text === recordId);
}
