import { decodeText, encodeText } from '../encoding.ts';
import { type TrustedKey } from '../note.ts';
import { type Primitives } from '../primitives.ts';
import { parseProof } from '../tlog-proof.ts';
import { createFindings } from './findings.ts';
import { type ListedFiles } from './listed-files.ts';
import { type Failure } from './report.ts';
import { verifyChange } from './verify-change.ts';
import { openHead } from './verify-log.ts';

/** The files of a folder of a change that was taken out of its pack, without its list of digests. */
export interface ChangeFiles {
  /** Paths within the folder, with `/`. */
  readonly names: readonly string[];
  /** The bytes of one of them. What it throws is thrown on. */
  readonly read: (name: string) => Promise<Uint8Array>;
}

/**
 * Verifies the folder of one change without its pack: all that `verifyPack` verifies within a folder, except for the list
 * of digests, which nobody signs without the pack, and for the question which key speaks for which entry. Whether all files
 * and verdicts of the change are there, only a whole pack tells.
 */
export async function verifyOneChange(
  p: Primitives,
  files: ChangeFiles,
  id: string,
  trustedKeys: readonly TrustedKey[],
): Promise<readonly Failure[]> {
  const findings = createFindings();
  const unread = new Set(files.names);
  const all = new Set(files.names);
  const readIfListed = async (name: string): Promise<Uint8Array | undefined> => {
    unread.delete(name);
    return all.has(name) ? files.read(name) : undefined;
  };
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    if (!all.has(name)) findings.add({ file: name, code: 'file_missing', message: 'The file has to be there' });
    return readIfListed(name);
  };
  const listed: ListedFiles = {
    names: () => files.names,
    has: (name) => all.has(name),
    digestOf: () => undefined,
    read,
    readIfListed,
    unread: () => [...unread],
  };
  const file = 'record.tlog-proof';
  const proof = await read(file);
  if (proof === undefined) return findings.listed;
  const head = findings.check(file, () => {
    const note = parseProof(decodeText(proof)).checkpoint;
    const { size, root } = openHead(p, encodeText(note), { trustedKeys });
    return { note, size, root };
  });
  if (head === undefined) return findings.listed;
  const context = { head, keys: trustedKeys, keysFor: (): readonly TrustedKey[] => [] };
  await verifyChange({ p, files: listed, prefix: '', findings, context }, id);
  return findings.listed;
}
