import { LedgerError } from './errors.ts';
import { emptyRoot, isHash, isTreeSize, nodeHash, shift, trailingZeros } from './merkle.ts';
import { type Primitives } from './primitives.ts';

// RFC 9162 §2.1 from the side of the log. Everything is read as complete subtrees: their hashes never change.

/** Gives the hash of a complete subtree: of the leaves from `index * 2 ** level` to `(index + 1) * 2 ** level`. */
export type HashReader = (level: number, index: number) => Uint8Array;

/** A complete subtree. Level 0 are leaves. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** What becomes of a tree when leaves are appended. */
export interface Growth {
  readonly oldSize: number;
  readonly size: number;
  readonly root: Uint8Array;
  /** All subtrees that are complete now and were not before, the leaves among them; children before their parents. */
  readonly subtrees: readonly Subtree[];
}

/** The root of a tree (§2.1.1), with as many hashes as the tree has levels. */
export function rootOf(p: Primitives, read: HashReader, size: number): Uint8Array {
  assertSize(size);
  return rootOfParts(p, completeParts(read, 0, size));
}

/** The proof that the leaf at `index` is in the tree of `size` leaves (§2.1.3.1). */
export function inclusionProof(p: Primitives, read: HashReader, index: number, size: number): Uint8Array[] {
  assertSize(size);
  if (!isTreeSize(index) || index >= size) throw new LedgerError('bad_proof', 'The tree has no such leaf');
  return siblings(p, read, 0, index, size);
}

/** The proof that the tree of `newSize` leaves begins with the tree of `oldSize` (§2.1.4.1). */
export function consistencyProof(p: Primitives, read: HashReader, oldSize: number, newSize: number): Uint8Array[] {
  assertSize(oldSize);
  assertSize(newSize);
  if (oldSize > newSize) throw new LedgerError('bad_proof', 'A tree does not begin with a larger one');
  if (oldSize === 0 || oldSize === newSize) return [];
  const level = trailingZeros(oldSize);
  const index = shift(oldSize, level) - 1;
  const path = siblings(p, read, level, index, newSize);
  return index === 0 ? path : [read(level, index), ...path];
}

/** Appends leaves to a tree: its right edge is read, and less than two hashes for each leaf are made. */
export function appendLeaves(
  p: Primitives,
  read: HashReader,
  oldSize: number,
  leafHashes: readonly Uint8Array[],
): Growth {
  assertSize(oldSize);
  const size = oldSize + leafHashes.length;
  assertSize(size);
  const edge = completeParts(read, 0, oldSize);
  const subtrees: Subtree[] = [];
  let next = oldSize;
  for (const leaf of leafHashes) {
    if (!isHash(leaf)) throw new LedgerError('bad_leaf', 'The hash of a leaf has 32 bytes');
    let subtree: Subtree = { level: 0, index: next++, hash: leaf };
    subtrees.push(subtree);
    while (subtree.index % 2 === 1) {
      const hash = nodeHash(p, edge.pop()!, subtree.hash);
      subtree = { level: subtree.level + 1, index: shift(subtree.index, 1), hash };
      subtrees.push(subtree);
    }
    edge.push(subtree.hash);
  }
  return { oldSize, size, root: rootOfParts(p, edge), subtrees };
}

/** What a node on its way up to the root is hashed with, level by level. */
function siblings(p: Primitives, read: HashReader, level: number, index: number, size: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  for (; 2 ** level < size; level++, index = shift(index, 1)) {
    const sibling = index % 2 === 1 ? index - 1 : index + 1;
    const begin = sibling * 2 ** level;
    const end = begin + 2 ** level;
    if (end <= size) path.push(read(level, sibling));
    else if (begin < size) path.push(rootOfParts(p, completeParts(read, begin, size)));
  }
  return path;
}

/** The hashes of the complete subtrees of which the leaves from `begin` to `end` consist, the largest first. */
function completeParts(read: HashReader, begin: number, end: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let level = 48; level >= 0; level--) {
    if (end - begin < 2 ** level) continue;
    parts.push(read(level, shift(begin, level)));
    begin += 2 ** level;
  }
  return parts;
}

function rootOfParts(p: Primitives, parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 0 ? emptyRoot(p) : parts.reduceRight((right, left) => nodeHash(p, left, right));
}

function assertSize(size: number): void {
  if (!isTreeSize(size)) throw new LedgerError('too_large', 'No tree has that size');
}
