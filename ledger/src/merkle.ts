import { encodeText, equalBytes } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { joinBriefly } from './join-briefly.ts';
import { type Primitives } from './primitives.ts';

// RFC 9162 §2.1, which for SHA-256 hashes as RFC 6962 §2.1 does.

/** No tree has more leaves, so that every index is an exact number with room to calculate. */
export const largestTree: number = 2 ** 48;

/** Bytes of a hash. */
export const hashLength = 32;

/** That the tree of `size` leaves under `root` has the leaf at `index`, counted from 0. */
export interface Inclusion {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  /** From the leaf up to the root. */
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** That the tree of `newSize` leaves begins with the leaves of the tree of `oldSize`. */
export interface Consistency {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

const leafPrefix = Uint8Array.of(0x00);
const nodePrefix = Uint8Array.of(0x01);

/** The hash of a leaf (§2.1.1). */
export function leafHash(p: Primitives, data: Uint8Array): Uint8Array {
  return p.sha256(joinBriefly(leafPrefix, data));
}

/** The hash of what two subtrees make together (§2.1.1). */
export function nodeHash(p: Primitives, left: Uint8Array, right: Uint8Array): Uint8Array {
  return p.sha256(joinBriefly(nodePrefix, left, right));
}

/** The root of the tree without leaves (§2.1.1). */
export function emptyRoot(p: Primitives): Uint8Array {
  return p.sha256(encodeText(''));
}

/** Whether a number can be the size of a tree. */
export function isTreeSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0 && size <= largestTree;
}

/** Whether a value has the form of a hash. */
export function isHash(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === hashLength;
}

/** Checks that a leaf is in a tree (§2.1.3.2). Throws `bad_proof` where that is not shown. */
export function verifyInclusion(p: Primitives, { leafHash, index, size, proof, root }: Inclusion): void {
  if (!isTreeSize(size) || !isTreeSize(index) || index >= size) throw noProof('The tree has no such leaf');
  assertHashes([leafHash, root]);
  const sides = siblingSides(index, size - 1);
  assertProof(proof, sides.length);

  const reached = sides.reduce((hash, side, at) => join(p, side, proof[at]!, hash), leafHash);
  if (!equalBytes(reached, root)) throw noProof('The proof does not lead from the leaf to the root');
}

/**
 * Checks that a later head of a log extends an earlier one (§2.1.4.2).
 *
 * Throws `inconsistent` where it is shown that the later tree does not begin with the earlier: it is smaller, or of the
 * same size with another root, or the proof leads to the later root but not to the earlier. Throws `bad_proof` where the
 * proof shows nothing.
 */
export function verifyConsistency(p: Primitives, consistency: Consistency): void {
  const { oldSize, oldRoot, newSize, newRoot, proof } = consistency;
  if (!isTreeSize(oldSize) || !isTreeSize(newSize)) throw noProof('No tree has that size');
  assertHashes([oldRoot, newRoot]);
  if (newSize < oldSize) throw inconsistent('The later tree is smaller');
  if (oldSize === 0 && !equalBytes(oldRoot, emptyRoot(p))) throw inconsistent('The root of no leaves is another');
  if (oldSize === newSize && !equalBytes(oldRoot, newRoot)) throw inconsistent('Two roots for one size');
  if (oldSize === 0 || oldSize === newSize) return assertProof(proof, 0);

  // The climb begins at the largest complete subtree that ends where the old tree ends. Where that is the old tree
  // itself, the proof does not repeat its root.
  const height = trailingZeros(oldSize);
  const index = shift(oldSize, height) - 1;
  const whole = index === 0;
  const sides = siblingSides(index, shift(newSize - 1, height));
  assertProof(proof, whole ? sides.length : sides.length + 1);
  const [start = oldRoot, ...path] = whole ? [oldRoot, ...proof] : proof;

  const newReached = sides.reduce((hash, side, at) => join(p, side, path[at]!, hash), start);
  if (!equalBytes(newReached, newRoot)) throw noProof('The proof does not lead to the later root');
  // What stands to the right was not there yet.
  const oldReached = sides.reduce((hash, side, at) => (side === 'left' ? join(p, side, path[at]!, hash) : hash), start);
  if (!equalBytes(oldReached, oldRoot)) throw inconsistent('The later tree begins with other leaves');
}

/** An index so many levels higher up. Bit operators end at 32 bits. */
export function shift(index: number, bits: number): number {
  return Math.floor(index / 2 ** bits);
}

/** The height of the largest complete subtree that ends where a tree of that size, not 0, ends. */
export function trailingZeros(size: number): number {
  let bits = 0;
  while (shift(size, bits) % 2 === 0) bits++;
  return bits;
}

type Side = 'left' | 'right';

/** Where the siblings stand on the way up from a node to the root; `last` is the last index on the node's level. */
function siblingSides(index: number, last: number): readonly Side[] {
  const sides: Side[] = [];
  for (; last > 0; index = shift(index, 1), last = shift(last, 1)) {
    if (index % 2 === 1) sides.push('left');
    else if (index < last) sides.push('right');
  }
  return sides;
}

function join(p: Primitives, side: Side, sibling: Uint8Array, hash: Uint8Array): Uint8Array {
  return side === 'left' ? nodeHash(p, sibling, hash) : nodeHash(p, hash, sibling);
}

function assertProof(proof: readonly Uint8Array[], length: number): void {
  if (proof.length !== length) throw noProof(`The proof has to have ${length} hashes`);
  assertHashes(proof);
}

function assertHashes(hashes: Iterable<Uint8Array>): void {
  for (const hash of hashes) if (!isHash(hash)) throw noProof('A hash has 32 bytes');
}

function noProof(message: string): LedgerError {
  return new LedgerError('bad_proof', message);
}

function inconsistent(message: string): LedgerError {
  return new LedgerError('inconsistent', message);
}
