import { LedgerError } from './errors.ts';

// For platforms without `Uint8Array.fromBase64` (ECMAScript 2026). Both give the same for every text.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with padding (RFC 4648 §4). */
export function writeBase64(bytes: Uint8Array): string {
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
export function readBase64(text: string): Uint8Array {
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
