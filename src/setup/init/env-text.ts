import { parseEnv } from 'node:util';
import { withoutMark } from '../../config/dotenv.ts';
import type { Draft } from './draft.ts';

/** The text of `.env` with the answers in it: other lines stay as they are. */
export function envText(before: string | null, draft: Pick<Draft, 'variables'>): string {
  const variables = new Map(Object.entries(draft.variables));
  const written = new Set<string>();
  const kept = entriesOf(withoutMark(before ?? '')).flatMap(({ name, text }) => {
    const plain = name.replace(/_FILE$/, '');
    const value = variables.get(plain);
    if (value === undefined) return [text];
    // Of a name that stands twice the last one counts: none but the answer may be left.
    if (value === null || name !== plain || written.has(plain)) return [];
    written.add(plain);
    return [`${plain}=${quoted(value)}`];
  });
  const added = [...variables].flatMap(([name, value]) =>
    value === null || written.has(name) ? [] : [`${name}=${quoted(value)}`],
  );
  return [...kept, ...added, ''].join('\n');
}

interface Entry {
  /** Empty for a line that sets nothing. */
  readonly name: string;
  readonly text: string;
}

// A value in quotes may go on over several lines, and what looks like a variable there is none.
function entriesOf(text: string): Entry[] {
  const lines = text.split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  const entries: Entry[] = [];
  for (let at = 0; at < lines.length;) {
    const [, name = '', quote] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(["'`]?)/.exec(lines[at] ?? '') ?? [];
    const count = quote === undefined || quote === '' ? 1 : linesOfValue(lines.slice(at), quote);
    entries.push({ name, text: lines.slice(at, at + count).join('\n') });
    at += count;
  }
  return entries;
}

// Where no quote ends it, a value is what stands on its line.
function linesOfValue(lines: readonly string[], quote: string): number {
  const [first = '', ...others] = lines;
  if (first.split(quote).length > 2) return 1;
  const last = others.findIndex((line) => line.includes(quote));
  return last === -1 ? 1 : last + 2;
}

function quoted(value: string): string {
  if (/^[\w./:+=@~-]+$/.test(value)) return value;
  // Within double quotes \n is a line break: not every quote that fits gives back what it was given.
  const quote = ["'", '"', '`'].find(
    (one) => !value.includes(one) && parseEnv(`A=${one}${value}${one}`)['A'] === value,
  );
  if (quote === undefined) {
    throw new Error('A secret holds characters that .env cannot hold; put it into a file and name it as NAME_FILE');
  }
  return `${quote}${value}${quote}`;
}
