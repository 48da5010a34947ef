import { type OpenCheckpoint, openCheckpoint } from './checkpoint.ts';
import { decodeBase64, encodeBase64 } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { type TrustedKey } from './note.ts';
import { type Primitives } from './primitives.ts';

// https://c2sp.org/tlog-proof

/** That a log holds a leaf, as one text file that needs nothing else but the leaf and the key of the log. */
export interface TlogProof {
  /** Counted from 0. */
  readonly index: number;
  /** From the leaf up to the root. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, as the log published it. */
  readonly checkpoint: string;
  /** Bytes that nobody signed and nothing checks. The ledger writes none. */
  readonly extra?: Uint8Array;
}

/** What a proof has shown. */
export interface Proven {
  readonly index: number;
  readonly checkpoint: OpenCheckpoint;
}

const firstLine = 'c2sp.org/tlog-proof@v1';
// A note of a million characters, and as much again of everything else.
const largestProof = 2_000_000;
const mostHashes = 64;

/** The text of a proof. Throws `bad_proof` for what no proof file can hold. */
export function formatProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new LedgerError('bad_proof', 'An index is a whole number');
  if (hashes.length > mostHashes) throw new LedgerError('bad_proof', 'A proof has too many hashes');
  if (hashes.some(({ length }) => length !== 32)) throw new LedgerError('bad_proof', 'A hash has 32 bytes');
  if (extra?.length === 0) throw new LedgerError('bad_proof', 'Extra data is left out, or it is not empty');
  if (checkpoint === '') throw new LedgerError('bad_proof', 'The proof has no checkpoint');
  const lines = [
    firstLine,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
    '',
    checkpoint,
  ];
  const text = lines.join('\n');
  if (text.length > largestProof) throw new LedgerError('too_large', 'The proof is too large');
  return text;
}

/** The proof of a text, of which nothing is checked yet. Throws `bad_proof`, `bad_encoding` or `too_large`. */
export function parseProof(text: string): TlogProof {
  if (text.length > largestProof) throw new LedgerError('too_large', 'The proof is too large');
  const blank = text.indexOf('\n\n');
  if (blank === -1) throw new LedgerError('bad_proof', 'The proof has no checkpoint');
  const [first, ...lines] = text.slice(0, blank).split('\n', mostHashes + 4);
  if (first !== firstLine) throw new LedgerError('bad_proof', 'Not a proof in the form c2sp.org/tlog-proof@v1');
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()?.slice('extra '.length) : undefined;
  const [, index] = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '') ?? [];
  if (index === undefined) throw new LedgerError('bad_proof', 'The proof has no index');
  const proof = {
    index: Number(index),
    hashes: lines.map(parseHash),
    checkpoint: text.slice(blank + 2),
    ...(extra !== undefined && { extra: decodeBase64(extra) }),
  };
  // One proof, one text: whatever would be written differently is none.
  if (formatProof(proof) !== text) throw new LedgerError('bad_proof', 'Not the text of a proof');
  return proof;
}

/**
 * Checks that the log of that origin holds a leaf, by the word of a trusted key. Throws what `openCheckpoint` and
 * `verifyInclusion` throw, and `bad_proof` for a file that is no proof.
 */
export function verifyProof(
  p: Primitives,
  given: { leaf: Uint8Array; proofFile: string; trustedKeys: readonly TrustedKey[]; origin: string },
): Proven {
  const { index, hashes, checkpoint: note } = parseProof(given.proofFile);
  const checkpoint = openCheckpoint(p, note, given.trustedKeys, given.origin);
  const { size, root } = checkpoint;
  verifyInclusion(p, { leafHash: leafHash(p, given.leaf), index, size, proof: hashes, root });
  return { index, checkpoint };
}

function parseHash(line: string): Uint8Array {
  if (line.length !== 44) throw new LedgerError('bad_proof', 'A hash has 32 bytes, in base64');
  return decodeBase64(line);
}
