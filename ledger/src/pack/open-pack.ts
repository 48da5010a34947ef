import { encodeHex, encodeText, equalBytes } from '../encoding.ts';
import { type TrustedKey } from '../note.ts';
import { createFindings, type Findings } from './findings.ts';
import { type Host } from './host.ts';
import { parseKeys, sameKey } from './keys.ts';
import { type ListedFiles, listedFiles, readEntry } from './listed-files.ts';
import { openPack, type PackStatement } from './pack-statement.ts';
import { packFiles } from './paths.ts';
import { parseSums, type Sums } from './sums.ts';
import { type ZipEntry } from './zip-directory.ts';
import { type Zip } from './zip.ts';

/** A pack whose list of digests is signed. */
export interface OpenPack {
  readonly statement: PackStatement;
  /** As `keys.txt` has them: their history is still to be verified. */
  readonly keys: readonly TrustedKey[];
  readonly newest: TrustedKey;
  readonly sums: Sums;
  /** The files outside of the changes, and the lists of digests of the changes. */
  readonly files: ListedFiles;
}

/**
 * Reads the keys of a pack, its envelope and its list of digests; undefined, and found, where they do not hold: then
 * nothing else of the pack can be told.
 */
export async function openSums(
  { host, zip, findings }: { host: Host; zip: Zip; findings: Findings },
  entries: ReadonlyMap<string, ZipEntry>,
  trustedKeys: readonly TrustedKey[] | undefined,
): Promise<OpenPack | undefined> {
  const read = async (file: string): Promise<Uint8Array | undefined> => {
    const entry = entries.get(file);
    if (entry !== undefined) return readEntry(zip, findings, entry);
    findings.add({ file, code: 'file_missing', message: 'Every pack has this file' });
    return undefined;
  };
  const keyBytes = await read(packFiles.keys);
  const sumsBytes = await read(packFiles.sums);
  const envelope = await read(packFiles.envelope);
  if (keyBytes === undefined || sumsBytes === undefined || envelope === undefined) return undefined;

  const keys = findings.check(packFiles.keys, () => parseKeys(host, keyBytes));
  const newest = keys?.at(-1);
  if (keys === undefined || newest === undefined) return undefined;
  if (trustedKeys !== undefined && !keys.some((key) => trustedKeys.some((trusted) => sameKey(key, trusted)))) {
    findings.add({ file: packFiles.keys, code: 'unknown_key', message: 'No key of the pack is one that you trust' });
    return undefined;
  }

  const later = createFindings();
  const statement = later.check(packFiles.envelope, () => openPack(host, envelope, newest));
  if (statement === undefined) {
    // Keys that were changed are named, rather than the envelope that they do not open.
    const listed = digestOfKeys(sumsBytes);
    if (listed !== undefined && listed !== encodeHex(host.sha256(keyBytes))) {
      findings.add({ file: packFiles.keys, code: 'file_changed', message: 'The file is not the one that is listed' });
    }
    for (const failure of later.listed) findings.add(failure);
    return undefined;
  }
  // What nobody signed is not taken apart.
  if (statement.sumsSha256 !== encodeHex(host.sha256(sumsBytes))) {
    findings.add({
      file: packFiles.sums,
      code: 'file_changed',
      message: 'The list of digests is not the one that was signed',
    });
    return undefined;
  }
  const sums = findings.check(packFiles.sums, () => parseSums(sumsBytes));
  if (sums === undefined) return undefined;
  const exempt = [packFiles.sums, packFiles.envelope];
  const files = listedFiles({ host, zip, findings }, { sums, entries, prefix: '', exempt });
  await files.read(packFiles.keys);
  return { statement, keys, newest, sums, files };
}

/** Whether the head that a pack was signed for is the one in it. */
export function isHeadOf(statement: PackStatement, head: PackStatement['head']): boolean {
  const { origin, size, root } = statement.head;
  return head.origin === origin && head.size === size && equalBytes(head.root, root);
}

/** What a list that nobody signed says of the keys: looked for once, without taking the list apart. */
function digestOfKeys(sums: Uint8Array): string | undefined {
  const line = encodeText(`  ${packFiles.keys}\n`);
  for (let at = sums.indexOf(line[0]!); at >= 0; at = sums.indexOf(line[0]!, at + 1)) {
    if (equalBytes(sums.subarray(at, at + line.length), line)) return asciiOf(sums.subarray(Math.max(at - 64, 0), at));
  }
  return undefined;
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
