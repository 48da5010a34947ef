import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import type { Primitives } from '@countersign/ledger';

const mostKeys = 16;
const known = new Map<string, KeyObject>();
let last: { readonly bytes: Buffer; readonly key: KeyObject } | undefined;

/** What the ledger needs of cryptography, by Node's own. */
export const primitives: Primitives = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  verify(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    try {
      return verify(null, message, keyOf(publicKey), signature);
    } catch {
      return false;
    }
  },
};

/** The key object of a raw Ed25519 public key. */
export function keyOf(publicKey: Uint8Array): KeyObject {
  // Almost always it is the key of the time before.
  if (last !== undefined && last.bytes.equals(publicKey)) return last.key;
  const bytes = Buffer.from(publicKey);
  const x = bytes.toString('base64url');
  const key = known.get(x) ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  known.set(x, key);
  const [oldest] = known.keys();
  if (known.size > mostKeys && oldest !== undefined) known.delete(oldest);
  last = { bytes, key };
  return key;
}
