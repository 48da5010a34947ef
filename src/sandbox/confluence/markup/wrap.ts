import type { ElementNode, Node } from './tree.ts';

const inlineElements = new Set(
  'a abbr b br cite code del em i ins kbd s small span strong sub sup time u ac:emoticon ac:inline-comment-marker ac:link'.split(
    ' ',
  ),
);
const inlineMacros = new Set(['anchor', 'jira', 'status']);

/** Puts bare text and inline elements of a cell into paragraphs, as the server does; an empty cell gets an empty one. */
export function wrapInline(children: readonly Node[]): readonly Node[] {
  if (children.every(isBlank)) return [...children, paragraph([])];
  const wrapped: Node[] = [];
  let run: Node[] = [];
  const close = (): void => {
    // Blanks around a run are layout of the source, not text of the cell.
    const first = run.findIndex((node) => !isBlank(node));
    const last = run.findLastIndex((node) => !isBlank(node));
    if (first === -1) wrapped.push(...run);
    else wrapped.push(...run.slice(0, first), paragraph(run.slice(first, last + 1)), ...run.slice(last + 1));
    run = [];
  };
  for (const child of children) {
    if (isInline(child)) {
      run.push(child);
      continue;
    }
    close();
    wrapped.push(child);
  }
  close();
  return wrapped;
}

function isBlank(node: Node): boolean {
  return node.kind === 'comment' || (node.kind === 'text' && node.raw.trim() === '');
}

function isInline(node: Node): boolean {
  if (node.kind !== 'element') return true;
  if (node.name === 'ac:structured-macro') return inlineMacros.has(node.attributes.get('ac:name') ?? '');
  return inlineElements.has(node.name);
}

function paragraph(children: readonly Node[]): ElementNode {
  const [open, close] = children.length === 0 ? ['<p />', ''] : ['<p>', '</p>'];
  return { kind: 'element', name: 'p', attributes: new Map(), open, close, children };
}
