import { parseEnv } from 'node:util';
import { isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { Draft } from './draft.ts';
import { template } from './template.ts';

/** The text of `countersign.yaml` with the answers in it. What somebody wrote besides, comments included, stays. */
export function configText(before: string | null, draft: Draft, schemaAddress: string): string {
  const document = parseDocument(before ?? template);
  for (const [section, keys] of Object.entries(draft.sections)) {
    for (const [key, value] of Object.entries(keys)) put(document, [section, key], value);
  }
  for (const key of draft.dropped) {
    const path = key.split('.');
    if (document.hasIn(path)) document.deleteIn(path);
  }
  const text = document.toString({ lineWidth: 120, singleQuote: true, flowCollectionPadding: false });
  return text.includes('yaml-language-server') ? text : `# yaml-language-server: $schema=${schemaAddress}\n${text}`;
}

function put(document: Document, path: readonly [string, string], value: unknown): void {
  const old = document.getIn(path, true);
  if (isScalar(old) && (value === null || typeof value !== 'object')) {
    // The comment beside it stays.
    old.value = value;
    delete old.source;
    return;
  }
  const node = document.createNode(value, { flow: isShort(value) });
  if (isSeq(old) && old.comment != null) node.comment = old.comment;
  // One whose keys are all commented out is nothing yet.
  if (!isMap(document.get(path[0], true))) document.set(path[0], document.createNode({}));
  document.setIn(path, node);
}

function isShort(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** The text of `.env` with the answers in it: other lines stay as they are. */
export function envText(before: string | null, draft: Draft): string {
  const lines = (before ?? '').split('\n');
  while (lines.at(-1) === '') lines.pop();
  const open = new Map(Object.entries(draft.variables));
  const kept = lines.flatMap((line) => {
    const name = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/.exec(line)?.[1] ?? '';
    const plain = name.replace(/_FILE$/, '');
    const value = open.get(plain);
    if (value === undefined) return [line];
    if (name !== plain) return [];
    open.delete(plain);
    return value === null ? [] : [`${plain}=${quoted(value)}`];
  });
  const added = [...open].flatMap(([name, value]) => (value === null ? [] : [`${name}=${quoted(value)}`]));
  return [...kept, ...added, ''].join('\n');
}

function quoted(value: string): string {
  if (/^[\w./:+=@~-]+$/.test(value)) return value;
  const quote = ["'", '"', '`'].find((one) => !value.includes(one));
  if (quote === undefined || parseEnv(`A=${quote}${value}${quote}`)['A'] !== value) {
    throw new Error('A secret holds characters that .env cannot hold; put it into a file and name it as NAME_FILE');
  }
  return `${quote}${value}${quote}`;
}
