/**
 * What this package does not bring itself. Node passes `node:crypto`, a browser an audited library: both synchronous,
 * because a tree of a hundred thousand leaves is a hundred thousand small digests. What they are given is theirs only
 * until they return.
 */
export interface Primitives {
  /** SHA-256: 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** Ed25519 (RFC 8032) by a raw public key of 32 bytes; false for whatever is wrong, never an exception. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Somebody who signs with an Ed25519 key, and how they are known. */
export interface Signer {
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** A signature of 64 bytes over the message itself. */
  sign(message: Uint8Array): Uint8Array;
}
