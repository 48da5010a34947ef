import { type Checkpoint } from '../checkpoint.ts';
import { envelopeKeyId, openEnvelope, toSigstoreBundle } from '../dsse.ts';
import { concatBytes, decodeHex, decodeText, encodeText, equalBytes } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { commitmentOf, type Leaf, parseLeaf } from '../leaf.ts';
import { leafHash, verifyInclusion } from '../merkle.ts';
import { type TrustedKey } from '../note.ts';
import { type Primitives } from '../primitives.ts';
import { parseStatement, type Statement, statementType } from '../statement.ts';
import { parseProof } from '../tlog-proof.ts';
import { sameKey } from './keys.ts';

/** The files that seal a document. */
export interface Seal {
  /** `<stem>.envelope.json` */
  readonly envelope: Uint8Array;
  /** `<stem>.leaf.json` */
  readonly leaf: Uint8Array;
  /** `<stem>.salt` */
  readonly salt: Uint8Array;
  /** `<stem>.tlog-proof` */
  readonly proof: Uint8Array;
}

/** What a seal has shown. */
export interface Sealed {
  readonly leaf: Leaf;
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly statement: Statement;
  readonly verifiedBy: readonly TrustedKey[];
}

/** The part of a seal that does not hold. */
export type SealPart = 'envelope' | 'leaf' | 'salt' | 'proof';

/** Who tells which part it was. */
export type Blame = <T>(part: SealPart, check: () => T) => T;

/** The head that all proofs of a pack lead to, whose signature was checked once. */
export interface KnownHead extends Pick<Checkpoint, 'size' | 'root'> {
  /** The signed note. */
  readonly note: string;
}

/** What seals are held against. */
export interface SealContext {
  readonly head: KnownHead;
  /** Whoever may have signed. */
  readonly keys: readonly TrustedKey[];
  /** Whoever has to have signed an entry. */
  readonly keysFor: (index: number) => readonly TrustedKey[];
}

/**
 * Checks a seal: the leaf is under the head, the leaf is that of the envelope, the envelope is signed by a key of its
 * time and holds a statement. Throws what is thrown by whatever does not hold; `blame` sees it first.
 */
export function openSeal(
  p: Primitives,
  seal: Seal,
  { head, keys, keysFor }: SealContext,
  blame: Blame = (_part, check) => check(),
): Sealed {
  const leaf = blame('leaf', () => parseLeaf(seal.leaf));
  const hash = leafHash(p, seal.leaf);
  const index = blame('proof', () => {
    const proof = parseProof(decodeText(seal.proof));
    if (proof.extra !== undefined) throw new LedgerError('bad_proof', 'A proof with data that nobody signed');
    if (proof.checkpoint !== head.note) throw new LedgerError('bad_proof', 'The proof leads to another head');
    const { size, root } = head;
    verifyInclusion(p, { leafHash: hash, index: proof.index, size, proof: proof.hashes, root });
    return proof.index;
  });
  const salt = blame('salt', () => parseSalt(seal.salt));
  const statement = blame('envelope', () => {
    if (!equalBytes(commitmentOf(p, salt, seal.envelope), leaf.commitment)) {
      throw new LedgerError('bad_commitment', 'The leaf is not that of this envelope and salt');
    }
    const { payloadType, payload, verifiedBy } = openEnvelope(p, seal.envelope, keys);
    if (payloadType !== statementType) throw new LedgerError('bad_statement', 'The envelope holds no statement');
    const signed = (key: TrustedKey): boolean => verifiedBy.some((one) => sameKey(one, key));
    if (!keysFor(index).every(signed)) throw new LedgerError('unknown_key', 'Not signed by the key of its time');
    return { ...parseStatement(payload), verifiedBy };
  });
  const { verifiedBy, ...rest } = statement;
  return { leaf, leafHash: hash, index, statement: rest, verifiedBy };
}

/** 64 hex digits and a newline. Throws `bad_encoding` for anything else. */
export function parseSalt(bytes: Uint8Array): Uint8Array {
  const text = decodeText(bytes);
  if (!/^[0-9a-f]{64}\n$/.test(text)) throw new LedgerError('bad_encoding', 'A salt has 64 hex digits and a newline');
  return decodeHex(text.slice(0, 64));
}

const beforeBundle = encodeText('{"dsseEnvelope":');

/** The Sigstore bundles of an envelope, one for each key that signed it, in the order of the signatures. */
export function bundlesOf(p: Primitives, envelope: Uint8Array, verifiedBy: readonly TrustedKey[]): Uint8Array[] {
  const ids = verifiedBy.map((key) => envelopeKeyId(p, key.publicKey));
  const [only, ...others] = ids;
  if (only === undefined || others.length > 0) return ids.map((id) => toSigstoreBundle(envelope, id));
  // With one signature the envelope stands in its bundle byte for byte: nothing has to be parsed again.
  const after =
    `,"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"` +
    `,"verificationMaterial":{"publicKey":{"hint":"${only}"},"tlogEntries":[]}}`;
  return [concatBytes(beforeBundle, envelope, encodeText(after))];
}
