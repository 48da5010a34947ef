import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readable } from './text.ts';

test.each([
  ['line breaks become spaces', 'one\r\ntwo\u2028three', 'one two three'],
  ['control characters go', 'a\u0000b\u001bc', 'abc'],
  ['direction marks and overrides go', '\u202egnp.exe\u2066x\u200f', 'gnp.exex'],
  ['half a surrogate pair becomes a replacement character', 'x\ud83dy', 'x\ufffdy'],
  ['emoji and other scripts stay', '修复 🔒 é', '修复 🔒 é'],
])('%s', (_sentence, text, expected) => {
  expect(readable(text)).toBe(expected);
});

test('a long text is cut with a mark, never within a character', () => {
  expect(readable('x'.repeat(20), 10)).toBe(`${'x'.repeat(9)}…`);
  expect(readable(`${'x'.repeat(8)}😀😀😀`, 10)).toBe(`${'x'.repeat(8)}…`);
});

test('whatever comes in, one well-formed line of bounded length comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const line = readable(text, 100);
      expect(line.isWellFormed()).toBe(true);
      expect(line.length).toBeLessThanOrEqual(100);
      expect(line).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
    }),
  );
});
