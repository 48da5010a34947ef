import { decodeReferences, isEntity } from './entities.ts';
import type { Node } from './tree.ts';

/** Why a body is not well-formed, in the words of the vendor's parser, and where. Rows and columns count from one. */
export interface MarkupProblem {
  readonly text: string;
  readonly row: number;
  readonly column: number;
}

export type Parsed =
  | { readonly ok: true; readonly nodes: readonly Node[] }
  | { readonly ok: false; readonly problem: MarkupProblem };

const deepest = 1000;
// Used without a declaration in storage format; any other prefix is unknown to the server.
const knownPrefixes = new Set(['ac', 'ri', 'xml', 'xmlns']);

const name = String.raw`[\p{L}_][\p{L}\p{N}\p{M}._·-]*`;
const qualified = `${name}(?::${name})?`;
const patterns = {
  text: /[^<]+/y,
  comment: /<!--(?:(?!--)[^])*-->/y,
  cdata: /<!\[CDATA\[[^]*?\]\]>/y,
  instruction: /<\?(?!xml[\s?])[^]*?\?>/y,
  close: new RegExp(`</(${qualified})\\s*>`, 'uy'),
  open: new RegExp(`<(${qualified})`, 'uy'),
  attribute: new RegExp(`\\s+(${qualified})\\s*=\\s*("[^"]*"|'[^']*')`, 'uy'),
  end: /\s*\/?>/y,
};

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly open: string;
  readonly children: Node[];
}

class Malformed extends Error {
  readonly at: number;

  constructor(text: string, at: number) {
    super(text);
    this.at = at;
  }
}

/**
 * Reads a body as strict XML 1.0 without a root, the way the server does: what a browser would repair is refused.
 * Written from the XML recommendation and independent of any parser a client may use.
 */
export function parseMarkup(body: string): Parsed {
  try {
    return { ok: true, nodes: read(body) };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, problem: { text: error.message, ...place(body, error.at) } };
    throw error;
  }
}

function read(body: string): readonly Node[] {
  // XML 1.0 §2.2: these cannot appear at all, not even as references. `\p{Cs}` is half a surrogate pair.
  const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.exec(body);
  if (illegal !== null) {
    throw new Malformed(`Illegal character ((CTRL-CHAR, code ${illegal[0].charCodeAt(0)}))`, illegal.index);
  }

  const top: Node[] = [];
  const stack: Open[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(body);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  const add = (node: Node): void => {
    (stack.at(-1)?.children ?? top).push(node);
  };

  while (at < body.length) {
    const start = at;
    const text = take(patterns.text);
    if (text !== null) {
      checkText(text[0], start);
      add({ kind: 'text', raw: text[0] });
      continue;
    }
    if (body.startsWith('</', at)) {
      const close = take(patterns.close);
      if (close === null) throw unexpected(body, at + 2, '(expected a name in a close tag)');
      const open = stack.pop();
      // The server wraps the body in an element of its own, `xml`, and its messages show it.
      if (open === undefined || open.name !== close[1]) {
        throw new Malformed(`Unexpected close tag </${close[1]}>; expected </${open?.name ?? 'xml'}>.`, start);
      }
      add({ kind: 'element', ...open, close: close[0] });
      continue;
    }
    const other = readOther(take);
    if (other !== undefined) {
      add(other);
      continue;
    }
    const open = take(patterns.open);
    if (open === null) throw unexpected(body, at + 1, '(expected a name start character)');
    const element = readTag(body, open[1] ?? '', start, take);
    if (element.open.endsWith('/>')) {
      add({ kind: 'element', ...element, close: '' });
    } else {
      stack.push(element);
      if (stack.length > deepest) throw new Malformed(`Maximum Element Depth limit (${deepest}) Exceeded`, start);
    }
  }
  const unclosed = stack.at(-1);
  if (unclosed !== undefined) throw new Malformed(`Unexpected close tag </xml>; expected </${unclosed.name}>.`, at);
  return top;
}

type Take = (pattern: RegExp) => RegExpExecArray | null;

function readOther(take: Take): Node | undefined {
  for (const kind of ['comment', 'cdata', 'instruction'] as const) {
    const found = take(patterns[kind]);
    if (found !== null) return { kind, raw: found[0] };
  }
  return undefined;
}

function readTag(body: string, tag: string, start: number, take: Take): Open {
  checkPrefix(tag, start);
  const attributes = new Map<string, string>();
  let at = start + 1 + tag.length;
  for (let found = take(patterns.attribute); found !== null; found = take(patterns.attribute)) {
    const [whole, key = '', quoted = ''] = found;
    const value = quoted.slice(1, -1);
    checkPrefix(key, at);
    if (attributes.has(key)) throw new Malformed(`Duplicate attribute '${key}'.`, at);
    if (value.includes('<')) throw new Malformed("Unexpected character '<' (code 60) in attribute value", at);
    checkReferences(value, at + whole.length - quoted.length + 1);
    attributes.set(key, decodeReferences(value));
    at += whole.length;
  }
  const end = take(patterns.end);
  if (end === null) throw unexpected(body, at, 'excepted space, or \'>\' or "/>"');
  return { name: tag, attributes, open: body.slice(start, at + end[0].length), children: [] };
}

function checkPrefix(qualifiedName: string, at: number): void {
  const [prefix = '', local] = qualifiedName.split(':');
  if (local !== undefined && !knownPrefixes.has(prefix)) {
    throw new Malformed(`Undeclared namespace prefix "${prefix}"`, at);
  }
}

function checkText(text: string, start: number): void {
  const end = text.indexOf(']]>');
  if (end !== -1) throw new Malformed("Unexpected ']]>' in character content", start + end);
  checkReferences(text, start);
}

function checkReferences(text: string, start: number): void {
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    const found = /^&(?:#x([0-9a-fA-F]+)|#(\d+)|([A-Za-z][A-Za-z0-9]*));/.exec(text.slice(at, at + 40));
    if (found === null) throw unexpected(text, at + 1, '(expected a name start character)', start);
    const [, hex, digits, entity] = found;
    if (entity !== undefined) {
      if (!isEntity(entity)) throw new Malformed(`Undeclared general entity "${entity}"`, start + at);
      continue;
    }
    const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
    if (!isCharacter(code)) {
      throw new Malformed(`Illegal character entity: expansion character (code 0x${code.toString(16)}`, start + at);
    }
  }
}

// XML 1.0 §2.2, production 2.
function isCharacter(code: number): boolean {
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}

function unexpected(text: string, at: number, hint: string, offset = 0): Malformed {
  const character = text.slice(at).match(/^./su)?.[0];
  if (character === undefined) return new Malformed('Unexpected end of input block', offset + at);
  return new Malformed(`Unexpected character '${character}' (code ${character.codePointAt(0)}) ${hint}`, offset + at);
}

function place(body: string, at: number): { row: number; column: number } {
  const before = body.slice(0, at).split(/\r\n|\r|\n/);
  return { row: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
