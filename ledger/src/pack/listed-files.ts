import { encodeHex } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { type Findings } from './findings.ts';
import { type Host } from './host.ts';
import { type Sums } from './sums.ts';
import { type ZipEntry } from './zip-directory.ts';
import { type Zip } from './zip.ts';

/** The files of an archive that a list of digests names, each read and hashed once. */
export interface ListedFiles {
  /** The listed names. */
  names(): Iterable<string>;
  has(name: string): boolean;
  /** The digest that is listed, in hex; undefined where the name is not. */
  digestOf(name: string): string | undefined;
  /**
   * The bytes of a file; undefined, and found, where it is not listed, not there, or another than the one listed. With
   * `evenIfChanged` the latter are given all the same.
   */
  read(name: string, evenIfChanged?: boolean): Promise<Uint8Array | undefined>;
  /** As `read`, without finding fault where the file is not listed. */
  readIfListed(name: string, evenIfChanged?: boolean): Promise<Uint8Array | undefined>;
  /** The names of which nothing asked for the bytes. */
  unread(): Iterable<string>;
}

/**
 * Holds entries of an archive against the list of their digests: what is listed is there, and nothing else is. `prefix` is
 * what stands before the listed names in the archive, `exempt` what is in the archive and cannot be listed.
 */
export function listedFiles(
  { host, zip, findings }: { host: Host; zip: Zip; findings: Findings },
  {
    sums,
    entries,
    prefix,
    exempt,
  }: {
    readonly sums: Sums;
    readonly entries: ReadonlyMap<string, ZipEntry>;
    readonly prefix: string;
    readonly exempt: readonly string[];
  },
): ListedFiles {
  const wasRead = new Uint8Array(sums.count);
  for (let line = 0; line < sums.count; line++) {
    const file = prefix + sums.pathAt(line);
    if (!entries.has(file)) findings.add({ file, code: 'file_missing', message: 'The file is listed and not there' });
  }
  for (const file of entries.keys()) {
    if (sums.find(file.slice(prefix.length)) >= 0 || exempt.includes(file)) continue;
    findings.add({ file, code: 'file_unexpected', message: 'The file is not listed' });
  }

  async function readIfListed(name: string, evenIfChanged = false): Promise<Uint8Array | undefined> {
    const file = prefix + name;
    const line = sums.find(name);
    const entry = entries.get(file);
    if (line < 0 || entry === undefined) return undefined;
    wasRead[line] = 1;
    const bytes = await readEntry(zip, findings, entry);
    if (bytes === undefined) return undefined;
    if (encodeHex(host.sha256(bytes)) === sums.digestAt(line)) return bytes;
    findings.add({ file, code: 'file_changed', message: 'The file is not the one that is listed' });
    return evenIfChanged ? bytes : undefined;
  }

  return {
    *names() {
      for (let line = 0; line < sums.count; line++) yield sums.pathAt(line);
    },
    has: (name) => sums.find(name) >= 0,
    digestOf(name) {
      const line = sums.find(name);
      return line < 0 ? undefined : sums.digestAt(line);
    },
    async read(name, evenIfChanged) {
      if (sums.find(name) < 0) {
        findings.add({ file: prefix + name, code: 'file_missing', message: 'The file has to be there' });
      }
      return readIfListed(name, evenIfChanged);
    },
    readIfListed,
    *unread() {
      for (let line = 0; line < sums.count; line++) if (wasRead[line] === 0) yield sums.pathAt(line);
    },
  };
}

/** The bytes of an entry; undefined, and found, where the archive is damaged there. */
export async function readEntry(zip: Zip, findings: Findings, entry: ZipEntry): Promise<Uint8Array | undefined> {
  try {
    return await zip.read(entry);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    findings.add({ file: entry.name, code: error.code, message: error.message });
    return undefined;
  }
}
