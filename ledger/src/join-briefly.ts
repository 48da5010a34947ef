import { concatBytes } from './encoding.ts';

// Making room costs more than hashing what a leaf or a node has in it, so it is made once.
const desk = new Uint8Array(65_536);

/**
 * One byte string of several, for a primitive that reads it at once: the next call may write over it. It never leaves
 * the expression in which it is made.
 */
export function joinBriefly(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > desk.length) return concatBytes(...parts);
  let at = 0;
  for (const part of parts) {
    desk.set(part, at);
    at += part.length;
  }
  return desk.subarray(0, length);
}
