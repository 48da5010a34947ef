import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { type Primitives, type Signer } from '../../ledger/src/primitives.ts';

// RFC 8410 §10: what stands before the 32 bytes of an Ed25519 key in PKCS #8 and in SubjectPublicKeyInfo.
const beforeSeed = Buffer.from('302e020100300506032b657004220420', 'hex');
const beforePublicKey = Buffer.from('302a300506032b6570032100', 'hex');

/** What the ledger asks of its surroundings, as Node gives it. */
export const primitives: Primitives = {
  sha256: (data) => new Uint8Array(createHash('sha256').update(data).digest()),
  verify(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    const key = createPublicKey({ key: Buffer.concat([beforePublicKey, publicKey]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  },
};

/** Somebody who signs with the Ed25519 key of a fixed seed: 32 bytes in hex. */
export function signerOf(name: string, seed: string): Signer {
  const key = createPrivateKey({
    key: Buffer.concat([beforeSeed, Buffer.from(seed, 'hex')]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(beforePublicKey.length);
  return { name, publicKey: new Uint8Array(publicKey), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

/** The seeds of RFC 8032 §7.1, tests 1 to 3. */
export const seeds = {
  first: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  second: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
  third: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
} as const;
