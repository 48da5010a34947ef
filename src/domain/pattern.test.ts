import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesAny } from './pattern.ts';

test.each([
  ['security::*', 'security::high', true],
  ['security::*', 'security::web::high', true],
  ['security::*', ' security::high ', true],
  ['security::*', 'security:high', false],
  ['security::*', 'Security::high', false],
  ['security::*', 'not-security::high', false],
  ['*', 'anything/at all', true],
  ['*', '', true],
  ['release/*', 'release/24.1/hot', true],
  ['release/*/hot', 'release/24.1/hot', true],
  ['release/*/hot', 'release/hot', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*bb*b', 'abb', false],
  ['a.c', 'abc', false],
  ['main', 'main', true],
  ['main', 'maintenance', false],
])('the pattern %j and the text %j: %j', (pattern, text, expected) => {
  expect(matchesAny([pattern], text)).toBe(expected);
});

test('any one of several patterns is enough, and none of none is not', () => {
  expect(matchesAny(['main', 'release/*'], 'release/1')).toBe(true);
  expect(matchesAny([], 'main')).toBe(false);
});

test('a pattern means what its regular expression means', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '/'), maxLength: 8 });
  fc.assert(
    fc.property(piece, fc.string({ unit: fc.constantFrom('a', 'b', '.', '/'), maxLength: 12 }), (pattern, text) => {
      const source = pattern
        .split('*')
        .map((part) => RegExp.escape(part))
        .join('.*');
      expect(matchesAny([pattern], text)).toBe(new RegExp(`^${source}$`, 's').test(text));
    }),
  );
});
