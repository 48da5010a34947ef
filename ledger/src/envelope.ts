import { decodeBase64 } from './encoding.ts';
import { LedgerError } from './errors.ts';
import {
  largestDocument,
  listOf,
  objectWith,
  parseCanonicalText,
  stringOf,
  textOfDocument,
} from './parse-canonical-json.ts';

// https://github.com/secure-systems-lab/dsse/blob/master/envelope.md, in the one form that dsse.ts describes.

/** What stands in an envelope. */
export interface Envelope {
  readonly payloadType: string;
  /** What was signed: bytes, and as they stand in the envelope. */
  readonly payload: Uint8Array;
  readonly base64: string;
  /** Each by another key. */
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  readonly keyid: string;
  /** In base64, which nobody has read yet. */
  readonly sig: string;
}

const code = 'bad_envelope';
const mostSignatures = 16;
const longestType = 1000;

/**
 * The parts of an envelope; nothing is verified. Throws `bad_envelope` for bytes in another form than the one, and
 * `bad_encoding` for a payload that is not base64.
 */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  const text = textOfDocument(bytes, code);
  const cut = cutPayload(text);
  const members = ['payload', 'payloadType', 'signatures'];
  const envelope = objectWith(parseCanonicalText(cut?.outline ?? text, code), members, code);
  const signatures = listOf(envelope.signatures, mostSignatures, code).map((entry) => {
    const { keyid, sig } = objectWith(entry, ['keyid', 'sig'], code);
    return { keyid: stringOf(keyid, 200, code), sig: stringOf(sig, 10_000, code) };
  });
  if (new Set(signatures.map(({ keyid }) => keyid)).size !== signatures.length) {
    throw new LedgerError(code, 'A key signs an envelope once');
  }
  const payloadType = stringOf(envelope.payloadType, longestType, code);
  const base64 = cut?.base64 ?? stringOf(envelope.payload, largestDocument, code);
  return { payloadType, payload: cut?.payload ?? decodeBase64(base64), base64, signatures };
}

const opening = '{"payload":"';

/**
 * An envelope is little more than its payload, and nothing in base64 is ever escaped: cut out, what is left is in
 * canonical form exactly when the whole is. Undefined where the payload has to be read as any other JSON.
 */
function cutPayload(
  text: string,
): { readonly outline: string; readonly base64: string; readonly payload: Uint8Array } | undefined {
  const end = text.startsWith(opening) ? text.indexOf('"', opening.length) : -1;
  if (end <= opening.length) return undefined;
  const base64 = text.slice(opening.length, end);
  try {
    return { outline: `${opening}${text.slice(end)}`, base64, payload: decodeBase64(base64) };
  } catch {
    return undefined;
  }
}
