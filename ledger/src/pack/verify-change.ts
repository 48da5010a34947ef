import { canonicalJson, type Json } from '../canonical-json.ts';
import { decodeText, encodeHex, encodeText, equalBytes } from '../encoding.ts';
import { LedgerError, type LedgerErrorCode } from '../errors.ts';
import { type LeafKind } from '../leaf.ts';
import { assertDisclosures } from './disclosures.ts';
import { type IndexRow, indexRow } from './index-csv.ts';
import { assertOutline, isOutline } from './outline.ts';
import { sealedPart } from './paths.ts';
import { predicateTypeOf, recordPredicate, verdictPredicate } from './predicates.ts';
import { digestsIn, memberAt, readJson } from './read-json.ts';
import { readSeal, type SealReader } from './read-seal.ts';
import { type Sealed } from './sealed.ts';

/** What a folder of a change has shown. */
export interface VerifiedChange {
  readonly row: IndexRow;
  /** The entries of the verdicts in the folder, that which holds first. */
  readonly verdictEntries: readonly number[];
  /** How many entries in the folder say where the change was published. */
  readonly publications: number;
  /** Digests of the policies that the verdicts judged by. */
  readonly policies: readonly string[];
}

interface OpenRecord {
  readonly sealed: Sealed;
  readonly text: string;
  readonly value: Json;
  readonly sha256: string;
}

interface OpenVerdict {
  readonly sealed: Sealed;
  readonly text: string;
  readonly value: Json;
}

/** Verifies the folder of one change; undefined, and found, where something does not hold. */
export async function verifyChange(reader: SealReader, id: string): Promise<VerifiedChange | undefined> {
  const { files, findings, prefix } = reader;
  const before = findings.count;
  const record = await readRecord(reader, id);
  if (record === undefined) {
    await readTheRest(reader, false);
    return undefined;
  }

  const verdicts: OpenVerdict[] = [];
  const publications = new Set<string>();
  if (!files.has('verdict.json')) {
    findings.add({ file: `${prefix}verdict.json`, code: 'file_missing', message: 'The change has no verdict' });
  }
  for (const name of [...files.names()].toSorted(newestVerdictFirst)) {
    if (/^verdict(-(0|[1-9]\d*))?\.json$/.test(name)) {
      const verdict = await readVerdict(reader, name.slice(0, -'.json'.length), id, record);
      if (verdict !== undefined) verdicts.push(verdict);
    }
    const { stem } = sealedPart(name) ?? {};
    if (stem?.startsWith('publication-')) publications.add(stem);
  }
  for (const stem of publications) await readPublication(reader, stem, id, record);
  assertNewestHolds(reader, verdicts);

  const inRecord = digestsIn(record.text);
  const disclosures = await files.readIfListed('disclosures.json');
  if (disclosures !== undefined) {
    findings.check(`${prefix}disclosures.json`, () => assertDisclosures(reader.p, disclosures, inRecord));
  }
  const named = verdicts.flatMap(({ text }) => [...digestsIn(text)]);
  await readSources(reader, new Set([...inRecord, ...named]));
  await readTheRest(reader, findings.count === before);

  const [verdict] = verdicts;
  if (findings.count > before || verdict === undefined) return undefined;
  const row = indexRow({
    record: record.value,
    verdict: verdict.value,
    recordEntry: record.sealed.index,
    verdictEntry: verdict.sealed.index,
    recordSha256: record.sha256,
    landedCommit: landedCommitOf(record.sealed),
  });
  const policies = verdicts.map(({ value }) => memberAt(value, 'policy', 'sha256'));
  return {
    row,
    verdictEntries: verdicts.map(({ sealed }) => sealed.index),
    publications: publications.size,
    policies: policies.filter((policy) => typeof policy === 'string'),
  };
}

// `verdict.json` is the one that holds; the others are told apart by their entries.
function newestVerdictFirst(left: string, right: string): number {
  return Number(right === 'verdict.json') - Number(left === 'verdict.json');
}

async function readRecord(reader: SealReader, id: string): Promise<OpenRecord | undefined> {
  const { p, files, findings, prefix } = reader;
  const document = await files.read('record.json');
  const sealed = await readSeal(reader, 'record');
  if (document === undefined || sealed === undefined) return undefined;
  const sha256 = encodeHex(p.sha256(document));
  return findings.check(`${prefix}record.json`, () => {
    const text = decodeText(document);
    const { predicate } = sealed.statement;
    assertFits(sealed, { kind: 'record', id, predicateType: recordPredicate, recordSha256: sha256 });
    if (!isOutline(predicate)) {
      if (canonicalJson(predicate) !== text) throw other('The record is not the one that was signed');
    } else assertOutline(predicate, sha256);
    const value = isOutline(predicate) ? readJson(text, 'bad_pack') : predicate;
    if (memberAt(value, 'id') !== id) throw other('The record is that of another change');
    return { sealed, text, value, sha256 };
  });
}

