import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf } from '../../test/support/code-of.ts';
import { primitives } from '../../test/support/ledger-primitives.ts';
import { naivePath, naiveProof, naiveRoot, someLeaves } from '../../test/support/naive-tree.ts';
import vectors from '../vectors/merkle.json' with { type: 'json' };
import { decodeHex, encodeHex } from './encoding.ts';
import { emptyRoot, leafHash, nodeHash, verifyConsistency, verifyInclusion } from './merkle.ts';
import type { Consistency, Inclusion } from './merkle.ts';

// The reference tree of Certificate Transparency: github.com/google/certificate-transparency,
// cpp/merkletree/merkle_tree_test.cc, kInputs and kSHA256Roots; its proofs in github.com/transparency-dev/merkle.
const roots = vectors.roots.map(decodeHex);
const leaves = vectors.leaves.map((data) => leafHash(primitives, decodeHex(data)));

const isInclusion = (inclusion: Inclusion) => codeOf(() => verifyInclusion(primitives, inclusion));
const isConsistency = (consistency: Consistency) => codeOf(() => verifyConsistency(primitives, consistency));

const some = someLeaves(300);

test('the leaves and roots of the reference tree hash to what is published', () => {
  expect(vectors.roots.at(-1)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  expect(encodeHex(emptyRoot(primitives))).toBe(vectors.roots[0]);
  expect(leaves.map(encodeHex)).toEqual(vectors.leafHashes);
  expect(encodeHex(nodeHash(primitives, leaves[0]!, leaves[1]!))).toBe(vectors.roots[2]);
});

test('the proofs of the reference tree hold', () => {
  for (const { index, size, proof } of vectors.inclusion) {
    const inclusion = { leafHash: leaves[index]!, index, size, proof: proof.map(decodeHex), root: roots[size]! };
    expect(isInclusion(inclusion)).toBe('none');
  }
  for (const { oldSize, newSize, proof } of vectors.consistency) {
    const [oldRoot, newRoot] = [roots[oldSize]!, roots[newSize]!];
    expect(isConsistency({ oldSize, oldRoot, newSize, newRoot, proof: proof.map(decodeHex) })).toBe('none');
  }
});

test('every flipped bit of a proof, a root or a leaf is noticed', () => {
  for (const size of [1, 2, 7, 8, 21]) {
    const [index, tree] = [Math.floor(size / 2), some.slice(0, size)];
    const proof = naivePath(index, tree);
    const inclusion = { leafHash: tree[index]!, index, size, proof, root: naiveRoot(tree) };
    expect(isInclusion(inclusion)).toBe('none');
    for (const leafHash of flipped(inclusion.leafHash))
      expect(isInclusion({ ...inclusion, leafHash })).toBe('bad_proof');
    for (const root of flipped(inclusion.root)) expect(isInclusion({ ...inclusion, root })).toBe('bad_proof');
    for (const bent of bentProofs(proof)) expect(isInclusion({ ...inclusion, proof: bent })).toBe('bad_proof');
  }
});

test('every flipped bit of a proof or a root of two heads is noticed', () => {
  for (const [oldSize, newSize] of [
    [1, 2],
    [3, 7],
    [4, 7],
    [6, 8],
    [13, 21],
  ] as const) {
    const proof = naiveProof(oldSize, some.slice(0, newSize));
    const oldRoot = naiveRoot(some.slice(0, oldSize));
    const heads = { oldSize, oldRoot, newSize, newRoot: naiveRoot(some.slice(0, newSize)), proof };
    expect(isConsistency(heads)).toBe('none');
    // A tree of 2^n leaves is a subtree of the later one, and the climb begins with its root.
    const otherRoot = Number.isInteger(Math.log2(oldSize)) ? 'bad_proof' : 'inconsistent';
    for (const root of flipped(heads.oldRoot)) expect(isConsistency({ ...heads, oldRoot: root })).toBe(otherRoot);
    for (const newRoot of flipped(heads.newRoot)) expect(isConsistency({ ...heads, newRoot })).toBe('bad_proof');
    for (const bent of bentProofs(proof)) expect(isConsistency({ ...heads, proof: bent })).toBe('bad_proof');
  }
});

test('a proof holds for no other index', () => {
  fc.assert(
    fc.property(fc.nat(39), fc.integer({ min: 1, max: 40 }), fc.nat(45), (at, size, other) => {
      const index = at % size;
      const tree = some.slice(0, size);
      const inclusion = {
        leafHash: tree[index]!,
        index,
        size,
        proof: naivePath(index, tree),
        root: naiveRoot(tree),
      };
      expect(isInclusion(inclusion)).toBe('none');
      expect(isInclusion({ ...inclusion, index: other })).toBe(other === index ? 'none' : 'bad_proof');
    }),
    { numRuns: 500 },
  );
});

test('two trees are consistent exactly when one begins with the other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 150 }), fc.nat(149), (m, more, other) => {
      const newer = some.slice(0, m + more);
      const proof = naiveProof(m, newer);
      const heads = {
        oldSize: m,
        oldRoot: naiveRoot(some.slice(0, m)),
        newSize: m + more,
        newRoot: naiveRoot(newer),
        proof,
      };
      expect(isConsistency(heads)).toBe('none');
      const rewritten = some.slice(0, m).with(other % m, some.at(-1)!);
      expect(isConsistency({ ...heads, oldRoot: naiveRoot(rewritten) })).toMatch(/^(bad_proof|inconsistent)$/);
    }),
    { numRuns: 200 },
  );
});

