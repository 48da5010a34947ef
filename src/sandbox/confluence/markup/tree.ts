/** One element, with its tags exactly as they were written. */
export interface ElementNode {
  readonly kind: 'element';
  readonly name: string;
  /** Values decoded, for reading; what is written back is `open`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** `<td class="x">`, or `<br />` for an element closed in its own tag. */
  readonly open: string;
  /** `</td>`, empty for an element closed in its own tag. */
  readonly close: string;
  readonly children: readonly Node[];
}

export interface TextNode {
  readonly kind: 'text';
  readonly raw: string;
}

/** A CDATA section, comment or processing instruction. */
export interface OtherNode {
  readonly kind: 'cdata' | 'comment' | 'instruction';
  readonly raw: string;
}

export type Node = ElementNode | TextNode | OtherNode;

/** Writes nodes back: byte for byte what was read, where nothing was changed. */
export function writeMarkup(nodes: readonly Node[]): string {
  return nodes
    .map((node) => (node.kind === 'element' ? node.open + writeMarkup(node.children) + node.close : node.raw))
    .join('');
}

/** Every element of a name, nested ones included, in document order. */
export function elementsNamed(nodes: readonly Node[], name: string): ElementNode[] {
  return nodes.flatMap((node) =>
    node.kind === 'element' ? [...(node.name === name ? [node] : []), ...elementsNamed(node.children, name)] : [],
  );
}

/** The element with one attribute set, its tag otherwise as it was. */
export function withAttribute(element: ElementNode, name: string, value: string): ElementNode {
  const attributes = new Map(element.attributes).set(name, value);
  const pair = `${name}="${value}"`;
  const open = element.attributes.has(name)
    ? element.open.replace(new RegExp(`(\\s)${name}\\s*=\\s*(?:"[^"]*"|'[^']*')`), `$1${pair}`)
    : element.open.replace(/\s*\/?>$/, (end) => ` ${pair}${end}`);
  return { ...element, attributes, open };
}

/** The element without one attribute. */
export function withoutAttribute(element: ElementNode, name: string): ElementNode {
  if (!element.attributes.has(name)) return element;
  const attributes = new Map(element.attributes);
  attributes.delete(name);
  const open = element.open.replace(new RegExp(`\\s+${name}\\s*=\\s*(?:"[^"]*"|'[^']*')`), '');
  return { ...element, attributes, open };
}

/** The element around other children; one that was closed in its own tag is opened when there is something inside. */
export function withChildren(element: ElementNode, children: readonly Node[]): ElementNode {
  if (children.length === 0 || element.close !== '') return { ...element, children };
  return { ...element, open: element.open.replace(/\s*\/>$/, '>'), close: `</${element.name}>`, children };
}
