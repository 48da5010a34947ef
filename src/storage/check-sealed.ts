import {
  canonicalJson,
  commitmentOf,
  parseLeaf,
  parseStatement,
  type Json,
  type Primitives,
} from '@countersign/ledger';
import type { Kysely } from 'kysely';
import { disclosureDigest } from '../domain/disclosure.ts';
import type { Tables } from './tables.ts';

/** What is wrong with what the database holds of an entry. */
export type BrokenCode =
  | 'leaf_changed' // the entry is not the one that its leaf names
  | 'envelope_missing'
  | 'envelope_changed' // not the one that the leaf commits to
  | 'record_missing'
  | 'record_changed' // not the bytes that the sealed statement digests
  | 'disclosure_changed' // opens another value than the record conceals
  | 'verdict_missing'; // no verdict of the change is the sealed one

export interface BrokenEntry {
  readonly index: number;
  readonly code: BrokenCode;
}

/**
 * Opens the sealed documents of a range of entries and holds what the database says against them: envelopes against
 * their leaves, records, disclosures and verdicts against their statements. Whether the leaves are the log's is for
 * `checkLog`. What has been erased is not missing.
 */
export async function findBroken(
  db: Kysely<Tables>,
  p: Primitives,
  range: { readonly from: number; readonly to: number },
): Promise<BrokenEntry[]> {
  const entries = await db
    .selectFrom('countersign.entry')
    .selectAll()
    .where('index', '>=', range.from)
    .where('index', '<', range.to)
    .orderBy('index')
    .execute();
  const changes = [...new Set(entries.flatMap(({ change_id }) => (change_id === null ? [] : [change_id])))];
  const kept = await readKept(db, changes);
  return entries.flatMap((entry) => {
    const code = brokenBy(p, entry, kept);
    return code === undefined ? [] : [{ index: entry.index, code }];
  });
}

type Kept = Awaited<ReturnType<typeof readKept>>;

async function readKept(db: Kysely<Tables>, changes: readonly number[]) {
  if (changes.length === 0) return { records: new Map(), disclosures: new Map(), verdicts: new Map() };
  const [records, disclosures, verdicts] = await Promise.all([
    db.selectFrom('countersign.record').selectAll().where('change_id', 'in', changes).execute(),
    db.selectFrom('countersign.disclosure').selectAll().where('change_id', 'in', changes).execute(),
    db
      .selectFrom('countersign.verdict')
      .select(['change_id', 'canonical', 'sha256'])
      .where('change_id', 'in', changes)
      .execute(),
  ]);
  return {
    records: new Map(records.map((record) => [record.change_id, record])),
    disclosures: Map.groupBy(disclosures, ({ change_id }) => change_id),
    verdicts: Map.groupBy(verdicts, ({ change_id }) => change_id),
  };
}

type Entry = Tables['countersign.entry'];

function brokenBy(p: Primitives, entry: Entry, kept: Kept): BrokenCode | undefined {
  const leaf = ifReadable(() => parseLeaf(entry.leaf));
  if (leaf === undefined || leaf.kind !== entry.kind || leaf.id !== entry.id) return 'leaf_changed';
  const { envelope, salt } = entry;
  if (envelope === null || salt === null) return 'envelope_missing';
  const commitment = ifReadable(() => commitmentOf(p, salt, envelope));
  if (commitment === undefined || !Buffer.from(commitment).equals(leaf.commitment)) return 'envelope_changed';
  // From here on the envelope is what was sealed, to the byte.
  if (entry.kind === 'record') return recordBrokenBy(p, entry, envelope, kept);
  if (entry.kind === 'verdict') return verdictBrokenBy(entry, envelope, kept);
  return undefined;
}

function recordBrokenBy(p: Primitives, entry: Entry, envelope: Buffer, kept: Kept): BrokenCode | undefined {
  const record = kept.records.get(entry.change_id ?? 0);
  if (record === undefined) return 'record_missing';
  const digest = hexDigest(p, record.canonical);
  const sealed = statementIn(envelope).subjects.find(({ name }) => name === 'record.json')?.digest['sha256'];
  if (digest !== sealed || digest !== record.sha256) return 'record_changed';
  const sha256 = (text: string): string => hexDigest(p, Buffer.from(text));
  const disclosures = kept.disclosures.get(record.change_id) ?? [];
  const opens = disclosures.every(({ digest, salt, value }: { digest: string; salt: string; value: Json }) =>
    ifReadable(() => disclosureDigest(salt, value, sha256) === digest),
  );
  return opens ? undefined : 'disclosure_changed';
}

function verdictBrokenBy(entry: Entry, envelope: Buffer, kept: Kept): BrokenCode | undefined {
  const sealed = canonicalJson(statementIn(envelope).predicate);
  const verdicts: readonly { canonical: Buffer }[] = kept.verdicts.get(entry.change_id ?? 0) ?? [];
  return verdicts.some(({ canonical }) => canonical.toString() === sealed) ? undefined : 'verdict_missing';
}

function statementIn(envelope: Buffer) {
  const { payload }: { payload: string } = JSON.parse(envelope.toString());
  return parseStatement(Buffer.from(payload, 'base64'));
}

function hexDigest(p: Primitives, bytes: Uint8Array): string {
  return Buffer.from(p.sha256(bytes)).toString('hex');
}

function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
