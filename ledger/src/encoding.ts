import { LedgerError } from './errors.ts';
import { readBase64, writeBase64 } from './plain-base64.ts';
import { bytesConstructor, textReader, textWriter, type Bytes } from './platform.ts';

/** Standard base64 with padding (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  const platformBytes: Bytes = bytes;
  return platformBytes.toBase64 === undefined ? writeBase64(bytes) : platformBytes.toBase64();
}

/** The bytes of standard base64 with padding. Throws `bad_encoding` for any text but the one that encodes them. */
export function decodeBase64(text: string): Uint8Array {
  if (bytesConstructor.fromBase64 === undefined) return readBase64(text);
  let bytes: Uint8Array;
  try {
    bytes = bytesConstructor.fromBase64(text, { lastChunkHandling: 'strict' });
  } catch {
    throw new LedgerError('bad_encoding', 'Not base64');
  }
  // The platform overlooks white space: it shows in the length, and would let one value have several texts.
  if (text.length !== Math.ceil(bytes.length / 3) * 4) throw new LedgerError('bad_encoding', 'Not base64');
  return bytes;
}

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOf[byte]!;
  return text;
}

const valueOfDigit = new Uint8Array(128);
for (let value = 0; value < 16; value++) valueOfDigit[value.toString(16).charCodeAt(0)] = value;

/** The bytes of lower-case hex. Throws `bad_encoding` for anything else. */
export function decodeHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new LedgerError('bad_encoding', 'Not lower-case hex');
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = (valueOfDigit[text.charCodeAt(at * 2)]! << 4) | valueOfDigit[text.charCodeAt(at * 2 + 1)]!;
  }
  return bytes;
}

/** UTF-8. Throws `bad_encoding` for half a character, which has none. */
export function encodeText(text: string): Uint8Array {
  // The platform would write another character in its place.
  if (!text.isWellFormed()) throw new LedgerError('bad_encoding', 'Text with half a character has no UTF-8');
  return textWriter.encode(text);
}

/** The text of UTF-8. Throws `bad_encoding` for bytes that are the UTF-8 of no text; a byte order mark stays. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return textReader.decode(bytes);
  } catch {
    throw new LedgerError('bad_encoding', 'Not UTF-8');
  }
}

/** One byte string of several. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether two byte strings are the same. Not for secrets: it stops at the first difference. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}
