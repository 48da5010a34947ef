import { formatSums, packFiles } from '@countersign/ledger';
import { sha256 } from '../sha256.ts';
import type { PackFile } from './sealed-files.ts';
import type { ZipWriter } from './zip-writer.ts';

/** A pack that is being written, with the digest of all that is in it. */
export interface PackArchive {
  /** Adds a file outside of the changes. */
  add(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds the folder of a change, with the list of its digests. */
  addFolder(folder: string, files: readonly PackFile[]): Promise<void>;
  /** Adds the list of digests, and what signs it. */
  finish(sign: (sums: Uint8Array) => Uint8Array): Promise<{ readonly bytes: number; readonly sha256: string }>;
}

/** Keeps the digests of the files that go into an archive. Of the changes it keeps one each. */
export function createPackArchive(zip: ZipWriter): PackArchive {
  const outer: (readonly [path: string, sha256: string])[] = [];

  async function add(path: string, bytes: Uint8Array): Promise<void> {
    outer.push([path, sha256(bytes)]);
    await zip.add(path, bytes);
  }

  return {
    add,
    async addFolder(folder, files) {
      const sums = formatSums(files.map(([name, bytes]) => [name, sha256(bytes)] as const));
      await add(folder + packFiles.sums, Buffer.from(sums));
      for (const [name, bytes] of files) await zip.add(folder + name, bytes);
    },
    async finish(sign) {
      const sums = Buffer.from(formatSums(outer));
      await zip.add(packFiles.sums, sums);
      await zip.add(packFiles.envelope, sign(sums));
      return zip.finish();
    },
  };
}
