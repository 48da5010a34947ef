import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import {
  LedgerError,
  packFiles,
  parseProof,
  parseSums,
  predicateTypeOf,
  recordPredicate,
  verdictPredicate,
  verifyOne,
  verifyOneChange,
  type LeafKind,
  type SealedFiles,
  type TrustedKey,
  type VerifiedOne,
} from '@countersign/ledger';
import { primitives } from '../../compose.ts';
import { CommandError } from '../errors.ts';
import { readGivenKeys, type GivenKeys } from '../given-keys.ts';
import { line } from '../terminal-text.ts';
import { mostShown, type Failure, type Verified } from './verified.ts';

const ending = '.tlog-proof';
const largestFile = 64 * 1024 * 1024;

/** Verifies the sealed documents in the folder of a change, or the one whose proof is named. */
export async function verifyDocuments(path: string, keys: GivenKeys | undefined): Promise<Verified> {
  const isProof = path.endsWith(ending);
  const folder = isProof ? dirname(path) : path;
  const stems = isProof ? [basename(path, ending)] : await stemsIn(folder);
  const trust = keys ?? (await keysBeside(folder));
  const failures: Failure[] = isProof ? [] : await listedFailures(folder);
  const opened: { readonly stem: string; readonly one: VerifiedOne }[] = [];
  const shown: Verified['shown'][number][] = [];
  for (const stem of stems) {
    const result = await openOne(folder, stem, trust);
    if ('one' in result) opened.push({ stem, one: result.one });
    else failures.push(result);
    const what = 'one' in result ? `entry ${result.one.index}, ${result.one.leaf.kind}` : 'does not hold';
    if (shown.length < mostShown) shown.push({ id: stem, ok: 'one' in result, what });
  }
  const id = nameOfChange(folder) ?? opened.find(({ stem }) => stem === 'record')?.one.leaf.id;
  const found = isProof ? await otherRecords(folder, opened) : await changeFailures(folder, stems, id, trust);
  // Whatever was changed is named once.
  failures.push(...found.filter(({ file }) => failures.every((failure) => failure.file !== file)));
  const last = opened.at(-1)?.one;
  return {
    kind: 'documents',
    ok: failures.length === 0,
    changes: opened.filter(({ one }) => one.leaf.kind === 'record').length,
    shown,
    more: stems.length - shown.length,
    verdicts: {},
    head: last?.checkpoint,
    since: undefined,
    keys: (last?.verifiedBy ?? []).map((key) => ({ key, from: null })),
    trustedBy: keys === undefined ? 'pack' : 'given',
    notes: [
      ...(id === undefined ? [] : [`Change        ${id}`]),
      'Looked at     single documents: nobody signs the list of files of a single folder, so a file or a later verdict',
      '              may be missing; that none is, only a whole pack tells',
    ],
    details: { documents: opened.map(({ stem, one }) => ({ stem, entry: one.index, kind: one.leaf.kind })) },
    failures,
  };
}

async function stemsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const stems = names.filter((name) => name.endsWith(ending)).map((name) => basename(name, ending));
  if (stems.length > 0) return stems.toSorted();
  const advice = names.includes(packFiles.envelope)
    ? 'It is an unpacked pack: give the .zip, or the folder of one change in it.'
    : 'A folder of a change has files that end in .tlog-proof.';
  throw new CommandError(`Nothing in ${line(folder)} can be verified. ${advice}`, 2);
}

/** The keys of the pack that a folder was taken from. */
async function keysBeside(folder: string): Promise<GivenKeys> {
  for (const up of ['.', '..', join('..', '..')]) {
    const path = join(folder, up, packFiles.keys);
    const found = await stat(path).catch(() => undefined);
    const keys = found?.isFile() === true ? await readGivenKeys([path]) : undefined;
    if (keys !== undefined) return keys;
  }
  throw new CommandError('There is no keys.txt beside it. Give the key of the log with --key.', 2);
}

async function openOne(
  folder: string,
  stem: string,
  keys: GivenKeys,
): Promise<{ readonly one: VerifiedOne } | Failure> {
  const kind = kindOf(stem);
  let file = `${stem}${ending}`;
  try {
    const files: SealedFiles = {
      envelope: await read(folder, `${stem}.envelope.json`),
      leaf: await read(folder, `${stem}.leaf.json`),
      salt: await read(folder, `${stem}.salt`),
      proof: await read(folder, `${stem}${ending}`),
    };
    const trusted = keysFor(files.proof, keys);
    const one = verifyOne(primitives, files, trusted);
    if (one.leaf.kind !== kind) {
      return { file: `${stem}.leaf.json`, code: 'other_content', message: `The leaf is not that of a ${kind}` };
    }
    const misplaced = misplacedAs(folder, stem, one);
    if (misplaced !== undefined) return misplaced;
    if (kind !== 'statement') {
      file = `${stem}.json`;
      verifyOne(primitives, { ...files, document: await read(folder, file) }, trusted);
    }
    return { one };
  } catch (error) {
    if (error instanceof MissingFile) return { file: error.file, code: error.code, message: error.message };
    if (!(error instanceof LedgerError)) throw error;
    const part = partOf.get(error.code);
    return { file: part === undefined ? file : stem + part, code: error.code, message: error.message };
  }
}

