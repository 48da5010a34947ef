import { type OpenCheckpoint } from '../checkpoint.ts';
import { LedgerError } from '../errors.ts';
import { type Leaf } from '../leaf.ts';
import { type TrustedKey } from '../note.ts';
import { type Primitives } from '../primitives.ts';
import { type Statement } from '../statement.ts';

/** The files of one sealed document, which share a stem. */
export interface SealedFiles {
  /** `<stem>.json`: what was sealed. Left out where the statement is all. */
  readonly document?: Uint8Array;
  /** `<stem>.envelope.json` */
  readonly envelope: Uint8Array;
  /** `<stem>.leaf.json` */
  readonly leaf: Uint8Array;
  /** `<stem>.salt` */
  readonly salt: Uint8Array;
  /** `<stem>.tlog-proof` */
  readonly proof: Uint8Array;
}

/** What has been shown of a sealed document. */
export interface VerifiedOne {
  readonly index: number;
  readonly leaf: Leaf;
  readonly statement: Statement;
  readonly checkpoint: OpenCheckpoint;
  readonly verifiedBy: readonly TrustedKey[];
}

/** Verifies one sealed document with its proof. Throws a `LedgerError` where something does not hold. */
export function verifyOne(p: Primitives, files: SealedFiles, trustedKeys: readonly TrustedKey[]): VerifiedOne {
  void p;
  void trustedKeys;
  throw new LedgerError('bad_leaf', `Nothing reads ${files.leaf.length} bytes yet`);
}
