import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import { encodeText } from './encoding.ts';
import { largestDocument, parseCanonicalJson } from './parse-canonical-json.ts';

test('what was written in canonical form is read back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = canonicalJson(value as Json);
      expect(canonicalJson(parseCanonicalJson(encodeText(text), 'bad_leaf'))).toBe(text);
    }),
  );
});

test.each([
  ['a member twice', '{"a":1,"a":1}'],
  ['a member twice, once escaped', '{"a":1,"\\u0061":1}'],
  ['members out of order', '{"b":1,"a":1}'],
  ['white space', '{"a": 1}'],
  ['a newline at the end', '{"a":1}\n'],
  ['a byte order mark', '\ufeff{"a":1}'],
  ['a number written differently', '[1.0]'],
  ['minus zero', '[-0]'],
  ['a number that no double holds', '[9007199254740993]'],
  ['a number beyond all doubles', '[1e999]'],
  ['an escape that needs none', '["\\u0061"]'],
  ['half a character', '["\\ud800"]'],
  ['no JSON', 'leaf'],
  ['nothing', ''],
  ['endless nesting', '['.repeat(1_000_000)],
  ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
])('%s is refused with the code that was asked for', (_what, text) => {
  expect(() => parseCanonicalJson(encodeText(text), 'bad_leaf')).toThrow(expect.objectContaining({ code: 'bad_leaf' }));
});

test('a member named like the prototype is a member', () => {
  expect(Object.keys(parseCanonicalJson(encodeText('{"__proto__":1}'), 'bad_leaf') as object)).toEqual(['__proto__']);
});

test('a document beyond the limit is refused before it is read', () => {
  expect(() => parseCanonicalJson(new Uint8Array(largestDocument + 1), 'bad_leaf')).toThrow(
    expect.objectContaining({ code: 'too_large' }),
  );
});

test('a document at the limit is read', () => {
  const text = `"${'a'.repeat(largestDocument - 2)}"`;
  expect(parseCanonicalJson(encodeText(text), 'bad_leaf')).toHaveLength(largestDocument - 2);
});

test('no bytes throw anything but coded errors', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(attempt(() => parseCanonicalJson(bytes, 'bad_leaf'))).toBeDefined();
    }),
  );
});
