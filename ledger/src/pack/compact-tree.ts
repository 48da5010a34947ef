import { emptyRoot, nodeHash } from '../merkle.ts';
import { type Primitives } from '../primitives.ts';

/** A tree of which only the right edge is kept: as many hashes as it has levels. */
export interface CompactTree {
  /** Appends the hash of a leaf. `complete` is told of each subtree that it completes, the leaf first. */
  append(leafHash: Uint8Array, complete?: (level: number, hash: Uint8Array) => void): void;
  root(): Uint8Array;
}

/** The tree without leaves, to be grown (RFC 9162 §2.1). */
export function compactTree(p: Primitives): CompactTree {
  const edge: (Uint8Array | undefined)[] = [];
  return {
    append(leafHash, complete) {
      let hash = leafHash;
      let level = 0;
      complete?.(level, hash);
      for (let left = edge[level]; left !== undefined; left = edge[level]) {
        hash = nodeHash(p, left, hash);
        edge[level] = undefined;
        level++;
        complete?.(level, hash);
      }
      edge[level] = hash;
    },
    root() {
      const parts = edge.filter((part) => part !== undefined);
      const [last, ...larger] = parts;
      return last === undefined ? emptyRoot(p) : larger.reduce((right, left) => nodeHash(p, left, right), last);
    },
  };
}
