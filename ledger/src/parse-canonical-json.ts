import { canonicalJson, type Json } from './canonical-json.ts';
import { decodeText } from './encoding.ts';
import { LedgerError, type LedgerErrorCode } from './errors.ts';
import { isPlainlyCanonical } from './plainly-canonical.ts';

/** The longest document that is read, in bytes: a record of thousands of commits is well below it. */
export const largestDocument: number = 4 * 1024 * 1024;

/** Canonical JSON, as bytes, to the one value it stands for. Throws `code` for anything that RFC 8785 writes differently. */
export function parseCanonicalJson(bytes: Uint8Array, code: LedgerErrorCode, most: number = largestDocument): Json {
  return parseCanonicalText(textOfDocument(bytes, code, most), code);
}

/** The text of a document of at most so many bytes. Throws `too_large`, and `code` for what is not UTF-8. */
export function textOfDocument(bytes: Uint8Array, code: LedgerErrorCode, most: number = largestDocument): string {
  // Parsed, a text takes many times the memory: its length is looked at first.
  if (bytes.length > most) throw new LedgerError('too_large', 'The document is too large');
  try {
    return decodeText(bytes);
  } catch (cause) {
    throw notCanonical(code, cause);
  }
}

/** As `parseCanonicalJson`, of text. */
export function parseCanonicalText(text: string, code: LedgerErrorCode): Json {
  let value: Json;
  let canonical: string;
  try {
    value = JSON.parse(text);
    if (isPlainlyCanonical(text, value)) return value;
    canonical = canonicalJson(value);
  } catch (cause) {
    throw notCanonical(code, cause);
  }
  // A member given twice, a space, 1.0 for 1: none of it survives, so no two documents mean the same.
  if (canonical !== text) throw new LedgerError(code, 'JSON in another form than the canonical one');
  return value;
}

function notCanonical(code: LedgerErrorCode, cause: unknown): LedgerError {
  return new LedgerError(
    code,
    `Not canonical JSON: ${cause instanceof Error ? cause.message.slice(0, 200) : 'unreadable'}`,
  );
}

/** The object that a value is, which has these members and no others. */
export function objectWith(
  value: Json | undefined,
  names: readonly string[],
  code: LedgerErrorCode,
): { readonly [key: string]: Json } {
  const members = objectOf(value, code);
  const found = Object.keys(members);
  if (found.length !== names.length || !names.every((name) => Object.hasOwn(members, name))) {
    throw new LedgerError(code, `Expected the members ${names.join(', ')} and no others`);
  }
  return members;
}

/** The object that a value is. */
export function objectOf(value: Json | undefined, code: LedgerErrorCode): { readonly [key: string]: Json } {
  if (typeof value !== 'object' || value === null || isList(value)) throw new LedgerError(code, 'Expected an object');
  return value;
}

/** The list that a value is, of one to `most` items. */
export function listOf(value: Json | undefined, most: number, code: LedgerErrorCode): readonly Json[] {
  if (value === undefined || !isList(value)) throw new LedgerError(code, 'Expected a list');
  if (value.length === 0 || value.length > most) throw new LedgerError(code, `Expected one to ${most} items`);
  return value;
}

/** The string that a value is, of one to `longest` characters. */
export function stringOf(value: Json | undefined, longest: number, code: LedgerErrorCode): string {
  if (typeof value !== 'string') throw new LedgerError(code, 'Expected a string');
  if (value.length === 0 || value.length > longest)
    throw new LedgerError(code, `Expected one to ${longest} characters`);
  return value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
