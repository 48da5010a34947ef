import { shortHead } from '@countersign/ledger';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headMark, isPlaceLine, placeLine } from './log-head.ts';
import type { Inline } from './text.ts';

const root = new Uint8Array(32).fill(255);
const textOf = (line: readonly Inline[]): string => line.map(({ text }) => text).join('');

test('a head ends a line, as code; where nothing has been sealed, the line ends without', () => {
  expect(textOf(headMark({ size: 128, root }))).toBe(' · ledger 128:////////////////');
  expect(headMark({ size: 128, root }).at(-1)?.kind).toBe('code');
  expect(headMark(null)).toEqual([]);
});

test('a place names the entry and a head that covers it', () => {
  expect(placeLine({ index: 12, head: { size: 128, root } })).toEqual([
    { kind: 'code', text: 'entry 12 of 128:////////////////' },
  ]);
});

test('every line that names a place is known as one', () => {
  const head = fc.record({ size: fc.maxSafeNat(), root: fc.uint8Array({ minLength: 32, maxLength: 32 }) });
  fc.assert(
    fc.property(fc.maxSafeNat(), head, (index, one) => {
      expect(isPlaceLine(textOf(placeLine({ index, head: one })))).toBe(true);
      expect(isPlaceLine(shortHead(one))).toBe(false);
    }),
  );
});

test.each([
  'SEC-0123456789abcdef',
  'entry 12',
  'entry 12 of 128',
  'entry 12 of 128:short',
  'see entry 12 of 128:q1Xb0b2m7k8VYw3s',
  'entry 12 of 128:q1Xb0b2m7k8VYw3s, checked by AR',
])('%j is not such a line', (line) => {
  expect(isPlaceLine(line)).toBe(false);
});
