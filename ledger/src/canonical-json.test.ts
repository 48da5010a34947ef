import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';

test('the example of RFC 8785 §3.2.2 comes out as the standard prints it', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '€$\u000f\nA\'B"\\\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('members are sorted by UTF-16 code units, as in RFC 8785 §3.2.3', () => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
});

test('the order in which members were set makes no difference', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (members) => {
      const shuffled = Object.fromEntries(Object.entries(members).toReversed());
      expect(canonicalJson(shuffled as Json)).toBe(canonicalJson(members as Json));
    }),
  );
});

test.each<[string, unknown]>([
  ['NaN', Number.NaN],
  ['an infinite number', Number.POSITIVE_INFINITY],
  ['undefined', { at: undefined }],
  ['a lone surrogate', 'half \ud83d'],
  ['a lone surrogate in a name', { '\udc00': 1 }],
])('%s is refused', (_what, value) => {
  expect(() => canonicalJson(value as Json)).toThrow(expect.objectContaining({ code: 'not_canonical' }));
});

test('endless nesting is refused before the stack ends', () => {
  let value: Json = 1;
  for (let level = 0; level < 100_000; level++) value = [value];
  expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'too_deep' }));
});
