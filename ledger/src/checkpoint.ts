import { decodeBase64, encodeBase64 } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { openNote, type TrustedKey } from './note.ts';
import { type Primitives } from './primitives.ts';

// https://c2sp.org/tlog-checkpoint

/** The head of a log: how long it is, and the root over all of it. */
export interface Checkpoint {
  /** Which log it is the head of. */
  readonly origin: string;
  /** The number of leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Further lines, opaque. Nobody audits them, so the ledger writes none. */
  readonly extensions?: readonly string[];
}

/** A checkpoint whose signature was checked. */
export interface OpenCheckpoint extends Checkpoint {
  readonly verifiedBy: readonly TrustedKey[];
}

/** The text of a checkpoint, to be signed as a note. Throws `bad_checkpoint` for what cannot be one. */
export function formatCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  const lines = [origin, ...extensions];
  if (lines.some((line) => line === '' || /[\u0000-\u001f]/.test(line) || !line.isWellFormed())) {
    throw new LedgerError('bad_checkpoint', 'The lines of a checkpoint are not empty, and hold no control characters');
  }
  if (!Number.isSafeInteger(size) || size < 0) throw new LedgerError('bad_checkpoint', 'A size is a whole number');
  if (root.length !== 32) throw new LedgerError('bad_checkpoint', 'A root has 32 bytes');
  return [origin, String(size), encodeBase64(root), ...extensions, ''].join('\n');
}

/** The checkpoint of a text, whose signature somebody has to check. Throws `bad_checkpoint` or `bad_encoding`. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', root = '', ...extensions] = text.split('\n', 1000);
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size)) throw new LedgerError('bad_checkpoint', 'A size is a decimal number');
  if (root.length !== 44) throw new LedgerError('bad_checkpoint', 'A root has 32 bytes, in base64');
  if (extensions.pop() !== '') throw new LedgerError('bad_checkpoint', 'A checkpoint ends in a newline');
  const checkpoint = {
    origin,
    size: Number(size),
    root: decodeBase64(root),
    ...(extensions.length > 0 && { extensions }),
  };
  // One checkpoint, one text: whatever would be written differently is none.
  if (formatCheckpoint(checkpoint) !== text) throw new LedgerError('bad_checkpoint', 'Not the text of a checkpoint');
  return checkpoint;
}

/**
 * Opens the signed head of one log. Throws what `openNote` throws, and `bad_checkpoint` for the head of another log.
 *
 * Only keys named like the origin speak for a log (§Signatures): the key of a second log that is trusted as well could
 * sign a head of this one otherwise.
 */
export function openCheckpoint(
  p: Primitives,
  note: string,
  trustedKeys: readonly TrustedKey[],
  origin: string,
): OpenCheckpoint {
  const keys = trustedKeys.filter(({ name }) => name === origin);
  const { text, verifiedBy } = openNote(p, note, keys);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin) throw new LedgerError('bad_checkpoint', 'The checkpoint is that of another log');
  return { ...checkpoint, verifiedBy };
}
