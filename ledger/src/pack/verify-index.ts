import { decodeText } from '../encoding.ts';
import { type Findings } from './findings.ts';
import { indexHeader, indexLine, type IndexRow } from './index-csv.ts';
import { packFiles } from './paths.ts';

/** Holds `index.csv` against the changes, one by one in any order. */
export interface IndexCheck {
  check(row: IndexRow): void;
  /** That it had no other lines; `complete` where every change was checked. */
  finish(complete: boolean): void;
}

/**
 * Compares the lines of the index with those that come of the changes. Its lines stand in the order of the records'
 * entries, so each is found without keeping the others apart.
 */
export function createIndexCheck(findings: Findings, bytes: Uint8Array): IndexCheck {
  const found = (message: string): void => findings.add({ file: packFiles.index, code: 'other_content', message });
  const text = findings.check(packFiles.index, () => decodeText(bytes)) ?? '';
  const begins: number[] = [];
  const entries: number[] = [];
  let inOrder = text.startsWith(indexHeader);
  for (let begin = indexHeader.length; inOrder && begin < text.length;) {
    const end = endOfLine(text, begin);
    const entry = entryOf(text.slice(begin, end));
    inOrder = entry > (entries.at(-1) ?? -1);
    begins.push(begin);
    entries.push(entry);
    begin = end;
  }
  begins.push(text.length);
  if (!inOrder) found('The index has another header, or lines out of order');
  const seen = new Uint8Array(entries.length);

  return {
    check(row) {
      if (!inOrder) return;
      const at = positionOf(entries, row.recordEntry);
      if (at < 0) return found(`The index lacks ${row.recordId}`);
      seen[at] = 1;
      if (text.slice(begins[at], begins[at + 1]) !== indexLine(row)) found(`The line of ${row.recordId} is another`);
    },
    finish(complete) {
      const at = complete && inOrder ? seen.indexOf(0) : -1;
      if (at >= 0) found(`The index has a line of which the pack has no change: entry ${entries[at]}`);
    },
  };
}

/** Behind the line break of a line; one within quotes is part of a cell (RFC 4180 §2). */
function endOfLine(text: string, begin: number): number {
  let quoted = false;
  for (let at = begin; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') quoted = !quoted;
    else if (letter === '\n' && !quoted) return at + 1;
  }
  return text.length;
}

// The three last cells are never quoted: two entries and a digest.
function entryOf(line: string): number {
  return Number(/,(\d{1,15}),\d{1,15},[0-9a-f]{64}\r\n$/.exec(line)?.[1] ?? -1);
}

function positionOf(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value ? low : -1;
}
