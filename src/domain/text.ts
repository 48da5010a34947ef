/** A piece of one line, before any vendor's markup. Everything in it is foreign text until a connector escapes it. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string; readonly strong?: boolean }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'status'; readonly text: string; readonly colour: 'green' | 'amber' | 'red' | 'grey' };

// Characters that are invisible and change how their neighbours read: controls, bidirectional marks and overrides,
// zero-width characters, and the byte-order mark. Tabs and line breaks become spaces.
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/g;

/**
 * One line of foreign text that is safe to show: well-formed, without control or direction characters, at most
 * `longest` UTF-16 units. The record keeps the text as it came; this is for pages, channels and terminals.
 */
export function readable(text: string, longest = 1000): string {
  const line = text.toWellFormed().replaceAll(breaks, ' ').replaceAll(invisible, '').trim();
  if (line.length <= longest) return line;
  // Never cut between the halves of a surrogate pair.
  return `${line.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
