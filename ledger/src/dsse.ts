import { canonicalJson } from './canonical-json.ts';
import { concatBytes, decodeBase64, encodeBase64, encodeHex, encodeText } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { joinBriefly } from './join-briefly.ts';
import { type TrustedKey } from './note.ts';
import { parseEnvelope } from './envelope.ts';
import { type Primitives, type Signer } from './primitives.ts';

// https://github.com/secure-systems-lab/dsse: protocol.md v1.0.0 and envelope.md. Narrower where DSSE leaves room, so
// that an envelope has one form: canonical JSON, standard base64, no other members, a key id with every signature.

/** What an envelope holds. */
export interface EnvelopeContent {
  /** How to read the payload. */
  readonly payloadType: string;
  /** The bytes that were signed, never written anew. */
  readonly payload: Uint8Array;
}

export interface OpenEnvelope extends EnvelopeContent {
  /** The trusted keys that signed: at least one. */
  readonly verifiedBy: readonly TrustedKey[];
}

// RFC 8410 §4: what stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo.
const beforeKey = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** The bytes that a signature of an envelope covers: PAE of protocol.md, §Signature Definition. */
export function preAuthenticationEncoding(content: EnvelopeContent): Uint8Array {
  return concatBytes(headOf(content), content.payload);
}

function headOf({ payloadType, payload }: EnvelopeContent): Uint8Array {
  return encodeText(`DSSEv1 ${encodeText(payloadType).length} ${payloadType} ${payload.length} `);
}

/** The id of a key in envelopes: SHA-256, in hex, of its SubjectPublicKeyInfo in DER, which OpenSSL writes too. */
export function envelopeKeyId(p: Primitives, publicKey: Uint8Array): string {
  if (publicKey.length !== 32) throw new LedgerError('bad_envelope', 'An Ed25519 key has 32 bytes');
  return encodeHex(p.sha256(concatBytes(beforeKey, publicKey)));
}

/** Signs content into the bytes of an envelope. Throws `bad_envelope` for what an envelope cannot hold. */
export function signEnvelope(p: Primitives, content: EnvelopeContent, signers: readonly Signer[]): Uint8Array {
  const message = preAuthenticationEncoding(content);
  const signatures = signers.map((signer) => {
    const signature = signer.sign(message);
    // A key that is not the one it is said to be must be noticed before the envelope is sealed.
    if (!p.verify(signer.publicKey, message, signature)) {
      throw new LedgerError('bad_signature', `The signature of ${signer.name} does not fit its public key`);
    }
    return { keyid: envelopeKeyId(p, signer.publicKey), sig: encodeBase64(signature) };
  });
  const { payloadType, payload } = content;
  const bytes = encodeText(canonicalJson({ payload: encodeBase64(payload), payloadType, signatures }));
  parseEnvelope(bytes);
  return bytes;
}

/**
 * Opens an envelope that a trusted key signed; signatures of other keys are ignored. Whoever opens it has to ask for
 * the payload type that is expected.
 *
 * Throws `unknown_key` when no trusted key signed, and `bad_signature` when one did but its signature is wrong, even
 * if another's is right.
 */
export function openEnvelope(p: Primitives, envelope: Uint8Array, trustedKeys: readonly TrustedKey[]): OpenEnvelope {
  const { payloadType, payload, signatures } = parseEnvelope(envelope);
  const content = { payloadType, payload };
  const head = headOf(content);
  const known = new Map(trustedKeys.map((key) => [envelopeKeyId(p, key.publicKey), key] as const));
  const verifiedBy: TrustedKey[] = [];
  for (const { keyid, sig } of signatures) {
    const signature = decodeBase64(sig);
    const key = known.get(keyid);
    if (key === undefined) continue;
    if (!p.verify(key.publicKey, joinBriefly(head, payload), signature)) {
      throw new LedgerError('bad_signature', `The signature of ${key.name} does not hold`);
    }
    verifiedBy.push(key);
  }
  if (verifiedBy.length === 0) throw new LedgerError('unknown_key', 'No trusted key signed the envelope');
  return { ...content, verifiedBy };
}

/**
 * The Sigstore bundle (v0.3) of an envelope, for the signature whose key id is the hint: a bundle holds exactly one,
 * so an envelope that two keys signed has two bundles. Nothing is verified. Throws `unknown_key` without such a
 * signature.
 */
export function toSigstoreBundle(envelope: Uint8Array, publicKeyHint: string): Uint8Array {
  const { payloadType, base64, signatures } = parseEnvelope(envelope);
  const signature = signatures.find(({ keyid }) => keyid === publicKeyHint);
  if (signature === undefined) throw new LedgerError('unknown_key', 'The key of the hint did not sign the envelope');
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: publicKeyHint }, tlogEntries: [] },
    dsseEnvelope: { payload: base64, payloadType, signatures: [{ keyid: signature.keyid, sig: signature.sig }] },
  };
  return encodeText(canonicalJson(bundle));
}
