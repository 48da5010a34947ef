import { expect, test } from 'vitest';
import { wrap } from './wrap.ts';

test('breaks between words, and indents what follows', () => {
  const text = 'one two three four five six seven eight nine ten eleven';
  expect(wrap(text, 2, 40)).toEqual(['one two three four five six seven eight', '  nine ten eleven']);
});

test('keeps the indent that a line has, and lets a word that is too long stand alone', () => {
  const long = 'x'.repeat(60);
  expect(wrap(`    → ${long} y`, 6, 40)).toEqual(['    →', `      ${long}`, '      y']);
});

test('colours take no room', () => {
  const red = '\u001b[31mone\u001b[39m';
  expect(wrap(`${red} ${'a'.repeat(36)}`, 2, 40)).toHaveLength(1);
});

test('breaks nothing where nobody says how wide it is', () => {
  const text = 'word '.repeat(100);
  expect(wrap(text, 2, undefined)).toEqual([text]);
});
