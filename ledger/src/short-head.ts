import type { Checkpoint } from './checkpoint.ts';
import { encodeBase64 } from './encoding.ts';
import { LedgerError } from './errors.ts';

/** A head of a log, short enough for a line of chat or a table: own form, and no standard's. */
export interface ShortHead {
  /** The number of leaves. */
  readonly size: number;
  /** How the root begins: the first 16 characters of its base64, which are its first 12 bytes. */
  readonly rootStart: string;
}

// Whole bytes of the root, so that every text of this length is the start of some root.
const startLength = 16;

/**
 * The short form of a head, `128:q1Xb0b2m7k8VYw3s`. Throws `bad_checkpoint` for what cannot be a head.
 *
 * It points at a head and does not take its place: nobody signed it, and whoever makes both logs can, with much work,
 * make two of them whose roots begin alike.
 */
export function shortHead({ size, root }: Pick<Checkpoint, 'size' | 'root'>): string {
  if (!Number.isSafeInteger(size) || size < 0) throw new LedgerError('bad_checkpoint', 'A size is a whole number');
  if (root.length !== 32) throw new LedgerError('bad_checkpoint', 'A root has 32 bytes');
  return `${size}:${encodeBase64(root).slice(0, startLength)}`;
}

/** The parts of a short head. Throws `bad_checkpoint` for any text that `shortHead` does not write. */
export function parseShortHead(text: string): ShortHead {
  const [, digits, rootStart] = /^(0|[1-9][0-9]{0,15}):([A-Za-z0-9+/]{16})$/.exec(text) ?? [];
  const size = Number(digits);
  if (rootStart === undefined || !Number.isSafeInteger(size)) {
    throw new LedgerError('bad_checkpoint', 'Not a short head: expected size:start-of-root');
  }
  return { size, rootStart };
}