// Which file of a seal an error is about, where it is not the proof with its signed head.
const partOf: ReadonlyMap<string, string> = new Map([
  ['bad_leaf', '.leaf.json'],
  ['bad_commitment', '.envelope.json'],
  ['bad_envelope', '.envelope.json'],
  ['bad_statement', '.envelope.json'],
]);

function kindOf(stem: string): LeafKind {
  if (stem === 'record') return 'record';
  return stem.startsWith('verdict') ? 'verdict' : 'statement';
}

/** The record id that a folder is named after; undefined for a folder that somebody named otherwise. */
function nameOfChange(folder: string): string | undefined {
  const name = basename(resolve(folder));
  return /^SEC-/i.test(name) ? name : undefined;
}

/** What is sealed as something else than its file and its folder are named. */
function misplacedAs(folder: string, stem: string, { leaf, index, statement }: VerifiedOne): Failure | undefined {
  const other = (file: string, message: string): Failure => ({ file: stem + file, code: 'other_content', message });
  const [, kind = '', entry] = /^(record|verdict|publication)(?:-(\d+))?$/.exec(stem) ?? [];
  const type = typesOf.get(kind);
  if (type === undefined) return undefined;
  if (statement.predicateType !== type) return other('.envelope.json', 'The statement is of another type');
  if (entry !== undefined && entry !== String(index)) return other('.tlog-proof', `It is that of entry ${index}`);
  const id = nameOfChange(folder);
  if (kind === 'publication' || id === undefined || leaf.id === id) return undefined;
  return other('.leaf.json', 'The leaf is that of another change');
}

const typesOf: ReadonlyMap<string, string> = new Map([
  ['record', recordPredicate],
  ['verdict', verdictPredicate],
  ['publication', predicateTypeOf('publication')],
]);

function keysFor(proof: Uint8Array, keys: GivenKeys): readonly TrustedKey[] {
  const { checkpoint } = parseProof(Buffer.from(proof).toString());
  return keys(checkpoint.split('\n', 1)[0] ?? '');
}

/** Files that are not what the folder's list of digests says, where there is one. */
async function listedFailures(folder: string): Promise<Failure[]> {
  const bytes = await readFile(join(folder, packFiles.sums)).catch(() => undefined);
  if (bytes === undefined) return [];
  const failures: Failure[] = [];
  try {
    const sums = parseSums(bytes);
    for (let at = 0; at < sums.count; at++) {
      const file = sums.pathAt(at);
      const content = await read(folder, file).catch(() => undefined);
      if (content === undefined)
        failures.push({ file, code: 'file_missing', message: 'The file is listed and not there' });
      else if (digestOf(content) !== sums.digestAt(at)) {
        failures.push({ file, code: 'file_changed', message: 'The file is not the one that is listed' });
      }
    }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    failures.push({ file: packFiles.sums, code: error.code, message: error.message });
  }
  return failures;
}

/** What does not hold of a folder of a change as a whole. Nothing is found of a folder of other statements. */
async function changeFailures(
  folder: string,
  stems: readonly string[],
  id: string | undefined,
  keys: GivenKeys,
): Promise<readonly Failure[]> {
  const isChange =
    nameOfChange(folder) !== undefined || stems.some((stem) => /^(record|verdict|publication)/.test(stem));
  if (!isChange) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => name !== packFiles.sums);
  try {
    const proof = await read(folder, `record${ending}`);
    const files = { names, read: (name: string) => read(folder, name) };
    // Where the record does not open, that was found already, and its id does not matter.
    return await verifyOneChange(primitives, files, id ?? '', keysFor(proof, keys));
  } catch (error) {
    if (error instanceof MissingFile) return [{ file: error.file, code: error.code, message: error.message }];
    if (!(error instanceof LedgerError)) throw error;
    return [{ file: `record${ending}`, code: error.code, message: error.message }];
  }
}

/** Documents that are about another record than the one beside them. */
async function otherRecords(
  folder: string,
  opened: readonly { readonly stem: string; readonly one: VerifiedOne }[],
): Promise<Failure[]> {
  const record = await read(folder, 'record.json').catch(() => undefined);
  if (record === undefined) return [];
  const digest = digestOf(record);
  return opened.flatMap(({ stem, one }) => {
    const about = one.statement.subjects.find(({ name }) => name === 'record.json')?.digest['sha256'];
    if (about === undefined || about === digest) return [];
    return { file: `${stem}.envelope.json`, code: 'other_content', message: 'The statement is about another record' };
  });
}

class MissingFile extends Error {
  readonly code: 'file_missing' | 'too_large';
  readonly file: string;

  constructor(file: string, code: 'file_missing' | 'too_large', message: string) {
    super(message);
    this.file = file;
    this.code = code;
  }
}

async function read(folder: string, name: string): Promise<Uint8Array> {
  const path = join(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw new MissingFile(name, 'file_missing', 'The file has to be there');
  if (found.size > largestFile) throw new MissingFile(name, 'too_large', 'The file is larger than any of a pack');
  return readFile(path);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
