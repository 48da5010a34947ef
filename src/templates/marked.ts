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

const longestLine = 1000;

/** Rendered text as lines of pieces that a connector escapes. Empty lines are left out. */
export function linesOf(rendered: string): Inline[][] {
  return rendered
    .split(/\r?\n/)
    .map((line) => piecesOf(line.trim()))
    .filter((line) => line.some(({ text }) => text.trim() !== ''));
}

function piecesOf(line: string): Inline[] {
  const pieces: Inline[] = [];
  let at = 0;
  for (const found of line.matchAll(marks)) {
    pieces.push(...plain(line.slice(at, found.index)), ...marked(found));
    at = found.index + found[0].length;
  }
  return fitted([...pieces, ...plain(line.slice(at))]);
}

function plain(raw: string): Inline[] {
  const text = spaced(raw);
  return text === '' ? [] : [{ kind: 'text', text }];
}

function marked([, mark = '', url = '', raw = '']: RegExpExecArray): Inline[] {
  const text = readable(raw, longestLine);
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
