import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { codeOf } from '../../test/support/code-of.ts';
import {
  concatBytes,
  equalBytes,
  decodeBase64,
  decodeHex,
  decodeText,
  encodeBase64,
  encodeHex,
  encodeText,
} from './encoding.ts';
import { readBase64, writeBase64 } from './plain-base64.ts';

test('UTF-8 is written and read as the platform does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(Buffer.from(encodeText(text)).toString('utf8')).toBe(text);
      expect(decodeText(Buffer.from(text, 'utf8'))).toBe(text);
    }),
  );
  expect(decodeText(encodeText('ä€😀'.repeat(5000)))).toBe('ä€😀'.repeat(5000));
});

test('bytes are read as UTF-8 exactly when the platform, told to be strict, reads them too', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc0, 0xc3, 0xe0, 0xa0, 0xed, 0xef, 0xbb, 0xf0, 0x90, 0xf4, 0x8f, 0xff)),
  );
  fc.assert(
    fc.property(bytes, (given) => {
      const data = Uint8Array.from(given);
      const read = attempt(() => decodeText(data));
      let expected: string | undefined;
      try {
        expected = strict.decode(data);
      } catch {
        expected = undefined;
      }
      expect(typeof read === 'string' ? read : undefined).toBe(expected);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
])('RFC 4648 §10 writes %j as %j in base64', (text, base64) => {
  expect(encodeBase64(encodeText(text))).toBe(base64);
  expect(decodeText(decodeBase64(base64))).toBe(text);
});

test('a text is read as base64 exactly when it is what its bytes are written as', () => {
  const letters = fc.array(fc.constantFrom('A', 'Q', 'g', '/', '+', '=', '-', '\n', ' ', 'é', '😀'), { maxLength: 9 });
  fc.assert(
    fc.property(letters, (given) => {
      const text = given.join('');
      const isCanonical = Buffer.from(text, 'base64').toString('base64') === text;
      expect(codeOf(() => decodeBase64(text))).toBe(isCanonical ? 'none' : 'bad_encoding');
      expect(codeOf(() => readBase64(text))).toBe(isCanonical ? 'none' : 'bad_encoding');
    }),
    { numRuns: 5000 },
  );
});

test('megabytes are written and read', () => {
  const bytes = Uint8Array.from({ length: 4_000_001 }, (_, at) => at * 7919);
  expect(equalBytes(decodeBase64(encodeBase64(bytes)), bytes)).toBe(true);
  expect(equalBytes(decodeHex(encodeHex(bytes)), bytes)).toBe(true);
  expect(codeOf(() => decodeBase64('='.repeat(4_000_000)))).toBe('bad_encoding');
});

test('byte strings are joined, and equal when all their bytes are', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), fc.nat(), (parts, at) => {
      const joined = concatBytes(...parts);
      expect(joined).toEqual(Uint8Array.from(Buffer.concat(parts)));
      expect(equalBytes(joined, Buffer.concat(parts))).toBe(true);
      expect(equalBytes(joined, concatBytes(joined, Uint8Array.of(0)))).toBe(false);
      fc.pre(joined.length > 0);
      const place = at % joined.length;
      expect(equalBytes(joined, joined.with(place, joined[place]! ^ 1))).toBe(false);
    }),
  );
});

test('base64 and hex are written and read as the platform does', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const data = Buffer.from(bytes);
      expect(encodeBase64(bytes)).toBe(data.toString('base64'));
      expect(encodeHex(bytes)).toBe(data.toString('hex'));
      expect(decodeBase64(data.toString('base64'))).toEqual(bytes);
      expect(decodeHex(data.toString('hex'))).toEqual(bytes);
    }),
  );
});

test('base64 is written and read alike with and without the help of the platform', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = encodeBase64(bytes);
      expect(writeBase64(bytes)).toBe(text);
      expect(readBase64(text)).toEqual(bytes);
      expect(decodeBase64(text)).toEqual(bytes);
    }),
  );
});

const notBase64 = ['QQ', 'QQ=', 'QR==', 'Q', '=', 'QQ==\n', 'QQ==QQ==', 'Q-_Q', ' QQ==', 'QUJD    ', 'QQ = ='];

test.each(notBase64)('%j is not base64', (text) => {
  expect(() => decodeBase64(text)).toThrow(expect.objectContaining({ code: 'bad_encoding' }));
  expect(() => readBase64(text)).toThrow(expect.objectContaining({ code: 'bad_encoding' }));
});

test.each(['a', 'AB', '0x', 'zz', ' 00', '00\n'])('%j is not hex', (text) => {
  expect(() => decodeHex(text)).toThrow(expect.objectContaining({ code: 'bad_encoding' }));
});
