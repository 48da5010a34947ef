import { LedgerError } from '../errors.ts';
import { type ZipSource } from './host.ts';

const windowSize = 1024 * 1024;
const windowsKept = 4;

/** Reads a source in large pieces: the small files of a pack stand next to each other. Refuses what is outside of it. */
export function readAhead(source: ZipSource): ZipSource {
  const windows = new Map<number, Uint8Array>();

  async function windowAt(index: number): Promise<Uint8Array> {
    const known = windows.get(index);
    if (known !== undefined) return known;
    const begin = index * windowSize;
    const bytes = await readExactly(source, begin, Math.min(windowSize, source.size - begin));
    windows.set(index, bytes);
    const [oldest] = windows.keys();
    if (windows.size > windowsKept && oldest !== undefined) windows.delete(oldest);
    return bytes;
  }

  return {
    size: source.size,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > source.size) {
        throw new LedgerError('bad_zip', 'The archive ends too early');
      }
      if (length > windowSize) return readExactly(source, offset, length);
      const first = Math.floor(offset / windowSize);
      const start = offset - first * windowSize;
      const window = length === 0 ? new Uint8Array() : await windowAt(first);
      if (start + length <= window.length || length === 0) return window.subarray(start, start + length);
      const bytes = new Uint8Array(length);
      bytes.set(window.subarray(start));
      const next = await windowAt(first + 1);
      bytes.set(next.subarray(0, start + length - windowSize), windowSize - start);
      return bytes;
    },
  };
}

async function readExactly(source: ZipSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  // A file that was cut while it was read.
  if (bytes.length !== length) throw new LedgerError('bad_zip', 'The archive ends too early');
  return bytes;
}
