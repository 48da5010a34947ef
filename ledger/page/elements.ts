/** An element with what is in it. Texts become text and never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  ...content: readonly (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

/** The element of this id and kind. */
export function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}`);
  return found;
}

const longestText = 1200;

/**
 * A text of the pack, on its own: what cannot be seen, or would turn the text around it, is written as its code point,
 * and what is longer than any honest text is cut.
 */
export function foreign(text: string): HTMLElement {
  const shown = text
    .slice(0, longestText)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`);
  return element('bdi', text.length > longestText ? `${shown} …` : shown);
}

/** Two columns: what something is called, and what it is. */
export function facts(rows: readonly (readonly [string, readonly (string | Node)[]])[]): HTMLElement {
  return element('dl', ...rows.flatMap(([name, value]) => [element('dt', name), element('dd', ...value)]));
}

export function table(caption: string, head: readonly string[], rows: readonly (readonly Node[])[]): HTMLElement {
  const header = element('tr', ...head.map((name) => Object.assign(element('th', name), { scope: 'col' })));
  const lines = rows.map((cells) => element('tr', ...cells.map((cell) => element('td', cell))));
  const made = element('table', element('caption', caption), element('thead', header), element('tbody', ...lines));
  // A table that is wider than the page is scrolled by itself, by keyboard too.
  const frame = element('div', made);
  frame.className = 'wide';
  frame.tabIndex = 0;
  frame.role = 'region';
  frame.ariaLabel = caption;
  return frame;
}
