import { concatBytes, decodeBase64, decodeHex, encodeBase64, encodeHex, encodeText, equalBytes } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { type Primitives, type Signer } from './primitives.ts';

// https://c2sp.org/signed-note, with the Ed25519 signatures that it defines (type 0x01) and no others.

/** An Ed25519 key that is trusted, and the name under which it signs notes. */
export interface TrustedKey {
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

export interface OpenNote {
  /** What was signed: the final newline belongs to it. */
  readonly text: string;
  /** The trusted keys that signed, each once: at least one. */
  readonly verifiedBy: readonly TrustedKey[];
}

interface Signature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly bytes: Uint8Array;
}

const ed25519 = Uint8Array.of(0x01);
// "Verifiers […] MUST accept at least up to 16 signatures", those of post-quantum algorithms included (§Format).
const largestNote = 1_000_000;
const mostSignatures = 100;

/** Signs a text, as a note. Throws `bad_note` for a text or a name that a note cannot hold. */
export function signNote(p: Primitives, text: string, signers: readonly Signer[]): string {
  assertText(text);
  if (signers.length === 0) throw new LedgerError('bad_note', 'A note needs a signature');
  if (signers.length > mostSignatures) throw new LedgerError('too_large', 'Too many signatures');
  const message = encodeText(text);
  const lines = signers.map((signer) => {
    const signature = signer.sign(message);
    // A key that is not the one it is said to be must be noticed before the note is published.
    if (!p.verify(signer.publicKey, message, signature)) {
      throw new LedgerError('bad_signature', `The signature of ${signer.name} does not fit its public key`);
    }
    return `— ${signer.name} ${encodeBase64(concatBytes(keyIdOf(p, signer), signature))}\n`;
  });
  const note = `${text}\n${lines.join('')}`;
  if (note.length > largestNote) throw new LedgerError('too_large', 'The note is too large');
  return note;
}

/**
 * Opens a note that a trusted key signed; signatures of other keys are ignored.
 *
 * Throws `unknown_key` when no trusted key signed, and `bad_signature` when one did but its signature is wrong, even
 * if another's is right.
 */
export function openNote(p: Primitives, note: string, trustedKeys: readonly TrustedKey[]): OpenNote {
  const { text, signatures } = parseNote(note);
  const message = encodeText(text);
  const known = trustedKeys.map((key) => ({ key, keyId: keyIdOf(p, key) }));
  const verifiedBy = new Set<TrustedKey>();
  for (const { name, keyId, bytes } of signatures) {
    // More than one when the ids of two keys of one name, four bytes each, happen to be the same.
    const claimed = known.filter((one) => one.key.name === name && equalBytes(one.keyId, keyId));
    if (claimed.length === 0) continue;
    const signer = claimed.find(({ key }) => p.verify(key.publicKey, message, bytes));
    if (signer === undefined) throw new LedgerError('bad_signature', `The signature of ${name} does not hold`);
    verifiedBy.add(signer.key);
  }
  if (verifiedBy.size === 0) throw new LedgerError('unknown_key', 'No trusted key signed the note');
  return { text, verifiedBy: [...verifiedBy] };
}

/** A public key as one line of text: name, key id and key, the way Go's sumdb/note prints it. */
export function formatVerifierKey(p: Primitives, key: TrustedKey): string {
  const keyId = keyIdOf(p, key);
  return `${key.name}+${encodeHex(keyId)}+${encodeBase64(concatBytes(ed25519, key.publicKey))}`;
}

/** The key of such a line. Throws `bad_encoding` for any other text, and for a key id that is not the key's. */
export function parseVerifierKey(p: Primitives, line: string): TrustedKey {
  // Base64 has a plus too, a name has none.
  const [, name, hex, base64] = /^([^+]{1,1000})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(line) ?? [];
  if (name === undefined || hex === undefined || base64 === undefined || !isName(name)) {
    throw new LedgerError('bad_encoding', 'Not a verifier key: expected name+id+key');
  }
  const bytes = decodeBase64(base64);
  if (bytes[0] !== ed25519[0]) throw new LedgerError('bad_encoding', 'Not the verifier key of an Ed25519 key');
  const key = { name, publicKey: bytes.subarray(1) };
  if (!equalBytes(keyIdOf(p, key), decodeHex(hex))) {
    throw new LedgerError('bad_encoding', 'The id of the verifier key is not that of its name and key');
  }
  return key;
}

/** §Ed25519 signatures: the first four bytes of SHA-256 over name, newline, type and key. */
function keyIdOf(p: Primitives, { name, publicKey }: TrustedKey): Uint8Array {
  if (!isName(name)) throw new LedgerError('bad_note', 'A key name is not empty and has neither spaces nor plus signs');
  if (publicKey.length !== 32) throw new LedgerError('bad_note', `The key ${name} does not have 32 bytes`);
  return p.sha256(concatBytes(encodeText(`${name}\n`), ed25519, publicKey)).slice(0, 4);
}

function parseNote(note: string): { text: string; signatures: readonly Signature[] } {
  if (note.length > largestNote) throw new LedgerError('too_large', 'The note is too large');
  const blank = note.lastIndexOf('\n\n');
  if (blank === -1 || !note.endsWith('\n')) throw new LedgerError('bad_note', 'The note has no signatures');
  const text = note.slice(0, blank + 1);
  assertText(text);
  const lines = note.slice(blank + 2).split('\n', mostSignatures + 1);
  if (lines.pop() !== '') throw new LedgerError('too_large', 'Too many signatures');
  if (lines.length === 0) throw new LedgerError('bad_note', 'The note has no signatures');
  return { text, signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): Signature {
  const [dash, name, base64, ...rest] = line.split(' ', 4);
  if (dash !== '—' || name === undefined || !isName(name) || base64 === undefined || rest.length > 0) {
    throw new LedgerError('bad_note', 'A signature line is: dash, space, name, space, base64');
  }
  const bytes = decodeBase64(base64);
  if (bytes.length < 5) throw new LedgerError('bad_note', 'A signature has no bytes');
  return { name, keyId: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
}

/** §Format: valid UTF-8, ends in a newline, no other control characters. */
function assertText(text: string): void {
  if (!text.endsWith('\n')) throw new LedgerError('bad_note', 'The text of a note ends in a newline');
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw new LedgerError('bad_note', 'A note holds a control character');
  if (!text.isWellFormed()) throw new LedgerError('bad_note', 'A note holds half a character');
}

function isName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}+\u0000-\u001f]/u.test(name) && name.isWellFormed();
}
