import { decodeText } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { type Host } from './host.ts';
import { type Leaf } from '../leaf.ts';
import { createLogIndex, type LogIndex } from './log-index.ts';
import { type OpenPack } from './open-pack.ts';
import { changeFolder, logFolder, packFiles } from './paths.ts';
import { type Failure, failureOf, type LogReport } from './report.ts';
import { verifyLog } from './verify-log.ts';

/**
 * Verifies the log in a pack, and the heads in it that were stamped. Its index of leaves counts the changes that the pack
 * lists.
 */
export async function verifyPackLog(
  host: Host,
  { files, sums, keys, newest }: OpenPack,
  since: string | undefined,
  onProgress: (done: number, of: number) => void,
): Promise<{ log: LogReport; logIndex: LogIndex }> {
  const { lineOf, count } = changeLines(sums);
  const logIndex = createLogIndex(count, lineOf);
  const earlier = new Map<string, string>();
  const failures: Failure[] = [];
  for (const name of files.names()) {
    const [, size] = /^timestamps\/(0|[1-9]\d*)\.checkpoint$/.exec(name) ?? [];
    const bytes = size === undefined ? undefined : await files.read(name);
    if (bytes === undefined) continue;
    try {
      const note = decodeText(bytes);
      if (note.split('\n', 2)[1] !== size) throw new LedgerError('other_content', 'The head is of another size');
      earlier.set(name, note);
    } catch (error) {
      failures.push(failureOf(name, error));
    }
  }

  const onLeaf = (index: number, leaf: Leaf): void => logIndex.add(index, leaf);
  const log = await verifyLog(
    host,
    // A file that was changed is found by its digest; its bytes tell which entry it was.
    { read: (path) => files.readIfListed(`${logFolder}${path}`, true) },
    { trustedKeys: keys, origin: newest.name, since, earlier, onProgress, onLeaf },
  );
  const named = log.failures.map((one) => (isOfLog(one.file) ? { ...one, file: `${logFolder}${one.file}` } : one));
  return { log: { ...log, failures: [...failures, ...named] }, logIndex };
}

function isOfLog(file: string): boolean {
  return file === 'checkpoint' || file.startsWith('tile/');
}

/** Numbers the changes by the lines of their lists of digests, which stand together in a sorted list. */
function changeLines(sums: OpenPack['sums']): { count: number; lineOf: (id: string) => number } {
  let first = -1;
  let count = 0;
  for (let line = 0; line < sums.count; line++) {
    if (!/^changes\/[^/]+\/SHA256SUMS$/.test(sums.pathAt(line))) continue;
    if (first < 0) first = line;
    count = line - first + 1;
  }
  return {
    count,
    lineOf(id) {
      const line = sums.find(changeFolder(id) + packFiles.sums);
      return line < 0 ? -1 : line - first;
    },
  };
}
