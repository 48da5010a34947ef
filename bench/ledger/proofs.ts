import {
  consistencyProof,
  formatCheckpoint,
  formatProof,
  inclusionProof,
  signNote,
  type HashReader,
} from '@countersign/ledger';
import { primitives as p, signer } from './log.ts';

/** The longest proofs of a log; what they say makes no difference to their size. */
export function measureProofs(size: number): object {
  const root = new Uint8Array(32);
  const anyHash: HashReader = () => root;
  const checkpoint = signNote(p, formatCheckpoint({ origin: signer.name, size, root }), [signer]);
  const inclusion = inclusionProof(p, anyHash, 0, size);
  return {
    entries: size,
    inclusion_hashes: inclusion.length,
    proof_file_bytes: Buffer.byteLength(formatProof({ index: 0, hashes: inclusion, checkpoint })),
    consistency_hashes: consistencyProof(p, anyHash, size / 2 - 1, size).length,
  };
}
