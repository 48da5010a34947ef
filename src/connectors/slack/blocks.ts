import type { Message } from '../../domain/message.ts';
import { readable, type Inline } from '../../domain/text.ts';

type Line = readonly Inline[];

/** A section of text in Slack's own markup. `verbatim`: addresses and channel names in it do not become links. */
export interface Section {
  readonly type: 'section';
  readonly text: { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true };
}

export interface Rendered {
  readonly blocks: readonly Section[];
  /** For notifications and screen readers. */
  readonly text: string;
}

const longestSection = 3_000;
// Messages have been refused at about 13,200 characters over all blocks; sections of 3,000 are then never 50.
const longestMessage = 12_000;
const longestFallback = 3_500;
const longestUrl = 2_000;

/** Renders a message. Lines that do not fit are left out and counted in a last line. */
export function renderMessage(message: Pick<Message, 'lines'>): Rendered {
  const lines = fitted(message.lines.map(renderLine), longestMessage);
  const sections = packed(lines, longestSection).filter((section) => section.trim() !== '');
  return {
    blocks: sections.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })),
    text: fitted(message.lines.map(plainLine), longestFallback).join('\n'),
  };
}

/** Splits lines into parts that each fit into one message whole, below the heading that each of them gets. */
export function splitLines(lines: readonly Line[], heading: readonly Line[] = []): Line[][] {
  const room = longestMessage - lengthOf(heading.map(renderLine));
  const parts: Line[][] = [];
  let left = 0;
  for (const line of lines) {
    const length = renderLine(line).length + 1;
    const open = parts.at(-1);
    if (open === undefined || length > left) {
      parts.push([line]);
      left = room - length;
    } else {
      open.push(line);
      left -= length;
    }
  }
  return parts;
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

function more(count: number): string {
  return `and ${count} more`;
}

/** The lines that fit, and how many do not. */
function fitted(lines: readonly string[], limit: number): string[] {
  if (lengthOf(lines) <= limit) return [...lines];
  let kept = 0;
  let length = more(lines.length).length + 1;
  for (const line of lines) {
    length += line.length + 1;
    if (length > limit) break;
    kept++;
  }
  return [...lines.slice(0, kept), more(lines.length - kept)];
}

/** Lines joined to as few texts as possible, none longer than the limit. */
function packed(lines: readonly string[], limit: number): string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last === undefined || last.length + 1 + line.length > limit) texts.push(line);
    else texts[texts.length - 1] = `${last}\n${line}`;
  }
  return texts;
}

function renderLine(line: Line): string {
  return joined(line, renderInline);
}

function plainLine(line: Line): string {
  return joined(line, (inline, longest) => escape(clean(inline.text, longest)));
}

// One piece of foreign text must not use up the line: it is shortened until it fits.
function joined(line: Line, render: (inline: Inline, longest: number) => string): string {
  let text = '';
  for (const inline of line) {
    const room = longestSection - 1 - text.length;
    const piece = [1_000, 300, 100, 30].map((longest) => render(inline, longest)).find(({ length }) => length <= room);
    if (piece === undefined) return `${text}…`;
    text += piece;
  }
  return text;
}

function renderInline(inline: Inline, longest: number): string {
  const text = clean(inline.text, longest);
  if (inline.kind === 'link') return linked(inline.url, text);
  if (inline.kind === 'status') return `:${emoji[inline.colour]}: ${escape(text)}`;
  // There is no escape for a backtick.
  if (inline.kind === 'code') return around(text.replaceAll('`', "'"), '`');
  return inline.strong === true ? around(text, '*') : escape(text);
}

/** Puts a mark on either side of a text, within its outer spaces: Slack knows no mark beside a space. */
function around(text: string, mark: string): string {
  const core = text.trim();
  return core === '' ? text : escape(text).replace(escape(core), () => `${mark}${escape(core)}${mark}`);
}

const emoji = { green: 'white_check_mark', amber: 'warning', red: 'x', grey: 'grey_question' } as const;

function linked(url: string, label: string): string {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const text = escape(label.trim());
  if (address === undefined || !/^https?:$/.test(address.protocol)) return text;
  const href = escape(address.href.replaceAll(/[|<>\s]/g, encodeURIComponent));
  if (href.length > longestUrl) return text;
  return text === '' ? `<${href}>` : `<${href}|${text}>`;
}

// The three are all that Slack knows an escape for, and all that can begin a mention, a link or an entity. The name of an
// emoji is broken by a character that nobody sees: ours say what a review is worth, and nobody else's may.
function escape(text: string): string {
  const plain = text.replaceAll(emojiName, ':\u2060');
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const emojiName = /:(?=[\w+'-]+:)/g;

/** One readable line that keeps a space at either end, since pieces stand side by side. */
function clean(text: string, longest: number): string {
  const core = readable(text, longest);
  if (core === '') return text === '' ? '' : ' ';
  return `${/^\s/.test(text) ? ' ' : ''}${core}${/\s$/.test(text) ? ' ' : ''}`;
}
