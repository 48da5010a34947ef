import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  Scalar,
  visit,
  type Document,
} from 'yaml';
import type { ConfigProblem } from './errors.ts';

/** A file far larger than any configuration is not one. */
const largestFile = 256 * 1024;

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlSource {
  /** What the file says, as plain values; undefined where it is not readable. */
  readonly value: unknown;
  /** False where the YAML is so broken that nothing can be said about its keys. */
  readonly readable: boolean;
  readonly problems: readonly ConfigProblem[];
  /** Where a value stands, or the nearest thing around it that is there. */
  placeOfValue(path: readonly PropertyKey[]): Place;
  /** Where a key stands, or the nearest thing around it that is there. */
  placeOfKey(path: readonly PropertyKey[]): Place;
}

/** Reads YAML so that every value can be found again in the file. Errors never quote the file: it may hold a secret. */
export function readYaml(file: string, text: string): YamlSource {
  if (text.length > largestFile) return unreadable(file, `is longer than ${largestFile} characters`);
  try {
    return readDocument(file, text);
  } catch {
    // Nested beyond the stack, or aliases of aliases that would fill the memory.
    return unreadable(file, 'is nested too deep, or repeats itself without end');
  }
}

function readDocument(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = (offset: number) => placeAt(lines, offset);
  const faults = [
    ...[...document.errors, ...document.warnings].map((fault) => ({ offset: fault.pos[0], ...explain(fault) })),
    ...looseAliases(document).map((offset) => ({ offset, ...looseAlias })),
  ];
  const readable = document.errors.every(({ code }) => harmless.has(code));
  return {
    value: readable ? document.toJS({ maxAliasCount: 100 }) : undefined,
    readable,
    problems: faults.map(({ offset, message, hint }) => ({ file, ...at(offset), path: '', message, hint })),
    placeOfValue: (path) => at(offsetOf(document, path, 'value')),
    placeOfKey: (path) => at(offsetOf(document, path, 'key')),
  };
}

function unreadable(file: string, what: string): YamlSource {
  const start = { line: 1, column: 1 };
  const problem = { file, ...start, path: '', message: `the file ${what}`, hint: 'Is it the right one?' };
  return { value: undefined, readable: false, problems: [problem], placeOfValue: () => start, placeOfKey: () => start };
}

// The rest of the file means the same with and without these.
const harmless = new Set<string>(['DUPLICATE_KEY', 'BAD_ALIAS']);

const messages: Record<string, string> = {
  DUPLICATE_KEY: 'this key stands here twice',
  TAB_AS_INDENT: 'a tab stands where only spaces may indent',
  TAG_RESOLVE_FAILED: 'this tag means nothing here',
  MULTIPLE_DOCS: 'the file holds more than one document',
  BAD_DIRECTIVE: 'this directive means nothing here',
  BAD_DQ_ESCAPE: 'this escape is none that YAML knows',
  BAD_COLLECTION_TYPE: 'this tag belongs to another kind of value',
};

const quoteStar = 'Text that begins with * needs quotes, as in "*"';
const quoteColon = 'Text that ends with : or holds one before a space needs quotes, as in "Emergency:"';
const hints: Record<string, string> = {
  DUPLICATE_KEY: 'Keep one of the two',
  TAB_AS_INDENT: 'Indent with spaces',
  TAG_RESOLVE_FAILED: 'Leave the tag out, or put quotes around text that begins with !',
  MULTIPLE_DOCS: 'Leave out the line ---',
  BAD_ALIAS: quoteStar,
  BLOCK_AS_IMPLICIT_KEY: quoteColon,
  BLOCK_IN_FLOW: quoteColon,
  BAD_DIRECTIVE: 'Put quotes around text that begins with %',
  BAD_DQ_ESCAPE: 'Use single quotes, or double each backslash',
  BAD_SCALAR_START: 'Text that begins with a character such as @ or ` needs quotes',
};
const looseAlias = { message: 'this refers to an anchor that is not there', hint: quoteStar };

// An unquoted `*name` is an alias for YAML. It is taken as the text it was meant to be, so that the rest can be checked.
function looseAliases(document: Document): number[] {
  const found: number[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      // One without a name was reported by the parser already.
      if (alias.source !== '') found.push(alias.range?.[0] ?? 0);
      const text = new Scalar(`*${alias.source}`);
      text.range = alias.range ?? null;
      return text;
    },
  });
  return found;
}

function offsetOf(document: Document, path: readonly PropertyKey[], wanted: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [depth, segment] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isSeq(node)) {
      node = node.items[Number(segment)];
      offset = startOf(node) ?? offset;
    } else if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
      if (pair === undefined) return offset;
      node = pair.value;
      const last = depth === path.length - 1;
      offset = startOf(last && wanted === 'value' && node !== null ? node : pair.key) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

// Some messages of the parser end with what they found, which may be a secret.
function explain({ code, message }: { code: string; message: string }): { message: string; hint: string } {
  const own = message.replace(/(?<=extra characters): [^]*|: ["!][^]*|\.$/, '');
  return {
    message: messages[code] ?? own.charAt(0).toLowerCase() + own.slice(1),
    hint: hints[code] ?? 'Correct it here',
  };
}
