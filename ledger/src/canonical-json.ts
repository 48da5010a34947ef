import { LedgerError } from './errors.ts';

/** A value that JSON can hold. Absent members are left out of the type on purpose: absent is not null. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const deepest = 64;

/**
 * The one canonical text of a JSON value (RFC 8785): members sorted by UTF-16 code units (§3.2.3), numbers and strings
 * as ECMAScript writes them (§3.2.2), no white space.
 *
 * Throws `not_canonical` for what I-JSON (RFC 7493) forbids, and `too_deep` beyond 64 levels.
 */
export function canonicalJson(value: Json): string {
  return write(value, 0);
}

function write(value: Json, depth: number): string {
  if (depth > deepest) throw new LedgerError('too_deep', `JSON nested deeper than ${deepest} levels`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'string') return writeString(value);
  if (isList(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object') throw new LedgerError('not_canonical', `JSON cannot hold a ${typeof value}`);

  const members = Object.entries(value)
    .toSorted(([left], [right]) => byCodeUnits(left, right))
    .map(([key, member]) => `${writeString(key)}:${write(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function byCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new LedgerError('not_canonical', `JSON cannot hold the number ${value}`);
  return JSON.stringify(value);
}

function writeString(value: string): string {
  if (!value.isWellFormed()) throw new LedgerError('not_canonical', 'A string holds half of a surrogate pair');
  return JSON.stringify(value);
}
