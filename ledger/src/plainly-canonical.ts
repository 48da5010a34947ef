import { type Json } from './canonical-json.ts';

// A few levels less than canonicalJson allows, so that nothing passes here that does not pass there.
const deepest = 60;

/**
 * Whether a text, which JSON.parse read as `value`, is seen at once to be what RFC 8785 writes. True only where
 * `canonicalJson(value)` is the text; where it is false, nothing is known. Several times as fast: the platform writes
 * numbers and strings as §3.2.2 asks, so what is left to see is the order of members (§3.2.3).
 */
export function isPlainlyCanonical(text: string, value: Json): boolean {
  // The platform writes half a character as an escape, and reads it back.
  if (text.includes('\\ud') || !text.isWellFormed()) return false;
  // First the order: it ends before nesting exhausts the stack.
  if (typeof value === 'object' && value !== null && !isInOrder(value, 0)) return false;
  return JSON.stringify(value) === text;
}

type Composed = readonly Json[] | { readonly [key: string]: Json };

function isInOrder(value: Composed, depth: number): boolean {
  if (depth > deepest) return false;
  if (isList(value)) {
    for (let at = 0; at < value.length; at++) {
      const item = value[at]!;
      if (typeof item === 'object' && item !== null && !isInOrder(item, depth + 1)) return false;
    }
    return true;
  }
  let before = '';
  for (const name in value) {
    if (name < before) return false;
    before = name;
    const member = value[name]!;
    if (typeof member === 'object' && member !== null && !isInOrder(member, depth + 1)) return false;
  }
  return true;
}

function isList(value: Composed): value is readonly Json[] {
  return Array.isArray(value);
}
