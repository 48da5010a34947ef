import { type Json } from './canonical-json.ts';

// A few levels less than canonicalJson allows, so that nothing passes here that does not pass there.
const deepest = 60;

/**
 * Whether a text, which JSON.parse read as `value`, is seen at once to be what RFC 8785 writes. True only where
 * `canonicalJson(value)` is the text; where it is false, nothing is known. Many times as fast.
 */
export function isPlainlyCanonical(text: string, value: Json): boolean {
  // The platform writes half a character as an escape, and reads it back.
  if (text.includes('\\ud') || !text.isWellFormed()) return false;
  const end = endOf(text, value, 0, 0);
  if (end === outOfOrder) return false;
  if (end === text.length && !text.includes('\\')) return true;
  // The platform writes numbers and strings as §3.2.2 asks.
  return JSON.stringify(value) === text;
}

// Added to where a value starts, so that neither is lost, and the second outlasts the first: no text ends there.
const unknown = 2 ** 40;
const outOfOrder = Number.POSITIVE_INFINITY;

/**
 * Where the canonical text of a value that starts at `at` ends, if nothing in it is escaped. `outOfOrder` where members
 * are not sorted (§3.2.3), or nesting could exhaust the stack. `unknown` where more than the length has to be looked at.
 *
 * The length is enough: what JSON.parse read has every name, string and number of the value, in this order, and none in
 * fewer characters. Where it has as many characters as the canonical text, it has no space, no member given twice, and
 * no number in more characters than it needs.
 */
function endOf(text: string, value: Json, at: number, depth: number): number {
  if (typeof value === 'string') return at + value.length + 2;
  if (typeof value === 'number') return endOfNumber(text, value, at);
  if (value === null) return at + 4;
  if (typeof value === 'boolean') return at + (value ? 4 : 5);
  if (depth > deepest) return outOfOrder;

  const start = at;
  if (isList(value)) {
    for (let index = 0; index < value.length; index++) at = endOf(text, value[index]!, at + 1, depth + 1);
  } else {
    let before = '';
    for (const name in value) {
      if (name < before) return outOfOrder;
      before = name;
      // Names like indexes come first in an object, wherever they stood in the text.
      const begin = startsWithDigit(name) ? at + unknown : at;
      at = endOf(text, value[name]!, begin + name.length + 4, depth + 1);
    }
  }
  // Before each item a bracket or a comma, and a bracket at the end.
  return at === start ? at + 2 : at + 1;
}

/** An exponent takes two characters at least, and saves one for each zero at the end. */
function endOfNumber(text: string, value: number, at: number): number {
  if (!Number.isSafeInteger(value)) return at + unknown;
  const canonical = String(value);
  if (value % 100 === 0 && value !== 0) {
    // 1e3 is shorter than 1000; 8e2 is as long as 800, so it has to be looked at.
    if (value % 1000 === 0 || !text.startsWith(canonical, at)) return at + unknown;
  }
  return at + canonical.length;
}

function startsWithDigit(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
