import { open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import type { Host, ZipSource } from '@countersign/ledger';
import { primitives } from '../compose.ts';

/** What reading a pack asks of its surroundings, as Node gives it. */
export const nodeHost: Host = {
  ...primitives,
  // Node does not take a limit of 0.
  inflateRaw: (bytes, mostBytes) => inflateRawSync(bytes, { maxOutputLength: Math.max(1, mostBytes) }),
};

/** A file on the disk, piece by piece, for as long as `use` takes. */
export async function withFile<T>(path: string, use: (source: ZipSource) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await use({
      size,
      async read(offset, length) {
        const bytes = Buffer.allocUnsafe(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return bytes.subarray(0, filled);
      },
    });
  } finally {
    await file.close();
  }
}
