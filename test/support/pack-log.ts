import { createHash } from 'node:crypto';
import {
  appendLeaves,
  bundlesOf,
  commitmentOf,
  encodeEntryBundle,
  formatCheckpoint,
  formatProof,
  inclusionProof,
  leafHash,
  leafOf,
  rootOf,
  signEnvelope,
  signNote,
  statementOf,
  statementType,
  tilePath,
  tilesOfAppend,
  tileWidth,
  widthOfTile,
  type LeafKind,
  type Signer,
  type Statement,
} from '../../ledger/src/index.ts';
import { primitives as p } from './ledger-primitives.ts';
import { memoryOf } from './naive-tree.ts';

/** An entry of a log in memory, with what its files in a pack are made of. */
export interface Entry {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly salt: Uint8Array;
  readonly envelope: Uint8Array;
  readonly signers: readonly Signer[];
}

/** What is sealed. */
export interface Content extends Statement {
  readonly kind: LeafKind;
  readonly id: string;
}

/** A log in memory that seals, and whose files can be asked for. */
export interface PackLog {
  seal(content: Content, signers: readonly Signer[]): Entry;
  readonly size: number;
  /** Its head, signed. */
  head(signers: readonly Signer[]): { readonly note: string; readonly root: Uint8Array };
  /** All files of the log but the head, by path. */
  tiles(): Map<string, Uint8Array>;
  /** The files of a sealed document beside its own, by ending. */
  sealOf(entry: Entry, note: string): Map<string, Uint8Array>;
}

/** A log without entries. Salts and times are the same with every run. */
export function createPackLog(): PackLog {
  const leaves: Uint8Array[] = [];
  const memory = memoryOf();
  const hold = (from: number) => {
    const hashes = leaves.slice(from).map((leaf) => leafHash(p, leaf));
    const growth = appendLeaves(p, memory.read, from, hashes);
    memory.hold(growth.subtrees);
    return growth;
  };
  return {
    get size() {
      return leaves.length;
    },
    seal({ kind, id, subjects, predicateType, predicate }, signers) {
      const payload = statementOf({ subjects, predicateType, predicate });
      const envelope = signEnvelope(p, { payloadType: statementType, payload }, signers);
      const index = leaves.length;
      const salt = new Uint8Array(createHash('sha256').update(`salt ${index}`).digest());
      const at = new Date(Date.UTC(2026, 7, 1) + index * 1000).toISOString();
      const leaf = leafOf({ kind, id, commitment: commitmentOf(p, salt, envelope), at });
      leaves.push(leaf);
      hold(index);
      return { index, leaf, salt, envelope, signers };
    },
    head(signers) {
      const [first] = signers;
      const root = rootOf(p, memory.read, leaves.length);
      const text = formatCheckpoint({ origin: first!.name, size: leaves.length, root });
      return { note: signNote(p, text, signers), root };
    },
    tiles() {
      const files = new Map<string, Uint8Array>();
      const growth = appendLeaves(
        p,
        memory.read,
        0,
        leaves.map((leaf) => leafHash(p, leaf)),
      );
      for (const { bytes, ...address } of tilesOfAppend(memory.read, growth)) files.set(tilePath(address), bytes);
      for (let index = 0; index * tileWidth < leaves.length; index++) {
        const width = widthOfTile('entries', index, leaves.length);
        const bundle = encodeEntryBundle(leaves.slice(index * tileWidth, index * tileWidth + width));
        files.set(tilePath({ level: 'entries', index, width }), bundle);
      }
      return files;
    },
    sealOf({ index, leaf, salt, envelope, signers }, note) {
      const hashes = inclusionProof(p, memory.read, index, leaves.length);
      const bundles = bundlesOf(p, envelope, signers);
      return new Map([
        ['.envelope.json', envelope],
        ...bundles.map((bytes, at) => [at === 0 ? '.bundle.json' : `.bundle-${at + 1}.json`, bytes] as const),
        ['.leaf.json', leaf],
        ['.salt', Buffer.from(`${Buffer.from(salt).toString('hex')}\n`)],
        ['.tlog-proof', Buffer.from(formatProof({ index, hashes, checkpoint: note }))],
      ]);
    },
  };
}
