import { largestRequest } from './failure.ts';

/** Room for what a request holds beside the body, and for one long row. */
export const longestEnvelope = 20_000;

/** The bytes that an update of a page with this body sends, about. */
export function requestBytes(body: string): number {
  return Buffer.byteLength(JSON.stringify(body));
}

/**
 * Of rows in their order, how many a body has room for: within the bytes that it may have, and within a request. `write`
 * gives the body with the first of them.
 */
export function countFitting(
  rows: readonly string[],
  { bytes, atLeast }: { readonly bytes: number; readonly atLeast: number },
  write: (count: number) => string,
): number {
  let room = bytes - Buffer.byteLength(write(0));
  let count = 0;
  for (const row of rows) {
    room -= Buffer.byteLength(row);
    if (room < 0) break;
    count++;
  }
  count = Math.max(count, Math.min(atLeast, rows.length));
  // Escapes can double a body: a page that stays far below the limit needs no look.
  if (bytes <= largestRequest / 3) return count;
  while (count > 0 && !fitsRequest(write(count))) count = Math.floor(count / 2);
  return count;
}

function fitsRequest(body: string): boolean {
  return requestBytes(body) <= largestRequest - longestEnvelope;
}
