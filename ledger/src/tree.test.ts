import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf } from '../../test/support/code-of.ts';
import { primitives } from '../../test/support/ledger-primitives.ts';
import { memoryOf, naivePath, naiveProof, naiveRoot, someLeaves } from '../../test/support/naive-tree.ts';
import vectors from '../vectors/merkle.json' with { type: 'json' };
import { decodeHex, encodeHex } from './encoding.ts';
import { verifyConsistency, verifyInclusion } from './merkle.ts';
import { appendLeaves, consistencyProof, inclusionProof, rootOf, type HashReader } from './tree.ts';

/** A tree in memory, its leaves appended in batches of the given sizes, over and over. */
function treeOf(leaves: readonly Uint8Array[], batches: readonly number[] = [leaves.length]) {
  const { read, hold } = memoryOf();
  let size = 0;
  let root = rootOf(primitives, read, 0);
  for (let batch = 0; size < leaves.length; batch++) {
    const growth = appendLeaves(primitives, read, size, leaves.slice(size, size + batches[batch % batches.length]!));
    hold(growth.subtrees);
    ({ size, root } = growth);
  }
  return { read, root };
}

const nothing: HashReader = (level, index) => {
  throw new Error(`Read ${level}/${index}`);
};

test('the reference tree of Certificate Transparency has the roots and proofs that are published', () => {
  const { read } = treeOf(vectors.leafHashes.map(decodeHex));
  expect(vectors.roots.map((_, size) => encodeHex(rootOf(primitives, read, size)))).toEqual(vectors.roots);
  for (const { index, size, proof } of vectors.inclusion) {
    expect(inclusionProof(primitives, read, index, size).map(encodeHex)).toEqual(proof);
  }
  for (const { oldSize, newSize, proof } of vectors.consistency) {
    expect(consistencyProof(primitives, read, oldSize, newSize).map(encodeHex)).toEqual(proof);
  }
});

test('all trees of up to 70 leaves have the roots of the definition and proofs that hold', () => {
  const leaves = someLeaves(70);
  const { read } = treeOf(leaves);
  const roots = Array.from({ length: 71 }, (_, size) => naiveRoot(leaves.slice(0, size)));
  for (let size = 1; size <= 70; size++) {
    const root = rootOf(primitives, read, size);
    expect(root).toEqual(roots[size]);
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(primitives, read, index, size);
      verifyInclusion(primitives, { leafHash: leaves[index]!, index, size, proof, root });
    }
    for (let oldSize = 0; oldSize <= size; oldSize++) {
      const proof = consistencyProof(primitives, read, oldSize, size);
      verifyConsistency(primitives, { oldSize, oldRoot: roots[oldSize]!, newSize: size, newRoot: root, proof });
    }
  }
});

test('trees of up to 3,000 leaves have the roots and proofs of the definition', () => {
  const sizes = fc.integer({ min: 1, max: 3000 });
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.nat(), (size, seed, at, old) => {
      const leaves = someLeaves(size, seed);
      const { read, root } = treeOf(leaves);
      const [index, oldSize] = [at % size, 1 + (old % size)];
      expect(root).toEqual(naiveRoot(leaves));
      expect(rootOf(primitives, read, size)).toEqual(root);
      expect(inclusionProof(primitives, read, index, size)).toEqual(naivePath(index, leaves));
      expect(consistencyProof(primitives, read, oldSize, size)).toEqual(naiveProof(oldSize, leaves));
    }),
    { numRuns: 60 },
  );
});

test('it makes no difference in which batches leaves are appended', () => {
  const leaves = someLeaves(700);
  const whole = appendLeaves(primitives, nothing, 0, leaves);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (batches) => {
      const { read, root } = treeOf(leaves, batches);
      expect(root).toEqual(whole.root);
      for (const { level, index, hash } of whole.subtrees) expect(read(level, index)).toEqual(hash);
    }),
    { numRuns: 50 },
  );
});

test('nothing appended changes nothing', () => {
  const { read, root } = treeOf(someLeaves(13));
  expect(appendLeaves(primitives, read, 13, [])).toEqual({ oldSize: 13, size: 13, root, subtrees: [] });
  expect(appendLeaves(primitives, nothing, 0, [])).toMatchObject({ size: 0, root: naiveRoot([]) });
});

test('an append reads the right edge and makes less than two hashes for each leaf, whatever the size of the tree', () => {
  const leaves = someLeaves(100);
  for (const oldSize of [0, 1, 1000, 2 ** 31 - 1, 2 ** 47 - 50, 2 ** 48 - 100]) {
    let reads = 0;
    let hashes = 0;
    const counting = { ...primitives, sha256: (data: Uint8Array) => (hashes++, primitives.sha256(data)) };
    const read = () => (reads++, leaves[0]!);
    const { size, subtrees } = appendLeaves(counting, read, oldSize, leaves);
    expect(size).toBe(oldSize + 100);
    expect(subtrees.every(({ level, index }) => (index + 1) * 2 ** level <= size)).toBe(true);
    expect(reads).toBeLessThanOrEqual(48);
    expect(hashes).toBeLessThanOrEqual(2 * 100 + 48);
  }
});

test('proofs in the largest tree read and hash a handful', () => {
  const hash = someLeaves(1)[0]!;
  const size = 2 ** 48 - 1;
  let effort = 0;
  const counting = { ...primitives, sha256: (data: Uint8Array) => (effort++, primitives.sha256(data)) };
  const read: HashReader = (level, index) => {
    effort++;
    expect((index + 1) * 2 ** level).toBeLessThanOrEqual(size);
    return hash;
  };
  expect(inclusionProof(counting, read, 0, size)).toHaveLength(48);
  expect(inclusionProof(counting, read, size - 1, size)).toHaveLength(47);
  expect(consistencyProof(counting, read, 2 ** 33 + 5, size).length).toBeLessThanOrEqual(49);
  rootOf(counting, read, size);
  expect(rootOf(primitives, (level, index) => Uint8Array.of(level, index), 2 ** 48)).toEqual(Uint8Array.of(48, 0));
  expect(effort).toBeLessThan(500);
});

test('sizes, indices and hashes that cannot be are refused', () => {
  const [hash] = someLeaves(1) as [Uint8Array];
  const read = () => hash;
  for (const odd of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 48 + 1]) {
    expect(codeOf(() => rootOf(primitives, read, odd))).toBe('too_large');
    expect(codeOf(() => inclusionProof(primitives, read, 0, odd))).toBe('too_large');
    expect(codeOf(() => inclusionProof(primitives, read, odd, 8))).toBe('bad_proof');
    expect(codeOf(() => consistencyProof(primitives, read, odd, 8))).toBe('too_large');
    expect(codeOf(() => consistencyProof(primitives, read, 3, odd))).toBe('too_large');
    expect(codeOf(() => appendLeaves(primitives, read, odd, [hash]))).toBe('too_large');
  }
  expect(codeOf(() => appendLeaves(primitives, read, 2 ** 48, [hash]))).toBe('too_large');
  expect(codeOf(() => inclusionProof(primitives, read, 8, 8))).toBe('bad_proof');
  expect(codeOf(() => consistencyProof(primitives, read, 9, 8))).toBe('bad_proof');
  expect(codeOf(() => appendLeaves(primitives, read, 0, [hash.subarray(1)]))).toBe('bad_leaf');
});