test('heads of one size, of no size and of a shrunken tree need no proof to be judged', () => {
  const [none, five, six] = [emptyRoot(primitives), roots[5]!, roots[6]!];
  const judge = (
    oldSize: number,
    oldRoot: Uint8Array,
    newSize: number,
    newRoot: Uint8Array,
    proof: Uint8Array[] = [],
  ) => isConsistency({ oldSize, oldRoot, newSize, newRoot, proof });
  expect(judge(5, five, 5, five)).toBe('none');
  expect(judge(5, five, 5, six)).toBe('inconsistent');
  expect(judge(5, five, 5, five, [five])).toBe('bad_proof');
  expect(judge(6, six, 5, five)).toBe('inconsistent');
  expect(judge(0, none, 0, none)).toBe('none');
  expect(judge(0, none, 5, five)).toBe('none');
  expect(judge(0, none, 5, five, [five])).toBe('bad_proof');
  expect(judge(0, five, 5, five)).toBe('inconsistent');
  expect(judge(0, five, 0, five)).toBe('inconsistent');
  expect(judge(5, five, 0, none)).toBe('inconsistent');
  expect(judge(5, five, 6, six)).toBe('bad_proof');
});

test('the largest tree has proofs of 48 hashes, and nothing is larger', () => {
  const leaf = some[0]!;
  const proof = some.slice(0, 48);
  // All siblings of the first leaf stand to its right, all of the last one to its left.
  const first = proof.reduce((hash, sibling) => nodeHash(primitives, hash, sibling), leaf);
  const last = proof.reduce((hash, sibling) => nodeHash(primitives, sibling, hash), leaf);
  const size = 2 ** 48;
  expect(isInclusion({ leafHash: leaf, index: 0, size, proof, root: first })).toBe('none');
  expect(isInclusion({ leafHash: leaf, index: size - 1, size, proof, root: last })).toBe('none');
  expect(isConsistency({ oldSize: 1, oldRoot: leaf, newSize: size, newRoot: first, proof })).toBe('none');
  expect(isInclusion({ leafHash: leaf, index: 0, size: size + 1, proof: [...proof, leaf], root: first })).toBe(
    'bad_proof',
  );
});

const oddNumbers = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 48 + 1, 2 ** 53, 1e300];

test.each(oddNumbers)('%d is neither the size of a tree nor an index', (odd) => {
  const [root] = some as [Uint8Array];
  expect(isInclusion({ leafHash: root, index: 0, size: odd, proof: [], root })).toBe('bad_proof');
  expect(isInclusion({ leafHash: root, index: odd, size: 1, proof: [], root })).toBe('bad_proof');
  expect(isConsistency({ oldSize: odd, oldRoot: root, newSize: 8, newRoot: root, proof: [] })).toBe('bad_proof');
  expect(isConsistency({ oldSize: 1, oldRoot: root, newSize: odd, newRoot: root, proof: [] })).toBe('bad_proof');
});

test('a proof of a million hashes is refused without hashing', () => {
  const idle = {
    ...primitives,
    sha256: () => {
      throw new Error('hashed');
    },
  };
  const root = some[0]!;
  const proof = Array.from({ length: 1_000_000 }, () => root);
  expect(codeOf(() => verifyInclusion(idle, { leafHash: root, index: 0, size: 2 ** 48, proof, root }))).toBe(
    'bad_proof',
  );
  const heads = { oldSize: 3, oldRoot: root, newSize: 2 ** 48, newRoot: root, proof };
  expect(codeOf(() => verifyConsistency(idle, heads))).toBe('bad_proof');
});

test('what is no hash of 32 bytes is refused wherever it stands', () => {
  const proof = vectors.inclusion.find(({ index, size }) => index === 5 && size === 8)!.proof.map(decodeHex);
  const genuine = { leafHash: leaves[5]!, index: 5, size: 8, proof, root: roots[8]! };
  expect(isInclusion(genuine)).toBe('none');
  const short = roots[8]!.subarray(1);
  expect(isInclusion({ ...genuine, root: short })).toBe('bad_proof');
  expect(isInclusion({ ...genuine, leafHash: short })).toBe('bad_proof');
  expect(isInclusion({ leafHash: short, index: 0, size: 1, proof: [], root: short })).toBe('bad_proof');
  expect(isConsistency({ oldSize: 1, oldRoot: short, newSize: 1, newRoot: short, proof: [] })).toBe('bad_proof');
  for (const odd of [short, new Uint8Array(33), undefined, null, '0'.repeat(32), Array(32).fill(0)] as Uint8Array[]) {
    expect(isInclusion({ ...genuine, proof: proof.with(1, odd) })).toBe('bad_proof');
    const heads = { oldSize: 6, oldRoot: roots[6]!, newSize: 8, newRoot: roots[8]! };
    for (const at of [0, 1, 2]) expect(isConsistency({ ...heads, proof: proof.with(at, odd) })).toBe('bad_proof');
  }
  expect(isInclusion({ ...genuine, proof: Array<Uint8Array>(3) })).toBe('bad_proof');
});

/** The same hash with another bit each time. */
function flipped(hash: Uint8Array): Uint8Array[] {
  return Array.from({ length: hash.length * 8 }, (_, bit) => hash.with(bit >> 3, hash[bit >> 3]! ^ (1 << (bit & 7))));
}

/** The proof with a bit flipped, a hash missing, or one too many. */
function bentProofs(proof: readonly Uint8Array[]): Uint8Array[][] {
  const bent = proof.flatMap((hash, at) => [
    ...flipped(hash).map((other) => proof.with(at, other)),
    proof.toSpliced(at, 1),
  ]);
  const extra = some.at(-1)!;
  return [...bent, [...proof, extra], [extra, ...proof]];
}
