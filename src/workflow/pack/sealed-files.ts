import { bundleEnding, bundlesOf, formatProof, type Primitives, type TrustedKey } from '@countersign/ledger';
import type { SealedEntry } from '../../storage/packed-entries.ts';

/** A file of a pack: its name, and its bytes. */
export type PackFile = readonly [name: string, bytes: Uint8Array];

/** What the seals of a pack have in common. */
export interface SealParts {
  readonly primitives: Primitives;
  /** The signed head that all proofs lead to. */
  readonly note: string;
  /** Who signed an entry, by its index. */
  readonly keysFor: (index: number) => readonly TrustedKey[];
}

/** The files that seal a document: envelope, bundles, leaf, salt and proof, all of one stem. */
export function sealFiles(
  { primitives, note, keysFor }: SealParts,
  stem: string,
  { index, envelope, leaf, salt }: SealedEntry,
  hashes: readonly Uint8Array[],
): PackFile[] {
  const bundles = bundlesOf(primitives, envelope, keysFor(index));
  return [
    [`${stem}.envelope.json`, envelope],
    ...bundles.map((bytes, at): PackFile => [`${stem}${bundleEnding(at)}`, bytes]),
    [`${stem}.leaf.json`, leaf],
    [`${stem}.salt`, Buffer.from(`${salt.toString('hex')}\n`)],
    [`${stem}.tlog-proof`, Buffer.from(formatProof({ index, hashes, checkpoint: note }))],
  ];
}
