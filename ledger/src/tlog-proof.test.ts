import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { primitives, seeds, signerOf } from '../../test/support/ledger-primitives.ts';
import vectors from '../vectors/tlog-proof.json' with { type: 'json' };
import { formatCheckpoint } from './checkpoint.ts';
import { decodeHex, encodeBase64, encodeHex, encodeText } from './encoding.ts';
import { leafHash, nodeHash } from './merkle.ts';
import { parseVerifierKey, signNote } from './note.ts';
import { formatProof, parseProof, verifyProof } from './tlog-proof.ts';

const origin = 'ledger.example.com/security-review';
const ledger = signerOf(origin, seeds.first);
const leafAt = (index: number) => encodeText(`leaf ${index}`);
const leaves = Array.from({ length: 13 }, (_, at) => leafAt(at));

/** The proof that a log of these leaves has the one at an index. */
function proofOf(index: number, data: readonly Uint8Array[] = leaves): string {
  const hashes = data.map((leaf) => leafHash(primitives, leaf));
  const text = formatCheckpoint({ origin, size: data.length, root: rootOf(hashes) });
  return formatProof({ index, hashes: pathOf(index, hashes), checkpoint: signNote(primitives, text, [ledger]) });
}

const verify = (leaf: Uint8Array, proofFile: string) =>
  verifyProof(primitives, { leaf, proofFile, trustedKeys: [ledger], origin });

test.each(vectors.proofs)('$what is verified as on file', ({ leaf, index, size, proof }) => {
  const trustedKeys = [parseVerifierKey(primitives, vectors.verifierKey)];
  const given = { leaf: encodeText(leaf), proofFile: proof, trustedKeys, origin: vectors.origin };
  expect(verifyProof(primitives, given)).toMatchObject({ index, checkpoint: { size } });
  expect(formatProof(parseProof(proof))).toBe(proof);
});

test.each(vectors.refused)('$what is refused as $code', ({ leaf, proof, code }) => {
  const trustedKeys = [parseVerifierKey(primitives, vectors.verifierKey)];
  const given = { leaf: encodeText(leaf), proofFile: proof, trustedKeys, origin: vectors.origin };
  expect(() => verifyProof(primitives, given)).toThrow(expect.objectContaining({ code }));
});

test('the proof in the specification is read as it describes', () => {
  // https://c2sp.org/tlog-proof, the example at the top, whose extra data lacks its padding and whose note is abridged
  const hashes = [
    'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=',
    'B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=',
    'EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=',
    'RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=',
    'AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=',
  ];
  const note =
    'example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n— example.com/fancylog …\n';
  const proof = parseProof(['c2sp.org/tlog-proof@v1', 'extra YWdl', 'index 73894', ...hashes, '', note].join('\n'));
  expect(proof).toMatchObject({ index: 73894, checkpoint: note, extra: encodeText('age') });
  expect(proof.hashes.map(encodeBase64)).toEqual(hashes);
});

test('every leaf of every small log is proven, and no other leaf in its place', () => {
  for (let size = 1; size <= leaves.length; size++) {
    for (let index = 0; index < size; index++) {
      const proof = proofOf(index, leaves.slice(0, size));
      expect(verify(leafAt(index), proof)).toMatchObject({ index, checkpoint: { size, verifiedBy: [ledger] } });
      expect(() => verify(encodeText('another leaf'), proof)).toThrow(expect.objectContaining({ code: 'bad_proof' }));
    }
  }
});

test('a proof by a key that is not trusted, or for another log, shows nothing', () => {
  const given = { leaf: leafAt(0), proofFile: proofOf(0), trustedKeys: [ledger], origin };
  const stranger = { name: origin, publicKey: signerOf(origin, seeds.second).publicKey };
  expect(() => verifyProof(primitives, { ...given, trustedKeys: [stranger] })).toThrow(
    expect.objectContaining({ code: 'unknown_key' }),
  );
  expect(() => verifyProof(primitives, { ...given, origin: 'other.example.com' })).toThrow(
    expect.objectContaining({ code: 'unknown_key' }),
  );
});

