import { envelopeKeyId, formatVerifierKey } from '@countersign/ledger';
import type { LogKeeper } from '../storage/keeper.ts';
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
}

/** Shows the public half of the key that signs. */
export function reportKey({ primitives, signer }: LogKeeper): KeyReport {
  const { name, publicKey } = signer;
  return {
    origin: name,
    verifier_key: formatVerifierKey(primitives, { name, publicKey }),
    key_id: envelopeKeyId(primitives, publicKey),
    pem: keyOf(publicKey).export({ type: 'spki', format: 'pem' }),
  };
}
