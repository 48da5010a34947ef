import { decodeText } from '../encoding.ts';
import { type TrustedKey } from '../note.ts';
import { createFindings, type Findings } from './findings.ts';
import { type Host, type ZipSource } from './host.ts';
import { type KeyHistory, sameKey } from './keys.ts';
import { type LogIndex } from './log-index.ts';
import { isHeadOf, type OpenPack, openSums } from './open-pack.ts';
import { readOuterEntries, TwiceError } from './pack-archive.ts';
import { changesFolder, packFiles, statementStem } from './paths.ts';
import { type ChangeReport, failureOf, type LogReport, type PackReport, type Selected } from './report.ts';
import { type SealContext } from './sealed.ts';
import { verifyFolders } from './verify-folders.ts';
import { createIndexCheck } from './verify-index.ts';
import { verifyKeys } from './verify-keys.ts';
import { verifyPackLog } from './verify-pack-log.ts';
import { assertSelected, readSelection } from './verify-selection.ts';
import { verifyPolicies, verifyStatements } from './verify-statements.ts';
import { openZip, type Zip } from './zip.ts';

export interface VerifyPackOptions {
  /** Keys that the reader has from elsewhere. Without them the pack vouches for itself, and the report says so. */
  readonly trustedKeys?: readonly TrustedKey[] | undefined;
  /** An earlier head: a signed note, or its short form `<size>:<first 16 characters of the root in base64>`. */
  readonly since?: string | undefined;
  readonly onProgress?: ((done: PackProgress) => void) | undefined;
  readonly onChange?: ((change: ChangeReport) => void) | undefined;
}

/** How far the verification has come. */
export interface PackProgress {
  readonly part: 'log' | 'changes';
  readonly done: number;
  readonly of: number;
}

/** What is found out on the way, for the report. */
interface Found {
  changes: number;
  readonly verdicts: Record<string, number>;
  pack?: OpenPack;
  log?: LogReport;
  history?: KeyHistory;
  selected?: Selected;
}

/**
 * Verifies a pack from its archive to its last file. Faults of the pack are in the report, never thrown; what `source`
 * throws is. One folder of a change is in memory at a time.
 */
export async function verifyPack(host: Host, source: ZipSource, options: VerifyPackOptions = {}): Promise<PackReport> {
  const findings = createFindings();
  // A verdict may have any name, those of the members of every object included.
  const found: Found = { changes: 0, verdicts: Object.create(null) };
  try {
    await verifyParts(host, await openZip(host, source), options, findings, found);
  } catch (error) {
    // An archive that ends too early, overlaps, or has a name twice: nothing else of it can be told.
    findings.add(failureOf(error instanceof TwiceError ? error.file : '(zip)', error));
  }

  const { statement } = found.pack ?? {};
  return {
    ok: findings.count === 0,
    changes: found.changes,
    verdicts: found.verdicts,
    head: found.log?.head,
    since: found.log?.since,
    keys: found.history?.periods ?? [],
    trustedBy: options.trustedKeys === undefined ? 'pack' : 'given',
    pack:
      statement === undefined ? undefined : { at: statement.at, product: statement.product, scope: statement.scope },
    selected: found.selected,
    failures: findings.listed,
  };
}

async function verifyParts(
  host: Host,
  zip: Zip,
  options: VerifyPackOptions,
  findings: Findings,
  found: Found,
): Promise<void> {
  const parts = { host, zip, findings };
  const pack = await openSums(parts, await readOuterEntries(zip), options.trustedKeys);
  if (pack === undefined) return;
  found.pack = pack;
  const { files, statement } = pack;

  const onLog = (done: number, of: number): void => options.onProgress?.({ part: 'log', done, of });
  const { log, logIndex } = await verifyPackLog(host, pack, options.since, onLog);
  found.log = log;
  for (const failure of log.failures) findings.add(failure);
  const { head } = log;
  if (head === undefined) return readTheRest(pack, findings);
  const file = packFiles.checkpoint;
  if (!head.verifiedBy.some((key) => sameKey(key, pack.newest))) {
    findings.add({ file, code: 'unknown_key', message: 'The newest key did not sign the head' });
  }
  if (!isHeadOf(statement, head)) {
    findings.add({ file, code: 'other_content', message: 'The head is not the one that the pack was signed for' });
  }

  const trusted = options.trustedKeys ?? pack.keys;
  const history = await verifyKeys({ p: host, files, findings }, logIndex.keyEntries, pack.keys, trusted);
  const note = await files.read(packFiles.checkpoint);
  if (history === undefined || note === undefined) return readTheRest(pack, findings);
  found.history = history;
  const { size, root } = head;
  const context = { head: { note: decodeText(note), size, root }, keys: history.keys, keysFor: history.keysFor };
  await verifyContent(parts, pack, { context, logIndex, options, found });
  await readTheRest(pack, findings);
}

async function verifyContent(
  { host, zip, findings }: { host: Host; zip: Zip; findings: Findings },
  pack: OpenPack,
  {
    context,
    logIndex,
    options,
    found,
  }: { context: SealContext; logIndex: LogIndex; options: VerifyPackOptions; found: Found },
): Promise<void> {
  const { files, statement } = pack;
  const reader = { p: host, files, prefix: '', findings, context };
  const populations = await verifyStatements(reader, logIndex);
  await verifyPolicies(reader);
  const selection = await readSelection(reader, statement.scope, populations);
  if (selection !== undefined) found.selected = selection.selected;
  const indexBytes = await files.read(packFiles.index);
  const index = indexBytes === undefined ? undefined : createIndexCheck(findings, indexBytes);

  let failed = 0;
  const folders = await verifyFolders({
    host,
    zip,
    findings,
    pack,
    context,
    logIndex,
    onRow(row) {
      index?.check(row);
      selection?.check(row);
    },
    onChange(change) {
      found.changes++;
      if (!change.ok) failed++;
      else if (change.verdict !== undefined) found.verdicts[change.verdict] = (found.verdicts[change.verdict] ?? 0) + 1;
      options.onChange?.(change);
      options.onProgress?.({ part: 'changes', done: found.changes, of: statement.changes });
    },
  });
  index?.finish(failed === 0);
  if (selection !== undefined) assertSelected(findings, selection, folders);
  if (folders.size !== statement.changes) {
    const message = `The pack was signed for ${statement.changes} changes and has ${folders.size}`;
    findings.add({ file: packFiles.envelope, code: 'other_content', message });
  }
  if (statement.scope.kind !== 'all') return;
  for (const entry of logIndex.missingStatements()) {
    const file = `${statementStem(entry)}.envelope.json`;
    findings.add({ file, code: 'file_missing', message: `The pack has nothing of entry ${entry}, a statement`, entry });
  }
  // Folders that do not hold have not said which entries are theirs.
  if (failed > 0) return;
  for (const entry of logIndex.missing()) {
    const message = `The pack has nothing of entry ${entry}, a record or a verdict`;
    findings.add({ file: changesFolder, code: 'change_missing', message, entry });
  }
}

/** What nothing asked for is hashed all the same; in a pack of which the rest holds, it has no place. */
async function readTheRest({ files }: OpenPack, findings: Findings): Promise<void> {
  await files.read(packFiles.readme);
  const holds = findings.count === 0;
  for (const name of files.unread()) {
    const bytes = await files.read(name);
    if (bytes === undefined || !holds || /^timestamps\/\d+\.(tsr|checkpoint)$/.test(name)) continue;
    findings.add({ file: name, code: 'file_unexpected', message: 'No pack has such a file' });
  }
}
