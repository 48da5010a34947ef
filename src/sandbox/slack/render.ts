import type { Block } from './records.ts';

/** A piece of a message as a reader meets it. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'mention'; readonly who: string }
  | { readonly kind: 'channel'; readonly id: string };

/** What a message shows and whom it calls. */
export interface Rendered {
  /** One list of parts for each block, or for the text where there are no blocks. */
  readonly lines: readonly (readonly Part[])[];
  /** What stands there, without markup. */
  readonly plain: string;
  /** Everybody who is called, by the blocks or by the text: `@channel`, `@here`, `@everyone`, or an id. */
  readonly mentions: readonly string[];
  readonly links: readonly { readonly url: string; readonly text: string }[];
  /** What markup made bold, italic, struck or code. */
  readonly styled: readonly { readonly style: Style; readonly text: string }[];
}

export type Style = 'bold' | 'italic' | 'strike' | 'code';

export interface Shown {
  readonly text: string;
  readonly blocks: readonly Block[] | null;
  readonly linksNames: boolean;
}

/** Reads a message's markup as Slack's clients do. */
export function renderMessage({ text, blocks, linksNames }: Shown): Rendered {
  const sources = blocks === null ? [{ text, markup: true }] : blocks.flatMap(textsOf);
  const lines = sources.map((source) => (source.markup ? readMarkup(source.text, linksNames) : [asText(source.text)]));
  const fallback = readMarkup(text, linksNames);
  const parts = lines.flat();
  const called = [...parts, ...fallback].flatMap((part) => (part.kind === 'mention' ? [part.who] : []));
  return {
    lines,
    plain: lines.map(plainOf).join('\n'),
    mentions: [...new Set([...called, ...(blocks ?? []).flatMap(richMentions)])],
    links: parts.flatMap((part) => (part.kind === 'link' ? [{ url: part.url, text: part.text }] : [])),
    styled: sources.flatMap((source) => (source.markup ? readStyles(source.text) : [])),
  };
}

interface Source {
  readonly text: string;
  readonly markup: boolean;
}

// Every text object of a block, in the order in which it is shown.
function textsOf(value: unknown): Source[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text, ...others } = value as Readonly<Record<string, unknown>>;
  if (typeof text === 'string') return [{ text, markup: type === 'mrkdwn' || type === 'markdown' }];
  return [...textsOf(text), ...Object.values(others).flatMap(textsOf)];
}

function richMentions(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(richMentions);
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields['type'] === 'user') return [String(fields['user_id'])];
  if (fields['type'] === 'usergroup') return [String(fields['usergroup_id'])];
  if (fields['type'] === 'broadcast') return [`@${String(fields['range'])}`];
  return Object.values(fields).flatMap(richMentions);
}

/** Takes `<…>` apart. What is escaped as `&lt;…&gt;` stays text. */
function readMarkup(source: string, linksNames: boolean): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of source.matchAll(/<([^<>\n]+)>/g)) {
    parts.push(...readText(source.slice(from, match.index), linksNames));
    parts.push(readControl(match[1] ?? ''));
    from = match.index + match[0].length;
  }
  return [...parts, ...readText(source.slice(from), linksNames)].filter(
    (part) => part.kind !== 'text' || part.text !== '',
  );
}

function readControl(control: string): Part {
  const bar = control.indexOf('|');
  const target = bar < 0 ? control : control.slice(0, bar);
  const label = bar < 0 ? undefined : unescape(control.slice(bar + 1));
  if (/^![a-z]/.test(target)) return readSpecial(target.slice(1), label);
  if (/^@[A-Z0-9]+$/.test(target)) return { kind: 'mention', who: target.slice(1) };
  if (/^#[A-Z0-9]+$/.test(target)) return { kind: 'channel', id: target.slice(1) };
  if (/^(https?|mailto|tel):/i.test(target)) {
    const url = unescape(target);
    return { kind: 'link', url, text: label ?? url };
  }
  return asText(`<${control}>`);
}

function readSpecial(special: string, label: string | undefined): Part {
  if (['channel', 'here', 'everyone'].includes(special)) return { kind: 'mention', who: `@${special}` };
  if (special.startsWith('subteam^')) return { kind: 'mention', who: special.slice('subteam^'.length) };
  return { kind: 'text', text: label ?? special };
}

function readText(source: string, linksNames: boolean): Part[] {
  if (!linksNames) return [asText(source)];
  const parts: Part[] = [];
  let from = 0;
  for (const match of source.matchAll(/(?<![\w@])@(channel|here|everyone|[a-z0-9][a-z0-9._-]*)/g)) {
    parts.push(asText(source.slice(from, match.index)));
    const who = match[1] ?? '';
    parts.push({ kind: 'mention', who: ['channel', 'here', 'everyone'].includes(who) ? `@${who}` : who });
    from = match.index + match[0].length;
  }
  return [...parts, asText(source.slice(from))];
}

function asText(source: string): Part {
  return { kind: 'text', text: unescape(source) };
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function plainOf(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'mention') return part.who.startsWith('@') ? part.who : `@${part.who}`;
      return part.kind === 'channel' ? `#${part.id}` : part.text;
    })
    .join('');
}

const marks: Readonly<Record<string, Style>> = { '*': 'bold', _: 'italic', '~': 'strike', '`': 'code' };

// A mark works at the edge of a word, around something that does not begin or end with a space.
function readStyles(source: string): { style: Style; text: string }[] {
  const found = source.matchAll(/(?<![\p{L}\p{N}])([*_~`])(?! )([^\n]*?[^\s])\1(?![\p{L}\p{N}])/gu);
  return [...found].flatMap(([, mark = '', text = '']) => {
    const style = marks[mark];
    return style === undefined ? [] : [{ style, text: plainOf(readMarkup(text, false)) }];
  });
}
