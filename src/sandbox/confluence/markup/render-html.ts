import { decodeReferences } from './entities.ts';
import type { ElementNode, Node } from './tree.ts';
import { parameter } from './visible-text.ts';

const shown = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tfoot tr td th strong em u s code pre blockquote sub sup'.split(' '),
);
const alone = new Set(['br', 'hr']);
const spans = ['colspan', 'rowspan'];
const colours = new Set(['grey', 'green', 'yellow', 'red', 'blue', 'purple']);

/** Writes nodes as HTML that is safe to put into a page. Elements that are not on the list show their content only. */
export function renderHtml(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return escapeHtml(decodeReferences(node.raw));
      if (node.kind === 'cdata') return escapeHtml(node.raw.slice('<![CDATA['.length, -']]>'.length));
      return node.kind === 'element' ? element(node) : '';
    })
    .join('');
}

/** Text for HTML, between tags and in quoted attributes alike. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function element(node: ElementNode): string {
  if (alone.has(node.name)) return `<${node.name}>`;
  if (shown.has(node.name)) {
    const attributes = spans.map((name) => {
      const value = node.attributes.get(name) ?? '';
      return /^\d{1,3}$/.test(value) ? ` ${name}="${value}"` : '';
    });
    return `<${node.name}${attributes.join('')}>${renderHtml(node.children)}</${node.name}>`;
  }
  switch (node.name) {
    case 'a':
      return link(node);
    case 'time':
      return escapeHtml(node.attributes.get('datetime') ?? '');
    case 'ac:parameter':
      return '';
    case 'ac:plain-text-body':
      return `<pre>${renderHtml(node.children)}</pre>`;
    case 'ac:structured-macro':
      return macro(node);
    default:
      return renderHtml(node.children);
  }
}

function link(node: ElementNode): string {
  const url = node.attributes.get('href') ?? '';
  const text = renderHtml(node.children);
  if (!/^(?:https?:\/\/|mailto:)/i.test(url)) return text;
  return `<a href="${escapeHtml(url)}" rel="noreferrer noopener">${text}</a>`;
}

function macro(node: ElementNode): string {
  const name = node.attributes.get('ac:name');
  if (name === 'status') {
    const colour = parameter(node, 'colour').toLowerCase();
    const known = colours.has(colour) ? colour : 'grey';
    return `<span class="lozenge ${known}">${escapeHtml(parameter(node, 'title'))}</span>`;
  }
  if (name === 'expand') {
    const title = escapeHtml(parameter(node, 'title'));
    return `<details><summary>${title}</summary>${renderHtml(node.children)}</details>`;
  }
  return renderHtml(node.children);
}
