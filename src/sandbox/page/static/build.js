// Every text from a vendor becomes a text node: nothing here ever parses markup.

/** Makes an element. Listeners are functions under `on…`; anything false or undefined is left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (name === 'colour') paint(node, value);
    else if (name === 'href') link(node, value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/** Text of somebody else, kept apart from its surroundings whatever its direction. */
export function foreign(text) {
  return el('bdi', {}, String(text));
}

export function show(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
}

/** `14:03:27`, with the whole time to be read on it. */
export function time(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return el('span', {}, '–');
  const isToday = date.toDateString() === new Date().toDateString();
  const text = isToday
    ? date.toLocaleTimeString('en-GB')
    : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return el('time', { datetime: iso, title: iso }, text);
}

export function chip(text, kind = '', colour) {
  return el('span', { class: `chip ${kind}`, colour }, foreign(text));
}

/** Tabs above a body; the name of the chosen one is kept. */
export function tabs(parent, names, chosen, choose) {
  show(
    parent,
    names.map(([name, text]) =>
      el(
        'button',
        { type: 'button', role: 'tab', 'aria-selected': String(name === chosen), onclick: () => choose(name) },
        text,
      ),
    ),
  );
}

function link(node, address) {
  if (!/^https?:\/\//i.test(address)) return;
  node.setAttribute('href', address);
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noreferrer noopener');
}

function paint(node, colour) {
  if (/^#[0-9a-f]{6}$/i.test(colour)) node.style.setProperty('--chip', colour);
}
