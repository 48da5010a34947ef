import { canonicalJson, commitmentOf, parseLeaf, type Json, type Leaf, type Primitives } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import { disclosureDigest } from '../domain/disclosure.ts';
import { inOneMoment } from './database.ts';
import { statementIn } from './seal-entry.ts';
import type { Tables } from './tables.ts';

/** What is wrong with what the database holds of an entry. */
export type BrokenCode =
  | 'entry_missing'
  | 'leaf_changed' // the entry is not the one that its leaf names
  | 'envelope_missing'
  | 'envelope_changed' // not the one that the leaf commits to
  | 'record_missing'
  | 'record_changed' // not the bytes that the sealed statement digests
  | 'disclosure_changed' // opens another value than the record conceals
  | 'verdict_changed' // no verdict of the change is the sealed one in all that is shown of it
  | 'verdict_unsealed' // the change has a verdict that nobody sealed
  | 'policy_changed'; // not the text that verdicts were judged by

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
  // Of one moment: a verdict that is sealed meanwhile would else be one that nobody sealed.
  const { entries, kept } = await inOneMoment(db, async (own) => {
    const entries = await own
      .selectFrom('countersign.entry')
      .selectAll()
      .where('index', '>=', range.from)
      .where('index', '<', range.to)
      .orderBy('index')
      .execute();
    const changes = [...new Set(entries.flatMap(({ change_id }) => (change_id === null ? [] : [change_id])))];
    return { entries, kept: await readKept(own, changes) };
  });
  const byIndex = new Map(entries.map((entry) => [entry.index, entry]));
  return Array.from({ length: range.to - range.from }, (_, at) => range.from + at).flatMap((index) => {
    const entry = byIndex.get(index);
    const code = entry === undefined ? 'entry_missing' : brokenBy(p, entry, kept);
    return code === undefined ? [] : [{ index, code }];
  });
}

type Kept = Awaited<ReturnType<typeof readKept>>;

async function readKept(db: Kysely<Tables>, changes: readonly number[]) {
  const known = changes.length === 0 ? [0] : changes;
  const records = await db
    .selectFrom('countersign.record as record')
    .select((eb) => [
      'record.change_id',
      'record.canonical',
      'record.sha256',
      // Not joined: a plan for some hundred might go through both tables.
      eb
        .selectFrom('countersign.change as change')
        .select('change.record_id')
        .whereRef('change.id', '=', 'record.change_id')
        .as('record_id'),
    ])
    .where('record.change_id', 'in', known)
    .execute();
  const disclosures = await db
    .selectFrom('countersign.disclosure')
    .selectAll()
    .where('change_id', 'in', known)
    .execute();
  const verdicts = await db.selectFrom('countersign.verdict').selectAll().where('change_id', 'in', known).execute();
  const sealedVerdicts = await db
    .selectFrom('countersign.entry')
    .select(['change_id', (eb) => eb.fn.countAll<number>().as('count')])
    .where('kind', '=', 'verdict')
    .where('change_id', 'in', known)
    .groupBy('change_id')
    .execute();
  const policies = await db.selectFrom('countersign.policy').select(['sha256', 'canonical']).execute();
  return {
    records: new Map(records.map((record) => [record.change_id, record])),
    disclosures: Map.groupBy(disclosures, ({ change_id }) => change_id),
    verdicts: Map.groupBy(verdicts, ({ change_id }) => change_id),
    sealedVerdicts: new Map(sealedVerdicts.map((one) => [one.change_id, one.count])),
    policies: new Map(policies.map(({ sha256, canonical }) => [sha256, canonical])),
  };
}

type Entry = Tables['countersign.entry'];

function brokenBy(p: Primitives, entry: Entry, kept: Kept): BrokenCode | undefined {
  const leaf = ifReadable(() => parseLeaf(entry.leaf));
  if (leaf === undefined || leaf.kind !== entry.kind || leaf.id !== entry.id) return 'leaf_changed';
  if (leaf.at !== entry.at.toISOString() || typeOf(leaf) !== entry.type) return 'leaf_changed';
  const { envelope, salt } = entry;
  if (envelope === null || salt === null) return 'envelope_missing';
  const commitment = ifReadable(() => commitmentOf(p, salt, envelope));
  if (commitment === undefined || !Buffer.from(commitment).equals(leaf.commitment)) return 'envelope_changed';
  // From here on the envelope is what was sealed, to the byte.
  if (entry.kind === 'record') return recordBrokenBy(p, entry, envelope, kept);
  if (entry.kind === 'verdict') return verdictBrokenBy(p, entry, envelope, kept);
  return undefined;
}

// The id of a statement begins with what it is about.
function typeOf({ kind, id }: Leaf): string | null {
  return kind === 'statement' ? (id.split('/')[0] ?? null) : null;
}

function recordBrokenBy(p: Primitives, entry: Entry, envelope: Buffer, kept: Kept): BrokenCode | undefined {
  const record = kept.records.get(entry.change_id ?? 0);
  if (record === undefined) return 'record_missing';
  const digest = hexDigest(p, record.canonical);
  const sealed = statementIn(envelope).subjects.find(({ name }) => name === 'record.json')?.digest['sha256'];
  if (digest !== sealed || digest !== record.sha256 || record.record_id !== entry.id) return 'record_changed';
  const sha256 = (text: string): string => hexDigest(p, Buffer.from(text));
  const disclosures = kept.disclosures.get(record.change_id) ?? [];
  const opens = disclosures.every(({ digest, salt, value }: { digest: string; salt: string; value: Json }) =>
    ifReadable(() => disclosureDigest(salt, value, sha256) === digest),
  );
  return opens ? undefined : 'disclosure_changed';
}

function verdictBrokenBy(p: Primitives, entry: Entry, envelope: Buffer, kept: Kept): BrokenCode | undefined {
  const { predicate } = statementIn(envelope);
  const sealed = canonicalJson(predicate);
  const shown = shownOf(predicate);
  const verdicts = kept.verdicts.get(entry.change_id ?? 0) ?? [];
  const found = verdicts.find(
    (one) => one.canonical.toString() === sealed && one.judged_at.getTime() === entry.at.getTime(),
  );
  if (found === undefined || found.sha256 !== hexDigest(p, found.canonical)) return 'verdict_changed';
  // What is shown of a verdict stands in columns of its own.
  const columns = { overall: found.overall, policy: { sha256: found.policy_sha256 }, checks: found.checks };
  if (shownOf(JSON.parse(JSON.stringify(columns))) !== shown) return 'verdict_changed';
  if (verdicts.length !== kept.sealedVerdicts.get(entry.change_id)) return 'verdict_unsealed';
  const policy = kept.policies.get(found.policy_sha256);
  return policy !== undefined && hexDigest(p, policy) === found.policy_sha256 ? undefined : 'policy_changed';
}

/** Outcome, policy and checks of a verdict, without what only explains them. */
function shownOf(verdict: { readonly [member: string]: Json }): string {
  const checks: readonly { readonly [member: string]: Json }[] = JSON.parse(JSON.stringify(verdict['checks'] ?? []));
  return canonicalJson({
    overall: verdict['overall'] ?? null,
    policy: verdict['policy'] ?? null,
    checks: checks.map(({ id, verdict: answer, reason, blocking, about }) => ({
      id: id ?? null,
      answer: answer ?? null,
      reason: reason ?? null,
      blocking: blocking ?? null,
      about: about ?? null,
    })),
  });
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
