import { readable } from '../../domain/text.ts';
import { claimsVerdict } from './claims-verdict.ts';
import { isEnglish, isPlain } from './plain-english.ts';
import type { NoSummary } from './reasons.ts';

/** What a model's answer is worth: a sentence, or why there is none. */
export type Sentence =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: NoSummary };

/** UTF-16 units. */
export const longestSentence = 240;

/**
 * Takes the first sentence of an answer, where it is short, plain and no judgement; otherwise says why not. The same answer
 * always gives the same. What it gives is foreign text all the same.
 */
export function sentenceOf(answer: string): Sentence {
  // No sentence that counts ends beyond this; a long answer is not looked at any further.
  const line = unquoted(oneLine(answer.slice(0, longestSentence * 8)));
  if (line === '') return no('empty');
  if (isRefusal(line)) return no('refused');
  if (isMarkup(answer.trimStart(), line)) return no('markup');
  const text = firstSentence(line);
  if (text === undefined || text.length > longestSentence) return no('too_long');
  if (isData(text)) return no('nonsense');
  // Of the whole, so that a verdict in the second sentence does not pass for the reason of the first.
  if (claimsVerdict(line)) return no('claims_verdict');
  if (!isPlain(text)) return no('not_plain');
  if (!isProse(text)) return no('nonsense');
  if (!isEnglish(text)) return no('not_plain');
  return { ok: true, text };
}

function no(reason: NoSummary): Sentence {
  return { ok: false, reason };
}

// Formatting characters are dropped as well: they hide in words, and joined letters need none in one sentence.
function oneLine(text: string): string {
  return readable(text.replaceAll(/\p{Cf}/gu, ''), longestSentence * 8)
    .replaceAll(/\p{White_Space}+/gu, ' ')
    .normalize('NFC')
    .trim();
}

// Models like to put their sentence in quotes, and names of code in backticks. Neither says anything here.
function unquoted(line: string): string {
  const plain = line.replaceAll('`', '').replaceAll('**', '').trim();
  const inner = /^["“«](?<inner>[^"“”«»]+)["”»]$/u.exec(plain)?.groups?.['inner'];
  return (inner ?? plain).replace(/^(?:summary|zusammenfassung|résumé)\s*:\s*/iu, '').trim();
}

const refusals =
  /^(?:(?:i['’]m |i am )?(?:very |so )?sorry\b|i (?:can(?:no|['’])t|can not|won['’]t|will not|am unable|['’]m unable)\b|unable to\b|as an ai\b)/iu;

function isRefusal(line: string): boolean {
  return refusals.test(line);
}

// A link or mention may be made of these by Confluence or Slack, whatever is escaped; the others would read badly.
const marks = [
  /[a-z][a-z0-9+.-]*:\/\//iu,
  /\b(?:www\.|mailto:|tel:)/iu,
  /\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|co|info|biz|xyz|me|ru|cn|example|test|invalid|local)\b/iu,
  /[@＠﹫][\p{L}\p{N}_]/u,
  /<[!/@#a-z]/iu,
  /\]\s*\(|\[\[|!\[/u,
  /&(?:#\d+|#x[\da-f]+|[a-z]+);/iu,
  /\{\{|\}\}|\{%|\|\|/u,
  /(?:^|\s)#{1,6}\s/u,
];

function isMarkup(answer: string, line: string): boolean {
  return /^(?:[-*+•>|]|#{1,6}|\d{1,3}[.)])\s|^```/u.test(answer) || marks.some((mark) => mark.test(line));
}

// An end is one only before a space and something that begins a sentence: "v2.1", "e.g. this" and "app.ts does" go on.
const ends = /(?:[.!?…]["”»')\]]*(?=\s+["“«(]?[\p{Lu}\p{Lo}\p{N}])|[。！？])/gu;
const abbreviations =
  /(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|resp|dr|mr|mrs|ms|prof|st|no|nos|z\.b|d\.h|bzw)|\b\p{Lu})\.$/iu;

function firstSentence(line: string): string | undefined {
  for (const { 0: mark, index } of line.matchAll(ends)) {
    const sentence = line.slice(0, index + mark.length);
    if (!abbreviations.test(sentence)) return sentence;
  }
  return line.length <= longestSentence ? line : undefined;
}

function isData(text: string): boolean {
  return text.includes('\ufffd') || /^[[{]/.test(text);
}

function isProse(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (!/\s/.test(text) || letters < 8 || letters * 2 < text.length) return false;
  return !/(.)\1{9}|(\b[\p{L}\p{N}]+\b)(?:\s+\2\b){3}/u.test(text);
}
