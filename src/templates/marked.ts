import { readable, type Inline } from '../domain/text.ts';

type Mark = 'link' | 'code' | 'strong';

// Marks are carried through rendered text between control characters, which no value holds: values are made readable
// before they are rendered. Whatever is left of a mark that a template cut to pieces is dropped with them.
const open = '\u0001';
const middle = '\u0002';
const close = '\u0003';
const marks = /\u0001(link|code|strong)\u0002([^\u0001-\u0003]*)\u0002([^\u0001-\u0003]*)\u0003/g;
const leftovers = /[\u0001-\u0003]/g;

/** Text that a filter marked. Other filters see it as plain text. */
export class Marked {
  readonly mark: Mark;
  readonly text: string;
  readonly url: string;

  constructor(mark: Mark, text: string, url = '') {
    this.mark = mark;
    this.text = text;
    this.url = url;
  }

  toString(): string {
    return this.text;
  }
}

/** A marked text within rendered text. */
export function encode({ mark, text, url }: Marked): string {
  return `${open}${mark}${middle}${url}${middle}${text}${close}`;
}

/** Rendered text without its marks. */
export function plainOf(rendered: string): string {
  return rendered.replaceAll(marks, '$3').replaceAll(leftovers, '');
}

/** What is shown as a whole or not at all. */
export type Whole = 'head' | 'summary';

/**
 * What stands for it while a template is rendered: one character, so that no filter takes it to pieces, and no template
 * shows a machine's words without the mark that says so.
 */
export const placeholders: Readonly<Record<Whole, string>> = { head: '\u0004', summary: '\u0005' };

/** The texts of what is shown as a whole. */
export type Wholes = Readonly<Partial<Record<Whole, string>>>;

const standIns = /[\u0004\u0005]/g;

function filledIn(raw: string, wholes: Wholes): string {
  return raw.replaceAll(standIns, (found) => (found === placeholders.head ? wholes.head : wholes.summary) ?? '');
}

const longestLine = 1000;
// A connector may write a character as five, and cuts a line at three thousand.
const surelyShown = 550;

/** What a line shows to its end, wherever it is shown: what was rendered in it, and is not cut. */
export function shownIn(line: string, pieces: readonly Inline[], wholes: Wholes): Whole[] {
  let length = 0;
  const near = pieces.filter((piece) => (length += lengthOf(piece)) <= surelyShown).map(({ text }) => text);
  return (['head', 'summary'] as const).filter((whole) => {
    const text = readable(wholes[whole] ?? '').replaceAll(/ {2,}/g, ' ');
    return line.includes(placeholders[whole]) && near.some((one) => one.replaceAll(/ {2,}/g, ' ').includes(text));
  });
}

/** How much room a piece takes, its address and its marks included. */
export function lengthOf(piece: Inline): number {
  return piece.text.length + 2 + (piece.kind === 'link' ? piece.url.length : 0);
}

/** A line, and what of that which is shown as a whole stands in it. */
export interface RenderedLine {
  readonly pieces: Inline[];
  readonly shows: readonly Whole[];
}

/** Rendered text as lines of pieces that a connector escapes. Empty lines are left out. */
export function linesOf(rendered: string, wholes: Wholes = {}): Inline[][] {
  return renderedLines(rendered, wholes).map(({ pieces }) => pieces);
}

/** The same, with what each line shows. */
export function renderedLines(rendered: string, wholes: Wholes): RenderedLine[] {
  return rendered
    .split(/\r?\n/)
    .map((line) => {
      const pieces = piecesOf(line.trim(), wholes);
      return { pieces, shows: shownIn(line, pieces, wholes) };
    })
    .filter(({ pieces }) => pieces.some(({ text }) => text.trim() !== ''));
}

function piecesOf(line: string, wholes: Wholes): Inline[] {
  const pieces: Inline[] = [];
  let at = 0;
  for (const found of line.matchAll(marks)) {
    pieces.push(...plain(filledIn(line.slice(at, found.index), wholes)), ...marked(found, wholes));
    at = found.index + found[0].length;
  }
  return fitted([...pieces, ...plain(filledIn(line.slice(at), wholes))]);
}

function plain(raw: string): Inline[] {
  const text = spaced(raw);
  return text === '' ? [] : [{ kind: 'text', text }];
}

function marked([, mark = '', url = '', raw = '']: RegExpExecArray, wholes: Wholes): Inline[] {
  const text = readable(filledIn(raw, wholes), longestLine);
  if (text === '') return [];
  if (mark === 'link') return [{ kind: 'link', text, url }];
  return [mark === 'code' ? { kind: 'code', text } : { kind: 'text', text, strong: true }];
}

// Pieces stand side by side: a space at either end stays, and spaces that a template's layout left are one.
function spaced(raw: string): string {
  const text = readable(raw, raw.length).replaceAll(/ {2,}/g, ' ');
  if (text === '') return /\s/.test(raw) ? ' ' : '';
  return `${/^\s/.test(raw) ? ' ' : ''}${text}${/\s$/.test(raw) ? ' ' : ''}`;
}

function fitted(pieces: readonly Inline[]): Inline[] {
  let room = longestLine;
  return pieces.flatMap((piece) => {
    if (room <= 0) return [];
    const { text } = piece;
    room -= text.length;
    return [room >= 0 ? piece : { ...piece, text: readable(text, Math.max(1, text.length + room)) }];
  });
}
