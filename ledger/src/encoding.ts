import { LedgerError } from './errors.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with padding (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]!;
    text += left > 1 ? alphabet[(group >> 6) & 63]! : '=';
    text += left > 2 ? alphabet[group & 63]! : '=';
  }
  return text;
}

const valueOf = new Map(Array.from(alphabet, (letter, value) => [letter.charCodeAt(0), value] as const));

/** The bytes of standard base64 with padding. Throws `bad_encoding` for any text but the one that encodes them. */
export function decodeBase64(text: string): Uint8Array {
  const letters = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  const bytes = new Uint8Array(Math.floor((letters * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let position = 0; position < letters; position++) {
    const value = valueOf.get(text.charCodeAt(position));
    if (value === undefined) throw new LedgerError('bad_encoding', 'Not base64');
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = bits >> held;
    }
  }
  // Bits that encode nothing, and a missing padding, would let one value have two texts.
  const rest = bits & ((1 << held) - 1);
  if (text.length % 4 !== 0 || rest !== 0) throw new LedgerError('bad_encoding', 'Not base64');
  return bytes;
}

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOf[byte]!;
  return text;
}

/** The bytes of lower-case hex. Throws `bad_encoding` for anything else. */
export function decodeHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new LedgerError('bad_encoding', 'Not lower-case hex');
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16));
}

/** UTF-8. */
export function encodeText(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new LedgerError('bad_encoding', 'Text with half a character has no UTF-8');
  return encodeAscii(text) ?? encodeAny(text);
}

// Almost all that is signed is ASCII.
function encodeAscii(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) return undefined;
    bytes[at] = code;
  }
  return bytes;
}

function encodeAny(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return Uint8Array.from(bytes);
}

/** The text of UTF-8. Throws `bad_encoding` for bytes that are the UTF-8 of no text; a byte order mark stays. */
export function decodeText(bytes: Uint8Array): string {
  let text = '';
  let characters: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at++]!;
    const following = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let code = following === 0 ? lead : lead & (0x3f >> following);
    for (let count = 0; count < following; count++) code = (code << 6) | ((bytes[at++] ?? 0) & 63);
    if (code > 0x10ffff) throw new LedgerError('bad_encoding', 'Not UTF-8');
    characters.push(code);
    if (characters.length === 4096 || at >= bytes.length) {
      text += String.fromCodePoint(...characters);
      characters = [];
    }
  }
  // Overlong forms, surrogates, and bytes out of place would let one text have two encodings.
  if (!equalBytes(encodeText(text), bytes)) throw new LedgerError('bad_encoding', 'Not UTF-8');
  return text;
}

/** One byte string of several. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
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
