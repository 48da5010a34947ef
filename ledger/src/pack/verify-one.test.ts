import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../../test/support/attempt.ts';
import { flip } from '../../../test/support/flip.ts';
import { primitives, seeds, signerOf } from '../../../test/support/ledger-primitives.ts';
import { buildPack, firstKey, secondKey } from '../../../test/support/pack-builder.ts';
import { type SealedFiles, verifyOne } from './verify-one.ts';

const { files } = buildPack();
const path = [...files.keys()].find((one) => one.endsWith('/record.json'))!;
const stem = path.slice(0, -'.json'.length);
const parts = {
  document: '.json',
  envelope: '.envelope.json',
  leaf: '.leaf.json',
  salt: '.salt',
  proof: '.tlog-proof',
};
const record = Object.fromEntries(
  Object.entries(parts).map(([part, ending]) => [part, files.get(stem + ending)!]),
) as unknown as Required<SealedFiles>;
const keys = [firstKey, secondKey];

test('a sealed record is verified from its own files and a key', () => {
  expect(verifyOne(primitives, record, keys)).toMatchObject({
    index: 2,
    leaf: { kind: 'record' },
    checkpoint: { origin: firstKey.name },
    verifiedBy: [firstKey],
  });
});

test('no byte of any of its files can be replaced by another', () => {
  const part = fc.constantFrom(...Object.keys(parts));
  fc.assert(
    fc.property(part, fc.nat(), fc.integer({ min: 1, max: 255 }), (name, at, change) => {
      const bytes = flip(record[name as keyof SealedFiles], at, change);
      expect(attempt(() => verifyOne(primitives, { ...record, [name]: bytes }, keys))).toBeInstanceOf(Error);
    }),
    { numRuns: 2000 },
  );
});

test('the files of two documents do not make one', () => {
  for (const [part, ending] of Object.entries(parts)) {
    const other = files.get(stem.replace(/record$/, 'verdict') + ending)!;
    expect(attempt(() => verifyOne(primitives, { ...record, [part]: other }, keys))).toBeInstanceOf(Error);
  }
});

test('a key that is not trusted shows nothing', () => {
  const stranger = signerOf(firstKey.name, seeds.third);
  expect(() => verifyOne(primitives, record, [stranger])).toThrow(expect.objectContaining({ code: 'unknown_key' }));
});