test('what was written is what is read', () => {
  const proofs = fc.record({
    index: fc.maxSafeNat(),
    hashes: fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 64 }),
    checkpoint: fc.string({ unit: 'binary', minLength: 1 }),
    extra: fc.uint8Array({ minLength: 1 }),
  });
  fc.assert(
    fc.property(proofs, fc.boolean(), ({ extra, ...rest }, more) => {
      const proof = more ? { ...rest, extra } : rest;
      expect(parseProof(formatProof(proof))).toEqual(proof);
    }),
  );
});

test('no character of a proof can be replaced by another unnoticed', () => {
  const proof = proofOf(5);
  fc.assert(
    fc.property(fc.nat(proof.length - 1), fc.string({ unit: 'binary', maxLength: 1 }), (at, other) => {
      fc.pre(other !== proof[at]);
      const changed = proof.slice(0, at) + other + proof.slice(at + 1);
      expect(attempt(() => verify(leafAt(5), changed))).toBeInstanceOf(Error);
    }),
    { numRuns: 2000 },
  );
});

test('no byte of a leaf can be replaced by another under its proof', () => {
  const leaf = leafAt(0);
  const proof = proofOf(0);
  fc.assert(
    fc.property(fc.nat(leaf.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = leaf.map((byte, index) => (index === at ? byte ^ change : byte));
      expect(() => verify(changed, proof)).toThrow(expect.objectContaining({ code: 'bad_proof' }));
    }),
  );
});

test('whatever is no proof becomes a coded error', () => {
  const genuine = proofOf(5).split('\n');
  const line = fc.oneof(fc.constantFrom(...genuine, 'index 0', 'index', 'extra ', 'extra AA==', '\ud800'), fc.string());
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(line, { maxLength: 20 }).map((lines) => ['c2sp.org/tlog-proof@v1', ...lines].join('\n')),
    fc.tuple(fc.nat(20), fc.nat(20)).map(([from, to]) => genuine.toSpliced(from, 1, genuine[to] ?? '').join('\n')),
  );
  fc.assert(
    fc.property(text, (hostile) => {
      fc.pre(hostile !== genuine.join('\n'));
      expect(attempt(() => verify(leafAt(5), hostile))).toBeInstanceOf(Error);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['a negative index', { index: -1 }],
  ['an index beyond whole numbers', { index: 2 ** 53 }],
  ['a short hash', { hashes: [new Uint8Array(31)] }],
  ['65 hashes', { hashes: Array.from({ length: 65 }, () => new Uint8Array(32)) }],
  ['extra data of no bytes', { extra: new Uint8Array() }],
  ['no checkpoint', { checkpoint: '' }],
])('a proof with %s is not written', (_what, part) => {
  expect(() => formatProof({ index: 0, hashes: [], checkpoint: 'note', ...part })).toThrow(
    expect.objectContaining({ code: 'bad_proof' }),
  );
});

test('a proof beyond the limit is refused before it is read', () => {
  expect(() => parseProof('\n'.repeat(2_000_001))).toThrow(expect.objectContaining({ code: 'too_large' }));
});

test('the leaves on file hash to the root on file', () => {
  const hashes = vectors.leaves.map((leaf) => leafHash(primitives, encodeText(leaf)));
  expect(encodeHex(rootOf(hashes))).toBe(vectors.root);
  expect(decodeHex(vectors.root)).toHaveLength(32);
});

/** MTH of RFC 6962 §2.1, word for word: slow, and written apart from the tree of the ledger. */
function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = hashes;
  if (only !== undefined && others.length === 0) return only;
  const middle = splitOf(hashes.length);
  return nodeHash(primitives, rootOf(hashes.slice(0, middle)), rootOf(hashes.slice(middle)));
}

/** PATH of RFC 6962 §2.1.1, word for word. */
function pathOf(index: number, hashes: readonly Uint8Array[]): Uint8Array[] {
  if (hashes.length === 1) return [];
  const middle = splitOf(hashes.length);
  const [left, right] = [hashes.slice(0, middle), hashes.slice(middle)];
  return index < middle ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - middle, right), rootOf(left)];
}

/** The largest power of two below a number. */
function splitOf(size: number): number {
  let middle = 1;
  while (middle * 2 < size) middle *= 2;
  return middle;
}
