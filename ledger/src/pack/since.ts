import { openCheckpoint } from '../checkpoint.ts';
import { encodeBase64 } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { type TrustedKey } from '../note.ts';
import { type Primitives } from '../primitives.ts';

/** An earlier head of a log, as somebody kept it: whole, or the beginning of its root. */
export interface EarlierHead {
  readonly size: number;
  /** In base64: 44 characters, or the first 16. */
  readonly root: string;
}

/**
 * Reads an earlier head: a signed note, or the short form `<size>:<first 16 characters of the root in base64>`. Throws
 * what `openCheckpoint` throws, and `bad_checkpoint` for text that is neither.
 */
export function parseEarlierHead(
  p: Primitives,
  text: string,
  trustedKeys: readonly TrustedKey[],
  origin: string,
): EarlierHead {
  const [, size, root] = /^(0|[1-9][0-9]{0,15}):([A-Za-z0-9+/]{16})\s*$/.exec(text) ?? [];
  if (size !== undefined && root !== undefined) return { size: Number(size), root };
  if (!text.includes('\n'))
    throw new LedgerError('bad_checkpoint', 'Neither a signed note nor the short form of a head');
  const head = openCheckpoint(p, text, trustedKeys, origin);
  return { size: head.size, root: encodeBase64(head.root) };
}

/** Whether a root is the one that was kept. */
export function isRootOf({ root }: EarlierHead, found: Uint8Array): boolean {
  return encodeBase64(found).startsWith(root);
}
