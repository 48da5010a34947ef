import { stripVTControlCharacters } from 'node:util';

const narrowest = 40;

/** Lines for a terminal of a width, broken between words; what follows the first is indented. Whole where it is no terminal. */
export function wrap(text: string, indent = 4, columns = process.stdout.columns as number | undefined): string[] {
  if (columns === undefined || columns < narrowest) return [text];
  const lines: string[] = [];
  const words = text.trimStart();
  let line = ' '.repeat(text.length - words.length);
  for (const word of words.split(' ')) {
    const longer = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (lengthOf(longer) <= columns || line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = `${' '.repeat(indent)}${word}`;
    }
  }
  return [...lines, line];
}

// Colours take no room.
function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
