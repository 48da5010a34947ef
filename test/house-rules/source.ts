/** One source file, taken apart as far as the rules need. */
export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text without comments, and without what stands in strings, templates and regular expressions. */
  readonly code: string;
  /** What it imports or hands on, as written. */
  readonly specifiers: readonly string[];
}

/** Takes a file apart. TypeScript has no parser to offer here, so this reads just enough to tell code from text. */
export function takeApart(path: string, text: string): Source {
  const pieces = split(text);
  const code = pieces.map(({ kind, text }) => (kind === 'code' ? text : blank(text))).join('');
  // Specifiers stand in strings, so these stay; comments, templates and regular expressions do not.
  const withStrings = pieces
    .map(({ kind, text }) => (kind === 'code' || kind === 'string' ? text : blank(text)))
    .join('');
  return { path, text, code, specifiers: specifiersOf(withStrings) };
}

const importForms = [
  /\b(?:import|export)\b[^'";]*?\bfrom\s*(['"])([^'"\n]+)\1/g,
  /\bimport\s*(['"])([^'"\n]+)\1/g,
  /\bimport\s*\(\s*(['"])([^'"\n]+)\1/g,
  /\brequire(?:\.resolve)?\s*\(\s*(['"])([^'"\n]+)\1/g,
];

function specifiersOf(code: string): string[] {
  return importForms.flatMap((form) => [...code.matchAll(form)].map((match) => match[2] ?? ''));
}

interface Piece {
  readonly kind: 'code' | 'comment' | 'string' | 'template' | 'expression';
  readonly text: string;
}

// What it is, how it may begin, and the whole of it.
const pieceForms: readonly (readonly [Piece['kind'], string, RegExp])[] = [
  ['comment', '/', /\/\/[^\n]*|\/\*[^]*?\*\//y],
  ['string', '\'"', /'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/y],
  ['expression', '/', /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y],
];

function split(text: string): Piece[] {
  const pieces: Piece[] = [];
  // Where a template was left for the code between `${` and `}`: the depth of braces at which it goes on.
  const templates: number[] = [];
  let depth = 0;
  let at = 0;
  const add = (kind: Piece['kind'], end: number) => {
    pieces.push({ kind, text: text.slice(at, end) });
    at = end;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    const form = pieceForms.find(([kind, opening, pattern]) => {
      pattern.lastIndex = at;
      return opening.includes(char) && (kind !== 'expression' || mayBeginExpression(pieces)) && pattern.test(text);
    });
    if (form !== undefined) add(form[0], form[2].lastIndex);
    else if (char === '`' || (char === '}' && templates.at(-1) === depth)) {
      if (char === '}') templates.pop();
      const end = endOfTemplateText(text, at + 1);
      if (text.startsWith('${', end - 2) && text[end - 1] === '{') templates.push(depth);
      add('template', end);
    } else {
      if (char === '{') depth++;
      if (char === '}') depth--;
      add('code', at + 1);
    }
  }
  return pieces;
}

// Just after the closing backtick, or after the `${` that interrupts the text.
function endOfTemplateText(text: string, from: number): number {
  const end = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{|$)/y;
  end.lastIndex = from;
  end.test(text);
  return Math.max(end.lastIndex, from);
}

// After a value a slash divides; after an operator, or at the start, it begins a regular expression.
function mayBeginExpression(pieces: readonly Piece[]): boolean {
  const before = pieces.slice(-40).map(lastOf).join('').trimEnd();
  return /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield|throw))$/.test(before);
}

// What counts of a piece for the slash after it: is it a value, or does one come now?
function lastOf({ kind, text }: Piece): string {
  if (kind === 'code') return text;
  if (kind === 'comment') return ' ';
  return text.endsWith('${') ? '{' : '"';
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}
