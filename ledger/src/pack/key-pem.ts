import { concatBytes, encodeBase64 } from '../encoding.ts';
import { LedgerError } from '../errors.ts';

// RFC 8410 §4: what stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo.
const beforeKey = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** A public key as OpenSSL reads and writes it: `PUBLIC KEY` of RFC 7468 §13. */
export function publicKeyPem(publicKey: Uint8Array): string {
  if (publicKey.length !== 32) throw new LedgerError('bad_encoding', 'An Ed25519 key has 32 bytes');
  // 44 bytes are 60 characters: one line.
  return `-----BEGIN PUBLIC KEY-----\n${encodeBase64(concatBytes(beforeKey, publicKey))}\n-----END PUBLIC KEY-----\n`;
}
