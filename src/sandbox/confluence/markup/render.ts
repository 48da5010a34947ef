import { renderHtml } from './render-html.ts';
import { type ElementNode, elementsNamed, type Node } from './tree.ts';
import { parameter, tidy, visibleText } from './visible-text.ts';

export interface RenderedCell {
  /** What a reader sees: paragraphs as lines, lozenges and links by their text. Nested tables are left out. */
  readonly text: string;
  readonly links: readonly { readonly text: string; readonly url: string }[];
  readonly lozenges: readonly { readonly text: string; readonly colour: string }[];
  readonly header: boolean;
  /** A cell of the column that only counts the rows. */
  readonly numbering: boolean;
}

export interface RenderedTable {
  readonly rows: readonly { readonly cells: readonly RenderedCell[] }[];
}

/** A page as a reader sees it. */
export interface Rendering {
  /** Every table in document order, a nested one after the one around it. */
  readonly tables: readonly RenderedTable[];
  readonly text: string;
  /** Built from a closed list of elements, everything foreign escaped, links to http, https and mailto only. */
  readonly html: string;
}

/** Shows a well-formed body. */
export function renderMarkup(nodes: readonly Node[]): Rendering {
  return {
    tables: elementsNamed(nodes, 'table').map((table) => ({
      rows: ownRows(table).map((row) => ({ cells: cellsOf(row) })),
    })),
    text: tidy(visibleText(nodes, true)),
    html: renderHtml(nodes),
  };
}

function ownRows(element: ElementNode): ElementNode[] {
  return element.children.flatMap((child) => {
    if (child.kind !== 'element' || child.name === 'table') return [];
    return child.name === 'tr' ? [child] : ownRows(child);
  });
}

function cellsOf(row: ElementNode): RenderedCell[] {
  return row.children.flatMap((cell) => {
    if (cell.kind !== 'element' || (cell.name !== 'td' && cell.name !== 'th')) return [];
    const inside = withoutTables(cell.children);
    return [
      {
        text: tidy(visibleText(inside, false)),
        links: elementsNamed(inside, 'a').map((link) => ({
          text: tidy(visibleText(link.children, false)),
          url: link.attributes.get('href') ?? '',
        })),
        lozenges: elementsNamed(inside, 'ac:structured-macro')
          .filter((macro) => macro.attributes.get('ac:name') === 'status')
          .map((macro) => ({ text: parameter(macro, 'title'), colour: parameter(macro, 'colour') })),
        header: cell.name === 'th',
        numbering: cell.attributes.get('class')?.split(/\s+/).includes('numberingColumn') ?? false,
      },
    ];
  });
}

function withoutTables(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node): Node[] => {
    if (node.kind !== 'element') return [node];
    return node.name === 'table' ? [] : [{ ...node, children: withoutTables(node.children) }];
  });
}
