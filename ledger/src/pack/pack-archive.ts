import { LedgerError } from '../errors.ts';
import { folderOfChange, packFiles } from './paths.ts';
import { type ZipEntry } from './zip-directory.ts';
import { type Zip } from './zip.ts';

/** The entries of one folder of a change. */
export interface ChangeEntries {
  /** With its slash. */
  readonly folder: string;
  readonly entries: ReadonlyMap<string, ZipEntry>;
}

const mostEntries = 2_000_000;
const mostFilesOfChange = 100_000;

/** An archive in which a name stands twice, and which. */
export class TwiceError extends LedgerError {
  readonly file: string;

  constructor(file: string) {
    super('bad_zip', 'The archive has two files of one name');
    this.file = file;
  }
}

/**
 * The entries outside of the changes, and the list of digests of each change: what has to be at hand to read the rest one
 * folder at a time. Throws `TwiceError`, and `too_large`.
 */
export async function readOuterEntries(zip: Zip): Promise<ReadonlyMap<string, ZipEntry>> {
  const outer = new Map<string, ZipEntry>();
  for await (const entry of files(zip)) {
    const folder = folderOfChange(entry.name);
    if (folder !== undefined && entry.name !== folder + packFiles.sums) continue;
    add(outer, entry, mostEntries);
  }
  return outer;
}

/** The folders of the changes, each where its files stand together. A folder may so be given twice. */
export async function* readChangeEntries(zip: Zip): AsyncGenerator<ChangeEntries> {
  let folder: string | undefined;
  let entries = new Map<string, ZipEntry>();
  for await (const entry of files(zip)) {
    const next = folderOfChange(entry.name);
    if (next !== folder) {
      if (folder !== undefined) yield { folder, entries };
      folder = next;
      entries = new Map();
    }
    if (next !== undefined) add(entries, entry, mostFilesOfChange);
  }
  if (folder !== undefined) yield { folder, entries };
}

// Packing tools write an entry for each folder. It holds nothing, and is held to that.
async function* files(zip: Zip): AsyncGenerator<ZipEntry> {
  for await (const entry of zip.entries()) {
    if (entry.name.endsWith('/')) await zip.read(entry);
    else yield entry;
  }
}

function add(entries: Map<string, ZipEntry>, entry: ZipEntry, most: number): void {
  if (entries.has(entry.name)) throw new TwiceError(entry.name);
  if (entries.size >= most) throw new LedgerError('too_large', 'More files than any pack has');
  entries.set(entry.name, entry);
}
