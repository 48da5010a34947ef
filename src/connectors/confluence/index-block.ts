import { SaxesParser } from 'saxes';
import { ConnectorError } from '../errors.ts';
import { namedEntities } from './entities.ts';
import { unsuitable } from './failure.ts';
import { anchorOf, escapeText, storable, webAddress } from './markup.ts';

/** The list of all pages that stands on the first of them. */
export interface PageIndex {
  readonly heading: string;
  /** Newest first. */
  readonly entries: readonly { readonly title: string; readonly url: string }[];
  /** Says below the list what it is. */
  readonly note: string;
}

const name = 'countersign-pages';

/** The index on a page: one macro of its own, told by the anchor in it. */
export interface FoundIndex {
  readonly from: number;
  readonly to: number;
  /** Where its links lead, in their order. */
  readonly urls: readonly string[];
}

/**
 * Finds the index of a body; undefined where there is none. Several, since somebody copied it, are `ambiguous`: which of
 * them is to go is for a person to say.
 */
export function findIndex(body: string): FoundIndex | undefined {
  const [found, ...others] = readIndexes(body);
  if (others.length === 0) return found;
  throw new ConnectorError({
    vendor: 'confluence',
    code: 'ambiguous',
    message: `The page has ${others.length + 1} lists of the audit pages; leave it only one`,
  });
}

/** The body with this index in the place of the one that is there, or at the top of the page. All else stays as it is. */
export function withIndex(body: string, index: PageIndex): string {
  const found = findIndex(body);
  const at = topOf(body);
  const { from, to } = found ?? { from: at, to: at };
  return body.slice(0, from) + indexToStorage(index) + body.slice(to);
}

/** True where the index of a body lists these pages in this order. */
export function listsAll(body: string, { entries }: PageIndex): boolean {
  const urls = findIndex(body)?.urls;
  const wanted = entries.map(({ url }) => webAddress(url) ?? '');
  return urls !== undefined && urls.length === wanted.length && urls.every((url, at) => url === wanted[at]);
}

function indexToStorage({ heading, entries, note }: PageIndex): string {
  const links = entries.map(({ title, url }) => {
    const text = escapeText(storable(title));
    return `<li><p><a href="${escapeText(webAddress(url) ?? '')}">${text}</a></p></li>`;
  });
  return (
    '<ac:structured-macro ac:name="info">' +
    `<ac:parameter ac:name="title">${escapeText(storable(heading))}</ac:parameter><ac:rich-text-body>` +
    `<ul>${links.join('')}</ul><p>${anchorOf(name)}${escapeText(storable(note))}</p>` +
    '</ac:rich-text-body></ac:structured-macro>'
  );
}

// On a page that is laid out in sections nothing stands outside of them: the top is then the first cell's.
function topOf(body: string): number {
  const cell =
    /^\s*<ac:layout(?:\s[^>]*)?>\s*<ac:layout-section(?:\s[^>]*[^/>])?>\s*<ac:layout-cell(?:\s[^>]*[^/>])?>/.exec(body);
  return cell?.[0].length ?? 0;
}

interface OpenMacro {
  readonly from: number;
  readonly name: string;
  readonly urls: string[];
  ours: boolean;
}

function readIndexes(body: string): FoundIndex[] {
  if (!body.includes(name)) return [];
  const parser = new SaxesParser({ fragment: true, xmlns: false });
  Object.assign(parser.ENTITIES, namedEntities);
  const macros: OpenMacro[] = [];
  const found: FoundIndex[] = [];
  let from = 0;
  let parameter = '';
  parser.on('error', () => {
    throw unsuitable(`The page's markup is not well-formed at row ${parser.line}, column ${parser.column}`);
  });
  parser.on('opentagstart', () => {
    from = body.lastIndexOf('<', parser.position - 1);
  });
  parser.on('text', (text) => {
    parameter = text;
  });
  parser.on('opentag', ({ name: tag, attributes }) => {
    parameter = '';
    if (tag === 'ac:structured-macro') macros.push({ from, name: attributes['ac:name'] ?? '', urls: [], ours: false });
    if (tag === 'a') for (const macro of macros) macro.urls.push(attributes['href'] ?? '');
  });
  parser.on('closetag', ({ name: tag }) => {
    const macro = macros.at(-1);
    // The anchor's own macro is not the one that it marks.
    const around = macros.at(-2);
    if (tag === 'ac:parameter' && macro?.name === 'anchor' && parameter.trim() === name && around !== undefined) {
      around.ours = true;
    }
    if (tag !== 'ac:structured-macro') return;
    macros.pop();
    if (macro?.ours === true) found.push({ from: macro.from, to: parser.position, urls: macro.urls });
  });
  parser.write(body).close();
  return found;
}
