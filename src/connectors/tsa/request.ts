import { randomBytes } from 'node:crypto';

/** Bytes of a nonce. */
export const nonceLength = 8;

/**
 * A number that no request had before, so that no earlier answer can pass for the one to this request. Its first bit is
 * set: as an integer in DER it then always has nine bytes, the first of them zero.
 */
export function makeNonce(): Buffer {
  const nonce = randomBytes(nonceLength);
  nonce[0]! |= 0x80;
  return nonce;
}

// All lengths are known beforehand, so that the encoding is a few fixed bytes with two gaps.
const beforeDigest = Buffer.from(
  '3044' + // TimeStampReq
    '020101' + // version 1
    '3031' + // MessageImprint
    '300d06096086480165030402010500' + // SHA-256 (RFC 5754 §2.2), its parameters NULL
    '0420', // hashedMessage
  'hex',
);
const beforeNonce = Buffer.from('020900', 'hex');
const certificateWanted = Buffer.from('0101ff', 'hex');

/**
 * A TimeStampReq in DER (RFC 3161 §2.4.1): what is to be stamped by its SHA-256, a nonce of `makeNonce`, and that the
 * certificate is to come with the answer.
 */
export function timeStampRequest(sha256: Uint8Array, nonce: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.concat([beforeDigest, sha256, beforeNonce, nonce, certificateWanted]);
}
