import { decodeText } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { isSafeName } from './zip-name.ts';

/** A list of digests as `sha256sum` writes it and `sha256sum -c` checks it, sorted by path. */
export interface Sums {
  readonly count: number;
  /** The line of a path, counted from 0; -1 where it is not listed. */
  find(path: string): number;
  pathAt(line: number): string;
  /** Lower-case hex. */
  digestAt(line: number): string;
}

const hexLength = 64;
// "<hex>  <path>": the second space says that it is read as text or binary alike (coreutils, §sha2 utilities).
const between = '  ';

/** The bytes of a list, as text. `path` to digest in lower-case hex, in any order. */
export function formatSums(digests: Iterable<readonly [path: string, sha256: string]>): string {
  return [...digests]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, sha256]) => `${sha256}${between}${path}\n`)
    .join('');
}

/** The list of such bytes. Throws `bad_sums` for whatever `formatSums` would have written otherwise. */
export function parseSums(bytes: Uint8Array): Sums {
  const text = decodeText(bytes);
  const begins: number[] = [];
  let last = '';
  for (let begin = 0; begin < text.length;) {
    const end = text.indexOf('\n', begin);
    const path = text.slice(begin + hexLength + between.length, Math.max(end, begin));
    const start = text.slice(begin, begin + hexLength + between.length);
    if (end === -1 || !/^[0-9a-f]{64} {2}$/.test(start) || !isSafeName(path)) {
      throw new LedgerError('bad_sums', 'Not the line of a digest and a path');
    }
    // Names are ASCII, so this is the order of their bytes.
    if (path <= last) throw new LedgerError('bad_sums', 'Paths that are not sorted, or one of them listed twice');
    begins.push(begin);
    last = path;
    begin = end + 1;
  }

  const pathAt = (line: number): string => {
    const begin = begins[line]! + hexLength + between.length;
    return text.slice(begin, text.indexOf('\n', begin));
  };
  return {
    count: begins.length,
    pathAt,
    digestAt: (line) => text.slice(begins[line], begins[line]! + hexLength),
    find(path) {
      let [low, high] = [0, begins.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (pathAt(middle) < path) low = middle + 1;
        else high = middle;
      }
      return low < begins.length && pathAt(low) === path ? low : -1;
    },
  };
}
