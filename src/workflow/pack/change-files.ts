import { canonicalJson, indexRow, type IndexRow, type Json, type Statement } from '@countersign/ledger';
import { brokenLog } from '../../storage/ledger.ts';
import type { SealedEntry } from '../../storage/packed-entries.ts';
import type { ChangeSources, SourceBody } from '../../storage/packed-sources.ts';
import { statementIn } from '../../storage/seal-entry.ts';
import { sha256 } from '../sha256.ts';
import { sealFiles, type PackFile, type SealParts } from './sealed-files.ts';

/** What the log holds of a change, opened: its record, its verdicts with the newest first, and its publications. */
export interface OpenedChange {
  readonly id: string;
  readonly row: IndexRow;
  /** The record as it is kept. */
  readonly record: Buffer;
  /** With their canonical texts. */
  readonly verdicts: readonly { readonly entry: SealedEntry; readonly text: string }[];
  readonly recordEntry: SealedEntry;
  readonly publications: readonly SealedEntry[];
  readonly disclosures: ChangeSources['disclosures'];
  /** Digests of the policies that it was judged by. */
  readonly policies: readonly string[];
}

/** Opens what is sealed of a change. Throws `log_broken` where something of it is not there. */
export function openChange(entries: readonly SealedEntry[], sources: ChangeSources | undefined): OpenedChange {
  const record = entries.find(({ kind }) => kind === 'record');
  if (record === undefined || sources === undefined) {
    throw brokenLog(`of the change of entry ${entries[0]?.index} the record is missing`);
  }
  const verdicts = entries
    .filter(({ kind }) => kind === 'verdict')
    .toReversed()
    .map((entry) => ({ entry, predicate: statementOf(entry).predicate }));
  const [newest] = verdicts;
  if (newest === undefined) throw brokenLog(`the verdict over entry ${record.index} is missing`);
  const row = indexRow({
    record: parsed(sources.record, record.index),
    verdict: newest.predicate,
    recordEntry: record.index,
    verdictEntry: newest.entry.index,
    recordSha256: sha256(sources.record),
    landedCommit: landedCommitOf(statementOf(record)),
  });
  return {
    id: row.recordId,
    row,
    record: sources.record,
    verdicts: verdicts.map(({ entry, predicate }) => ({ entry, text: canonicalJson(predicate) })),
    recordEntry: record,
    publications: entries.filter(({ type }) => type === 'publication'),
    disclosures: sources.disclosures,
    policies: verdicts.flatMap(({ predicate }) => policyOf(predicate)),
  };
}

/** The files of the folder of a change. Of the sources, those on which its record or a verdict rests. */
export function changeFiles(
  parts: SealParts,
  change: OpenedChange,
  sources: { readonly answers: readonly SourceBody[]; readonly deliveries: readonly SourceBody[] },
  proofs: ReadonlyMap<number, readonly Uint8Array[]>,
): PackFile[] {
  const { record, verdicts, recordEntry, publications } = change;
  const seal = (stem: string, entry: SealedEntry): PackFile[] =>
    sealFiles(parts, stem, entry, proofs.get(entry.index) ?? []);
  const texts = [record.toString(), ...verdicts.map(({ text }) => text)];
  const named = (folder: string, bodies: readonly SourceBody[]): PackFile[] =>
    bodies
      .filter((one) => texts.some((text) => text.includes(one.sha256)))
      .map((one) => [`${folder}/${one.sha256}.json`, one.body]);
  return [
    ['record.json', record],
    ...seal('record', recordEntry),
    ...verdicts.flatMap(({ entry, text }, at) => {
      const stem = at === 0 ? 'verdict' : `verdict-${entry.index}`;
      return [[`${stem}.json`, Buffer.from(text)] as const, ...seal(stem, entry)];
    }),
    ...publications.flatMap((entry) => seal(`publication-${entry.index}`, entry)),
    ['disclosures.json', Buffer.from(disclosuresText(change.disclosures))],
    ...named('answers', sources.answers),
    ...named('deliveries', sources.deliveries),
  ];
}

/** How many values a record conceals that nothing opens any more. */
export function countErased({ record, disclosures }: OpenedChange): number {
  const concealed = new Set(
    [...record.toString().matchAll(/\{"concealed":"([0-9a-f]{64})"\}/g)].map(([, digest]) => digest),
  );
  for (const { digest } of disclosures) concealed.delete(digest);
  return concealed.size;
}

function parsed(record: Buffer, index: number): Json {
  try {
    return JSON.parse(record.toString());
  } catch {
    throw brokenLog(`the record of entry ${index} is no JSON`);
  }
}

function disclosuresText(disclosures: ChangeSources['disclosures']): string {
  const sorted = disclosures.toSorted((left, right) => (left.digest < right.digest ? -1 : 1));
  return canonicalJson(sorted.map(({ digest, salt, value }) => ({ digest, salt, value })));
}

function statementOf({ envelope, index }: SealedEntry): Statement {
  try {
    return statementIn(envelope);
  } catch {
    throw brokenLog(`the envelope of entry ${index} is none`);
  }
}

function landedCommitOf({ subjects }: Statement): string | null {
  return subjects.find(({ name }) => name === 'landed commit')?.digest['gitCommit'] ?? null;
}

function policyOf(predicate: Statement['predicate']): string[] {
  const { policy } = predicate;
  const digest = typeof policy === 'object' && policy !== null && 'sha256' in policy ? policy['sha256'] : undefined;
  return typeof digest === 'string' ? [digest] : [];
}
