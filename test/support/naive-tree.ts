import { leafHash, nodeHash } from '../../ledger/src/merkle.ts';
import { type HashReader, type Subtree } from '../../ledger/src/tree.ts';
import { primitives } from './ledger-primitives.ts';

// RFC 6962 §2.1 to §2.1.2 as they stand there, recursion and all: slow, and easily compared with the text.

/** MTH(D[n]), of the hashes of the leaves. */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return primitives.sha256(new Uint8Array());
  if (leaves.length === 1) return leaves[0]!;
  const k = split(leaves.length);
  return nodeHash(primitives, naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** PATH(m, D[n]). */
export function naivePath(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  if (m < k) return [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))];
  return [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}

/** PROOF(m, D[n]). */
export function naiveProof(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  return naiveSubproof(m, leaves, true);
}

function naiveSubproof(m: number, leaves: readonly Uint8Array[], b: boolean): Uint8Array[] {
  const n = leaves.length;
  if (m === n) return b ? [] : [naiveRoot(leaves)];
  const k = split(n);
  if (m <= k) return [...naiveSubproof(m, leaves.slice(0, k), b), naiveRoot(leaves.slice(k))];
  return [...naiveSubproof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
}

/** The largest power of two that is smaller than n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The hashes of so many leaves, which differ from those of another seed. */
export function someLeaves(count: number, seed: number = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => leafHash(primitives, Buffer.from(`${seed}/${index}`)));
}

/** Reads what is held in memory, and fails for everything else. */
export function memoryOf(): { read: HashReader; hold: (subtrees: readonly Subtree[]) => void } {
  const held = new Map<string, Uint8Array>();
  return {
    read(level, index) {
      const hash = held.get(`${level}/${index}`);
      if (hash === undefined) throw new Error(`No subtree ${level}/${index} is complete`);
      return hash;
    },
    hold(subtrees) {
      for (const { level, index, hash } of subtrees) held.set(`${level}/${index}`, hash);
    },
  };
}
