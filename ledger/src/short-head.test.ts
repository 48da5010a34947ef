import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { encodeBase64 } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { parseShortHead, shortHead, type ShortHead } from './short-head.ts';

const anyRoot = fc.uint8Array({ minLength: 32, maxLength: 32 });
const badCheckpoint = expect.objectContaining({ code: 'bad_checkpoint' });

test('a short head is the size, and the first sixteen characters of the root as a checkpoint shows it', () => {
  // The example of https://c2sp.org/tlog-checkpoint: size 20852163, root CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
  const root = Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64');
  expect(shortHead({ size: 20_852_163, root })).toBe('20852163:CsUYapGGPo4dkMgI');
});

test('what was written is read, and begins the root that it was written from', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), anyRoot, (size, root) => {
      const read = parseShortHead(shortHead({ size, root }));
      expect(read.size).toBe(size);
      expect(encodeBase64(root).startsWith(read.rootStart)).toBe(true);
    }),
  );
});

test('roots that differ in their first twelve bytes have different short heads', () => {
  fc.assert(
    fc.property(anyRoot, fc.nat(11), fc.integer({ min: 1, max: 255 }), (root, at, flip) => {
      const other = root.map((byte, index) => (index === at ? byte ^ flip : byte));
      expect(shortHead({ size: 1, root: other })).not.toBe(shortHead({ size: 1, root }));
    }),
  );
});

test.each([
  ['a negative size', { size: -1 }],
  ['a fraction of a leaf', { size: 1.5 }],
  ['a size beyond whole numbers', { size: 2 ** 53 }],
  ['a short root', { root: new Uint8Array(31) }],
  ['a long root', { root: new Uint8Array(33) }],
])('a head with %s has no short form', (_what, part) => {
  expect(() => shortHead({ size: 1, root: new Uint8Array(32), ...part })).toThrow(badCheckpoint);
});

test.each([
  '',
  '128',
  '128:',
  ':q1Xb0b2m7k8VYw3s',
  '128:q1Xb0b2m7k8VYw3',
  '128:q1Xb0b2m7k8VYw3sA',
  '0128:q1Xb0b2m7k8VYw3s',
  '+128:q1Xb0b2m7k8VYw3s',
  '-1:q1Xb0b2m7k8VYw3s',
  '1e3:q1Xb0b2m7k8VYw3s',
  '9007199254740992:q1Xb0b2m7k8VYw3s',
  '128:q1Xb0b2m7k8VYw3=',
  '128:q1Xb0b2m7k8VYw-_',
  ' 128:q1Xb0b2m7k8VYw3s',
  '128:q1Xb0b2m7k8VYw3s\n',
  '١٢٨:q1Xb0b2m7k8VYw3s',
])('%j is not a short head', (text) => {
  expect(() => parseShortHead(text)).toThrow(badCheckpoint);
});

test('whatever is no short head becomes a coded error, and nothing else is read as one', () => {
  const pieces = fc.constantFrom('0', '12', '-', ':', 'q1Xb0b2m7k8VYw3s', '=', '/', ' ', '\n', '\ud800');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 5 }).map((all) => all.join('')),
  );
  const written = (read: unknown) => `${(read as ShortHead).size}:${(read as ShortHead).rootStart}`;
  fc.assert(
    fc.property(text, (hostile) => {
      const read = attempt(() => parseShortHead(hostile));
      expect(read instanceof LedgerError || written(read) === hostile).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
