import { randomBytes } from 'node:crypto';
import type { Block } from './records.ts';

const control = /(<(?:![a-z]|@[A-Z0-9]|#[A-Z0-9]|(?:https?|mailto|tel):)[^<>\n]*>)/i;

/** A text as the server keeps it: loose `&`, `<` and `>` are escaped, and bare links are put in angle brackets. */
export function rewriteText(text: string): string {
  return text
    .replaceAll(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .split(control)
    .map((piece) => (control.test(piece) ? piece : linkBare(piece.replaceAll('<', '&lt;').replaceAll('>', '&gt;'))))
    .join('');
}

function linkBare(text: string): string {
  return text.replaceAll(/https?:\/\/[^\s|]*?(?=&[lg]t;|[.,;:!?)]*(?:[\s|]|$))/g, '<$&>');
}

/** Blocks as the server keeps them: each has an id, and each text says whether it is verbatim. */
export function rewriteBlocks(blocks: readonly Block[], rewritesText: boolean): readonly Block[] {
  return blocks.map((block) => ({
    ...(rewriteTexts(block, rewritesText) as Block),
    block_id: block['block_id'] ?? randomBytes(3).toString('base64url'),
  }));
}

function rewriteTexts(value: unknown, rewritesText: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => rewriteTexts(each, rewritesText));
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields['type'] === 'mrkdwn' && typeof fields['text'] === 'string') {
    const text = rewritesText ? rewriteText(fields['text']) : fields['text'];
    return { verbatim: false, ...fields, text };
  }
  return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, rewriteTexts(each, rewritesText)]));
}
