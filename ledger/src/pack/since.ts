import { openCheckpoint } from '../checkpoint.ts';
import { encodeBase64 } from '../encoding.ts';
import { type TrustedKey } from '../note.ts';
import { type Primitives } from '../primitives.ts';
import { parseShortHead } from '../short-head.ts';

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
  const line = text.trimEnd();
  // A note has several lines.
  if (!line.includes('\n')) {
    const { size, rootStart } = parseShortHead(line);
    return { size, root: rootStart };
  }
  const head = openCheckpoint(p, text, trustedKeys, origin);
  return { size: head.size, root: encodeBase64(head.root) };
}

/** Whether a root is the one that was kept. */
export function isRootOf({ root }: EarlierHead, found: Uint8Array): boolean {
  return encodeBase64(found).startsWith(root);
}
