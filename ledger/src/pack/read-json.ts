import { type Json } from '../canonical-json.ts';
import { LedgerError, type LedgerErrorCode } from '../errors.ts';

/** A JSON text that is bound by a digest. Its form is not looked at: only its members that are asked for are used. */
export function readJson(text: string, code: LedgerErrorCode): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw new LedgerError(code, 'Not JSON');
  }
}

/** The digests that a text names: its words of 64 hex digits. */
export function digestsIn(text: string): Set<string> {
  return new Set(text.match(/\b[0-9a-f]{64}\b/g));
}

/** A member deep within a value; undefined where the way ends before it. */
export function memberAt(value: Json | undefined, ...way: readonly string[]): Json | undefined {
  let here: Json | undefined = value;
  for (const name of way) {
    if (typeof here !== 'object' || here === null || Array.isArray(here) || !Object.hasOwn(here, name))
      return undefined;
    here = Object.getOwnPropertyDescriptor(here, name)?.value;
  }
  return here;
}

/** The whole number that a value is, 0 or more. Throws `code` for anything else. */
export function countOf(value: Json | undefined, code: LedgerErrorCode): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new LedgerError(code, 'Expected a whole number');
  }
  return value;
}

/** The instant that a value names, in milliseconds. Throws `code` for text that is not ISO 8601 with a zone. */
export function instantOf(value: Json | undefined, code: LedgerErrorCode): number {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
  const time = typeof value === 'string' && form.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new LedgerError(code, 'Expected a time with its zone');
  return time;
}
