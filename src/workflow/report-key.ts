import { envelopeKeyId, formatVerifierKey } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import type { LogKeeper } from '../storage/keeper.ts';
import { readKeys } from '../storage/signing-keys.ts';
import type { Tables } from '../storage/tables.ts';
import { keyOf } from './primitives.ts';

/** The public key of the log: what `countersign keys --json` prints. */
export interface KeyReport {
  /** First line of every checkpoint, and the name of the signer. */
  readonly origin: string;
  /** As Go's `sumdb/note` and C2SP's signed notes take it. */
  readonly verifier_key: string;
  /** `keyid` of every envelope: SHA-256 of the key's SPKI DER. */
  readonly key_id: string;
  /** As `openssl` and Sigstore's verifiers take it. */
  readonly pem: string;
  /** Every key that the log was ever signed with, oldest first: from which entry on. */
  readonly history: readonly { readonly from: number; readonly verifier_key: string; readonly at: string }[];
}

/** Shows the public half of the key that signs, and of those that did. */
export async function reportKey(db: Kysely<Tables>, { primitives, signer }: LogKeeper): Promise<KeyReport> {
  const { name, publicKey } = signer;
  return {
    origin: name,
    verifier_key: formatVerifierKey(primitives, { name, publicKey }),
    key_id: envelopeKeyId(primitives, publicKey),
    pem: keyOf(publicKey).export({ type: 'spki', format: 'pem' }),
    history: (await readKeys(db)).map((key) => ({
      from: key.firstIndex,
      verifier_key: formatVerifierKey(primitives, { name, publicKey: key.publicKey }),
      at: key.at.toISOString(),
    })),
  };
}
