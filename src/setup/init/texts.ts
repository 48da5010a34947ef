import { isDeepStrictEqual } from 'node:util';
import type { Json } from '@countersign/ledger';
import { isMap, isNode, isScalar, isSeq, parseDocument, type Document, type YAMLSeq } from 'yaml';
import type { Draft } from './draft.ts';
import { template } from './template.ts';

/** The text of `countersign.yaml` with the answers in it. What somebody wrote besides, comments included, stays. */
export function configText(before: string | null, draft: Draft, schemaAddress: string): string {
  const document = parseDocument(before ?? template);
  if (before === null) leaveOutUnanswered(document, draft);
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

// What stands in the template is nobody's answer: a page and a channel that were never named would be others'.
function leaveOutUnanswered(document: Document, draft: Draft): void {
  if (!isMap(document.contents)) return;
  document.contents.items = document.contents.items.filter(
    ({ key }) => isScalar(key) && Object.hasOwn(draft.sections, String(key.value)),
  );
}

function put(document: Document, path: readonly [string, string], value: Json): void {
  const old = document.getIn(path, true);
  if (isScalar(old) && (value === null || typeof value !== 'object')) {
    // The comment beside it stays; and one that says the same is left as it was written.
    if (old.value === value) return;
    old.value = value;
    delete old.source;
    return;
  }
  if (isSeq(old) && Array.isArray(value)) {
    exchangeEntries(document, old, value);
    return;
  }
  // One whose keys are all commented out is nothing yet.
  if (!isMap(document.get(path[0], true))) document.set(path[0], document.createNode({}));
  document.setIn(path, document.createNode(value, { flow: isShort(value) }));
}

// An entry that stays is left as it stands, with the comments on it and between.
function exchangeEntries(document: Document, list: YAMLSeq, values: readonly Json[]): void {
  const old = [...list.items];
  if (isDeepStrictEqual(list.toJS(document), values)) return;
  if (old.length === 0 || values.length === 0) list.flow = values.length === 0 || isShort(values);
  list.items = values.map((value) => {
    const at = old.findIndex((entry) => isNode(entry) && isDeepStrictEqual(entry.toJS(document), value));
    return at === -1 ? document.createNode(value, { flow: isShort(value) }) : old.splice(at, 1)[0];
  });
}

function isShort(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
