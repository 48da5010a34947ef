import { envelopeKeyId, formatVerifierKey, type Signer } from '@countersign/ledger';
import type { LogKeeper } from './keeper.ts';
import { statementEntry, type NewEntry } from './seal-entry.ts';

/**
 * The entry that says which key signs from here on. The first entry of every log is one, signed by its key; a later one
 * is signed by the key that goes and by the one that comes, so that who trusts the old key can follow to the new.
 */
export function keyEntry(
  { primitives: p, signer }: Pick<LogKeeper, 'primitives' | 'signer'>,
  index: number,
  next: Signer | null = null,
): NewEntry {
  const comes = next ?? signer;
  const keyId = envelopeKeyId(p, comes.publicKey);
  const statement = {
    type: 'key' as const,
    name: keyId,
    subjects: [{ name: 'public key (SubjectPublicKeyInfo, DER)', digest: { sha256: keyId } }],
    predicate: {
      from: index,
      new: formatVerifierKey(p, comes),
      old: next === null ? null : formatVerifierKey(p, signer),
    },
  };
  return statementEntry({ primitives: p, signer }, statement, next === null ? [signer] : [signer, next]);
}
