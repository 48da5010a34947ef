import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { decodeBase64, decodeHex, decodeText, encodeBase64, encodeHex, encodeText } from './encoding.ts';

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

test.each(['QQ', 'QQ=', 'QR==', 'Q', '=', 'QQ==\n', 'QQ==QQ==', 'Q-_Q', ' QQ=='])('%j is not base64', (text) => {
  expect(() => decodeBase64(text)).toThrow(expect.objectContaining({ code: 'bad_encoding' }));
});

test.each(['a', 'AB', '0x', 'zz', ' 00', '00\n'])('%j is not hex', (text) => {
  expect(() => decodeHex(text)).toThrow(expect.objectContaining({ code: 'bad_encoding' }));
});
