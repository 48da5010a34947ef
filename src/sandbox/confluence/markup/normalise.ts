import { nameEntities } from './entities.ts';
import type { LocalIds } from './local-ids.ts';
import { wrapInline } from './wrap.ts';
import {
  type ElementNode,
  elementsNamed,
  type Node,
  withAttribute,
  withChildren,
  withoutAttribute,
  writeMarkup,
} from './tree.ts';

export interface Normalisation {
  /** `light` touches rows and tables that the stored body did not have; `full` touches everything. */
  readonly mode: 'none' | 'light' | 'full';
  /** Data Center keeps the legacy editor's markup: classes, no ids, no paragraphs in cells. */
  readonly legacy: boolean;
  readonly keepsClientLocalIds: boolean;
  readonly namedEntitiesOut: boolean;
  readonly ids: LocalIds;
}

/**
 * Rewrites a body as the server stores it. Storing the result again changes nothing: parts that the stored body already
 * has are known by their text, and what has its ids and paragraphs gets no others.
 */
export function normalise(nodes: readonly Node[], stored: readonly Node[], rules: Normalisation): readonly Node[] {
  if (rules.mode === 'none') return nodes;
  const known = remember(rules.mode === 'full' ? [] : stored);
  const idsKept = rules.keepsClientLocalIds ? undefined : localIdsOf(stored);
  return new Normaliser(rules, known, idsKept).all(nodes, rules.mode === 'full');
}

interface Known {
  /** Rows of the stored body by their text, and how often each stands there. */
  readonly rows: Map<string, number>;
  readonly tables: ReadonlySet<string>;
}

function remember(stored: readonly Node[]): Known {
  const rows = new Map<string, number>();
  for (const row of elementsNamed(stored, 'tr')) {
    const text = writeMarkup([row]);
    rows.set(text, (rows.get(text) ?? 0) + 1);
  }
  return { rows, tables: new Set(elementsNamed(stored, 'table').map((table) => table.open)) };
}

const withLongId = new Set(['table', 'tr', 'td', 'th']);
const withShortId = new Set(['p', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const losesStyle = new Set(['p', 'li', 'div', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

function localIdsOf(nodes: readonly Node[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of [...withLongId, ...withShortId]) {
    for (const { attributes } of elementsNamed(nodes, name)) {
      for (const id of [attributes.get('ac:local-id'), attributes.get('local-id')]) if (id !== undefined) found.add(id);
    }
  }
  return found;
}

class Normaliser {
  readonly #rules: Normalisation;
  readonly #known: Known;
  /** Ids that stay although they came from a client; undefined keeps them all. */
  readonly #idsKept: ReadonlySet<string> | undefined;

  constructor(rules: Normalisation, known: Known, idsKept: ReadonlySet<string> | undefined) {
    this.#rules = rules;
    this.#known = known;
    this.#idsKept = idsKept;
  }

  all(nodes: readonly Node[], fresh: boolean): readonly Node[] {
    return nodes.map((node) => {
      if (node.kind === 'element') return this.#element(node, fresh);
      if (node.kind !== 'text' || !fresh || !this.#rules.namedEntitiesOut) return node;
      return { ...node, raw: nameEntities(node.raw) };
    });
  }

  #element(element: ElementNode, fresh: boolean): ElementNode {
    if (element.name === 'tr') return this.#row(element);
    if (element.name === 'table') {
      const isNew = fresh || !this.#known.tables.has(element.open);
      return withChildren(isNew ? this.#table(element) : element, this.all(element.children, fresh));
    }
    return withChildren(fresh ? this.#tag(element) : element, this.all(element.children, fresh));
  }

  #row(row: ElementNode): ElementNode {
    const text = writeMarkup([row]);
    const left = this.#known.rows.get(text) ?? 0;
    if (left > 0) {
      this.#known.rows.set(text, left - 1);
      return row;
    }
    const cells = row.children.map((child) => {
      if (child.kind !== 'element' || (child.name !== 'td' && child.name !== 'th')) return child;
      return this.#cell(child);
    });
    return withChildren(this.#tag(row), cells);
  }

  #cell(cell: ElementNode): ElementNode {
    // The numbering column was seen without ids and without a paragraph, on pages that have both elsewhere.
    if (cell.attributes.get('class')?.split(/\s+/).includes('numberingColumn')) return cell;
    if (this.#rules.legacy) {
      const classed = cell.attributes.has('class') ? cell : withAttribute(cell, 'class', legacyClass(cell.name));
      return withChildren(classed, this.all(cell.children, true));
    }
    return withChildren(this.#tag(cell), this.all(wrapInline(cell.children), true));
  }

  #table(table: ElementNode): ElementNode {
    if (this.#rules.legacy) return table.attributes.has('class') ? table : withAttribute(table, 'class', 'wrapped');
    const layout = table.attributes.has('data-layout') ? table : withAttribute(table, 'data-layout', 'default');
    const wide = layout.attributes.has('data-table-width') ? layout : withAttribute(layout, 'data-table-width', '760');
    return this.#tag(wide);
  }

  #tag(element: ElementNode): ElementNode {
    let tag = element;
    if (tag.close === '') tag = { ...tag, open: tag.open.replace(/\s*\/>$/, ' />') };
    else if (tag.name === 'p' && tag.children.length === 0) {
      tag = { ...tag, open: tag.open.replace(/\s*>$/, ' />'), close: '' };
    }
    if (tag.name === 'ac:structured-macro') return this.#macro(tag);
    if (this.#rules.legacy) return tag;
    if (losesStyle.has(tag.name)) tag = withoutAttribute(tag, 'style');
    if (withLongId.has(tag.name)) return this.#identified(tag, 'ac:local-id', () => this.#rules.ids.long());
    if (withShortId.has(tag.name)) return this.#identified(tag, 'local-id', () => this.#rules.ids.short());
    return tag;
  }

  #macro(macro: ElementNode): ElementNode {
    const versioned = macro.attributes.has('ac:schema-version')
      ? macro
      : withAttribute(macro, 'ac:schema-version', '1');
    if (versioned.attributes.has('ac:macro-id')) return versioned;
    return withAttribute(versioned, 'ac:macro-id', this.#rules.ids.long());
  }

  #identified(element: ElementNode, attribute: string, id: () => string): ElementNode {
    const present = element.attributes.get(attribute);
    if (present !== undefined && (this.#idsKept === undefined || this.#idsKept.has(present))) return element;
    return withAttribute(element, attribute, id());
  }
}

function legacyClass(cell: string): string {
  return cell === 'th' ? 'confluenceTh' : 'confluenceTd';
}