async function readVerdict(
  reader: SealReader,
  stem: string,
  id: string,
  record: OpenRecord,
): Promise<OpenVerdict | undefined> {
  const { files, findings, prefix } = reader;
  const document = await files.read(`${stem}.json`);
  const sealed = await readSeal(reader, stem);
  if (document === undefined || sealed === undefined) return undefined;
  return findings.check(`${prefix}${stem}.json`, () => {
    const { predicate } = sealed.statement;
    const fit = { kind: 'verdict', id, predicateType: verdictPredicate, recordSha256: record.sha256 } as const;
    assertFits(sealed, fit);
    if (!equalBytes(encodeText(canonicalJson(predicate)), document))
      throw other('The verdict is not the one that was signed');
    if (memberAt(predicate, 'record', 'id') !== id || memberAt(predicate, 'record', 'sha256') !== record.sha256) {
      throw other('The verdict is over another record');
    }
    if (stem !== 'verdict' && stem !== `verdict-${sealed.index}`) throw other('The verdict is that of another entry');
    return { sealed, text: decodeText(document), value: predicate };
  });
}

async function readPublication(reader: SealReader, stem: string, id: string, record: OpenRecord): Promise<void> {
  const { findings, prefix } = reader;
  const sealed = await readSeal(reader, stem);
  if (sealed === undefined) return;
  findings.check(`${prefix}${stem}.envelope.json`, () => {
    const fit = {
      kind: 'statement',
      id: `publication/${id}`,
      predicateType: predicateTypeOf('publication'),
      recordSha256: record.sha256,
    } as const;
    assertFits(sealed, fit);
    if (stem !== `publication-${sealed.index}`) throw other('The publication is that of another entry');
  });
}

/** That the leaf and the statement of a seal are of the kind, and about the record, that they should be. */
function assertFits(
  { leaf, statement }: Sealed,
  fit: { kind: LeafKind; id?: string; predicateType: string; recordSha256: string },
): void {
  if (leaf.kind !== fit.kind) throw other(`The leaf is not that of a ${fit.kind}`);
  if (fit.id !== undefined && leaf.id !== fit.id) throw other('The leaf is that of another change');
  if (statement.predicateType !== fit.predicateType) throw other('The statement is of another type');
  const subject = statement.subjects.find(({ name }) => name === 'record.json');
  if (subject?.digest.sha256 !== fit.recordSha256) throw other('The statement is about another record');
}

function assertNewestHolds({ findings, prefix }: SealReader, [first, ...earlier]: readonly OpenVerdict[]): void {
  if (first === undefined || earlier.every(({ sealed }) => sealed.index < first.sealed.index)) return;
  findings.add({ file: `${prefix}verdict.json`, code: 'other_content', message: 'A later verdict is in the folder' });
}

/** What GitLab answered and sent: named by its digest, and by the record or a verdict. */
async function readSources({ p, files, findings, prefix }: SealReader, restsOn: ReadonlySet<string>): Promise<void> {
  for (const name of files.names()) {
    const [, sha256] = /^(?:answers|deliveries)\/([0-9a-f]{64})\.json$/.exec(name) ?? [];
    if (sha256 === undefined) continue;
    const bytes = await files.read(name);
    if (bytes === undefined) continue;
    const found = (code: LedgerErrorCode, message: string): void =>
      findings.add({ file: prefix + name, code, message });
    if (encodeHex(p.sha256(bytes)) !== sha256) found('other_content', 'The file is named after another content');
    else if (!restsOn.has(sha256)) {
      found('file_unexpected', 'Neither the record nor a verdict rests on it');
    }
  }
}

/** What nothing asked for is hashed all the same; in a folder of which the rest holds, it has no place. */
async function readTheRest({ files, findings, prefix }: SealReader, holds: boolean): Promise<void> {
  for (const name of files.unread()) {
    const bytes = await files.read(name);
    if (bytes === undefined || !holds) continue;
    findings.add({ file: prefix + name, code: 'file_unexpected', message: 'No folder of a change has such a file' });
  }
}

function landedCommitOf({ statement }: Sealed): string | null {
  return statement.subjects.find(({ name }) => name === 'landed commit')?.digest.gitCommit ?? null;
}

function other(message: string): LedgerError {
  return new LedgerError('other_content', message);
}
