import { LedgerError } from '../errors.ts';
import { type Findings } from './findings.ts';
import { type Host } from './host.ts';
import { type IndexRow } from './index-csv.ts';
import { listedFiles } from './listed-files.ts';
import { type LogIndex } from './log-index.ts';
import { type OpenPack } from './open-pack.ts';
import { readChangeEntries } from './pack-archive.ts';
import { changesFolder, packFiles, policyPath } from './paths.ts';
import { type ChangeReport } from './report.ts';
import { type SealContext } from './sealed.ts';
import { parseSums } from './sums.ts';
import { type VerifiedChange, verifyChange } from './verify-change.ts';
import { type Zip } from './zip.ts';

/** What the folders of a pack are held against. */
export interface FolderParts {
  readonly host: Host;
  readonly zip: Zip;
  readonly findings: Findings;
  readonly pack: OpenPack;
  readonly context: SealContext;
  readonly logIndex: LogIndex;
  /** Told of each row that holds. */
  readonly onRow: (row: IndexRow) => void;
  readonly onChange: (change: ChangeReport) => void;
}

/** Verifies the folders of all changes, one at a time. Gives the ids of those that the pack has. */
export async function verifyFolders(parts: FolderParts): Promise<ReadonlySet<string>> {
  const { host, zip, findings, pack } = parts;
  const seen = new Set<string>();
  for await (const { folder, entries } of readChangeEntries(zip)) {
    const id = folder.slice(changesFolder.length, -1);
    const sumsPath = folder + packFiles.sums;
    if (!pack.files.has(sumsPath)) {
      findings.add({ file: folder, code: 'file_unexpected', message: 'The change is not listed' });
      continue;
    }
    if (seen.has(id)) throw new LedgerError('bad_zip', `The files of ${folder} do not stand together`);
    seen.add(id);
    const before = findings.count;
    const bytes = await pack.files.read(sumsPath);
    const sums = bytes === undefined ? undefined : findings.check(sumsPath, () => parseSums(bytes));
    let change: VerifiedChange | undefined;
    if (sums !== undefined) {
      const files = listedFiles({ host, zip, findings }, { sums, entries, prefix: folder, exempt: [sumsPath] });
      change = await verifyChange({ p: host, files, prefix: folder, findings, context: parts.context }, id);
    }
    if (change !== undefined) settle(parts, folder, id, change);
    parts.onChange({ id, ok: change !== undefined && findings.count === before, verdict: change?.row.verdict });
  }
  return seen;
}

/** Holds a change against the log, the index and the selection of the pack. */
function settle(
  { findings, pack, logIndex, onRow }: FolderParts,
  folder: string,
  id: string,
  change: VerifiedChange,
): void {
  const { row, verdictEntries, publications, policies } = change;
  const fault = logIndex.account({ id, recordEntry: row.recordEntry, verdictEntries, publications });
  if (fault !== undefined) {
    const { file, message } = fault;
    findings.add({ file: folder + file, code: 'entry_missing', message });
  }
  for (const policy of policies) {
    if (pack.files.has(policyPath(policy))) continue;
    findings.add({
      file: policyPath(policy),
      code: 'file_missing',
      message: `${id} was judged by a policy that is not there`,
    });
  }
  onRow(row);
}
