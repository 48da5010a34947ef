import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { codeOf } from '../../test/support/code-of.ts';
import { primitives } from '../../test/support/ledger-primitives.ts';
import vectors from '../vectors/leaf.json' with { type: 'json' };
import { canonicalJson, type Json } from './canonical-json.ts';
import { decodeHex, decodeText, encodeHex, encodeText } from './encoding.ts';
import { commitmentOf, type Leaf, leafOf, parseLeaf } from './leaf.ts';

const leaf: Leaf = {
  kind: 'record',
  id: 'gitlab.example.com/7/42',
  commitment: primitives.sha256(Uint8Array.of(1)),
  at: '2026-08-01T09:30:00.000Z',
};

test.each(vectors.commitments)('$what is committed to as on file', ({ salt, envelope, commitment }) => {
  expect(encodeHex(commitmentOf(primitives, decodeHex(salt), encodeText(envelope)))).toBe(commitment);
});

test.each(vectors.leaves)('the leaf of a $kind is written and read as on file', ({ leaf: bytes, ...given }) => {
  const { kind, id, at, commitment } = given;
  const expected = { kind: kind as Leaf['kind'], id, at, commitment: decodeHex(commitment) };
  expect(decodeText(leafOf(expected))).toBe(bytes);
  expect(parseLeaf(encodeText(bytes))).toEqual(expected);
});

test.each(vectors.refused)('$what is refused', ({ leaf: bytes, code }) => {
  expect(() => parseLeaf(encodeText(bytes))).toThrow(expect.objectContaining({ code }));
});

test.each([0, 31, 33])('a salt of %i bytes is refused', (length) => {
  expect(() => commitmentOf(primitives, new Uint8Array(length), encodeText('{}'))).toThrow(
    expect.objectContaining({ code: 'bad_leaf' }),
  );
});

test('another salt and another envelope give another commitment', () => {
  const salt = primitives.sha256(Uint8Array.of(2));
  const other = primitives.sha256(Uint8Array.of(3));
  const [first, second, third] = [
    commitmentOf(primitives, salt, encodeText('one')),
    commitmentOf(primitives, other, encodeText('one')),
    commitmentOf(primitives, salt, encodeText('two')),
  ].map(encodeHex);
  expect(new Set([first, second, third]).size).toBe(3);
});

test('what was written is what is read', () => {
  const leaves = fc.record({
    kind: fc.constantFrom('record', 'verdict', 'statement'),
    id: fc.stringMatching(/^[!-~]{1,200}$/),
    commitment: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    at: fc
      .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
  });
  fc.assert(
    fc.property(leaves, (given) => {
      expect(parseLeaf(leafOf(given))).toEqual(given);
    }),
  );
});

test.each<[string, object]>([
  ['another kind', { kind: 'note' }],
  ['no id', { id: '' }],
  ['a space in its id', { id: 'a b' }],
  ['a newline at the end of its id', { id: 'a\n' }],
  ['letters beyond ASCII in its id', { id: 'ä' }],
  ['an id of 501 characters', { id: 'a'.repeat(501) }],
  ['a short commitment', { commitment: new Uint8Array(31) }],
  ['a day that does not exist', { at: '2026-02-30T09:30:00.000Z' }],
  ['a time without milliseconds', { at: '2026-08-01T09:30:00Z' }],
  ['a time with an offset', { at: '2026-08-01T09:30:00+00:00' }],
])('a leaf with %s is not written', (_what, part) => {
  expect(() => leafOf({ ...leaf, ...part })).toThrow(expect.objectContaining({ code: 'bad_leaf' }));
});

test('a time is taken exactly when the calendar writes it so', () => {
  const two = fc.constantFrom(
    '00',
    '01',
    '02',
    '04',
    '11',
    '12',
    '13',
    '23',
    '24',
    '28',
    '29',
    '30',
    '31',
    '32',
    '59',
    '60',
  );
  const year = fc.constantFrom('0000', '1900', '2000', '2024', '2026', '9999');
  fc.assert(
    fc.property(year, two, two, two, two, two, (year, month, day, hour, minute, second) => {
      const at = `${year}-${month}-${day}T${hour}:${minute}:${second}.007Z`;
      const time = new Date(at);
      const exists = !Number.isNaN(time.getTime()) && time.toISOString() === at;
      expect(codeOf(() => leafOf({ ...leaf, at }))).toBe(exists ? 'none' : 'bad_leaf');
    }),
    { numRuns: 5000 },
  );
});

test('no byte of a leaf can be replaced by another unnoticed', () => {
  const bytes = leafOf(leaf);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = bytes.map((byte, index) => (index === at ? byte ^ change : byte));
      expect(attempt(() => parseLeaf(changed))).not.toEqual(leaf);
    }),
    { numRuns: 1000 },
  );
});

test('whatever is no leaf is a bad leaf, and nothing else', () => {
  const part = fc.oneof(fc.jsonValue(), fc.constantFrom('record', leaf.at, encodeHex(leaf.commitment)));
  const value = fc.record({ v: fc.constantFrom(1, 2, '1'), kind: part, id: part, commitment: part, at: part });
  const bytes = fc.oneof(
    fc.uint8Array(),
    value.map((given) => encodeText(canonicalJson(given as Json))),
  );
  fc.assert(
    fc.property(bytes, (hostile) => {
      const outcome = attempt(() => parseLeaf(hostile));
      expect(outcome instanceof Error ? outcome : leafOf(outcome as Leaf)).toMatchObject(
        outcome instanceof Error ? { code: 'bad_leaf' } : hostile,
      );
    }),
    { numRuns: 2000 },
  );
});
