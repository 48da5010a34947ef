import { type OpenCheckpoint } from '../checkpoint.ts';
import { canonicalJson } from '../canonical-json.ts';
import { decodeText, encodeHex, equalBytes, encodeText } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { type Leaf } from '../leaf.ts';
import { type TrustedKey } from '../note.ts';
import { type Primitives } from '../primitives.ts';
import { type Statement } from '../statement.ts';
import { parseProof } from '../tlog-proof.ts';
import { assertOutline, isOutline } from './outline.ts';
import { openSeal, type Seal } from './sealed.ts';
import { openHead } from './verify-log.ts';

/** The files of one sealed document, which share a stem. */
export interface SealedFiles extends Seal {
  /** `<stem>.json`: what was sealed. Left out where the statement is all. */
  readonly document?: Uint8Array;
}

/** What has been shown of a sealed document. */
export interface VerifiedOne {
  readonly index: number;
  readonly leaf: Leaf;
  readonly statement: Statement;
  readonly checkpoint: OpenCheckpoint;
  /** The trusted keys that signed the envelope. */
  readonly verifiedBy: readonly TrustedKey[];
}

/**
 * Verifies one sealed document with its proof: a trusted key signed the head, the leaf is under it, the envelope is that
 * of the leaf and signed by a trusted key, and the document is what the envelope holds.
 *
 * Throws a `LedgerError` where something does not hold. Which key speaks for which entry only the whole log tells.
 */
export function verifyOne(p: Primitives, files: SealedFiles, trustedKeys: readonly TrustedKey[]): VerifiedOne {
  const note = parseProof(decodeText(files.proof)).checkpoint;
  const checkpoint = openHead(p, encodeText(note), { trustedKeys });
  const head = { note, size: checkpoint.size, root: checkpoint.root };
  const { leaf, index, statement, verifiedBy } = openSeal(p, files, { head, keys: trustedKeys, keysFor: () => [] });
  if (files.document !== undefined) assertDocument(p, files.document, statement);
  return { index, leaf, statement, checkpoint, verifiedBy };
}

/** That a document is what a statement says: its predicate, or the file whose outline the predicate is. */
function assertDocument(p: Primitives, document: Uint8Array, { predicate }: Statement): void {
  if (isOutline(predicate)) return assertOutline(predicate, encodeHex(p.sha256(document)));
  if (!equalBytes(encodeText(canonicalJson(predicate)), document)) {
    throw new LedgerError('other_content', 'The document is not the one that was signed');
  }
}
