import { isAlias, isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { ConfigProblem } from '../../config/errors.ts';

/**
 * What in a file stands in the way of changing keys of it, such as `slack.pods`: anchors in their values that are used
 * elsewhere would change there too. Says where, and quotes nothing.
 */
export function obstaclesIn(file: string, text: string, keys: readonly string[]): ConfigProblem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const problem = (path: string, node: unknown, message: string, hint: string): ConfigProblem => {
    const { line, col } = lines.linePos((isNode(node) ? node.range?.[0] : undefined) ?? 0);
    return { file, line, column: col, path, message: `${path === '' ? 'the file' : path} ${message}`, hint };
  };
  const { contents } = document;
  if (contents !== null && !isMap(contents) && !(isScalar(contents) && contents.value === null)) {
    return [problem('', contents, 'is no list of sections', 'Is it the right one?')];
  }
  const sections = [...new Set(keys.map((key) => key.split('.')[0] ?? ''))];
  const used = usedAnchors(document);
  return [
    ...sections.flatMap((section) => {
      const node = document.get(section, true);
      if (node === undefined || isMap(node) || (isScalar(node) && node.value === null)) {
        const isUsed = isMap(node) && node.anchor !== undefined && used.has(node.anchor);
        return isUsed ? [problem(section, node, elsewhere, writeOut)] : [];
      }
      return isAlias(node)
        ? [problem(section, node, 'is written elsewhere in the file, by an anchor', writeOut)]
        : [problem(section, node, 'is no section with keys of its own', 'Correct it here')];
    }),
    ...keys.flatMap((key) => {
      const node = anchored(document, key.split('.'), used);
      return node === undefined ? [] : [problem(key, node, elsewhere, writeOut)];
    }),
  ];
}

const elsewhere = 'has an anchor that is used elsewhere in the file, which would change with it';
const writeOut = 'Write the value out in both places';

function usedAnchors(document: Document): Set<string> {
  const used = new Set<string>();
  visit(document, { Alias: (_key, { source }) => void used.add(source) });
  return used;
}

// The first node in the value of a key that an alias refers to.
function anchored(document: Document, path: readonly string[], used: ReadonlySet<string>): unknown {
  const [section = '', key = ''] = path;
  const within = document.get(section, true);
  const value = isMap(within) ? within.get(key, true) : undefined;
  if (!isCollection(value) && !isScalar(value)) return undefined;
  let found: unknown;
  visit(value, {
    Node(_key, node) {
      if (isAlias(node) || node.anchor === undefined || !used.has(node.anchor)) return undefined;
      found = node;
      return visit.BREAK;
    },
  });
  return found;
}
