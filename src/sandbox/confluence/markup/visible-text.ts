import { decodeReferences } from './entities.ts';
import type { ElementNode, Node } from './tree.ts';

/** A parameter of a macro, decoded; empty where it is not set. */
export function parameter(macro: ElementNode, name: string): string {
  const found = macro.children.find(
    (child) => child.kind === 'element' && child.name === 'ac:parameter' && child.attributes.get('ac:name') === name,
  );
  return found?.kind === 'element' ? visibleText(found.children, false) : '';
}

const lines = new Set(['p', 'br', 'li', 'tr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'div', 'pre', 'table', 'hr']);

/** What a reader sees of some nodes; cells of a row apart by tabs where asked for. */
export function visibleText(nodes: readonly Node[], cellsApart: boolean): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return decodeReferences(node.raw);
      if (node.kind === 'cdata') return node.raw.slice('<![CDATA['.length, -']]>'.length);
      if (node.kind !== 'element' || node.name === 'ac:parameter') return '';
      if (node.name === 'time') return node.attributes.get('datetime') ?? '';
      const title = node.attributes.get('ac:name') === 'status' ? parameter(node, 'title') : '';
      const inside = title + visibleText(node.children, cellsApart);
      if (cellsApart && (node.name === 'td' || node.name === 'th')) return `${inside.trim()}\t`;
      return lines.has(node.name) ? `\n${inside}\n` : inside;
    })
    .join('');
}

/** Trims every line and drops empty ones. */
export function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
