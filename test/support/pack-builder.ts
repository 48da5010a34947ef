import { createHash } from 'node:crypto';
import {
  canonicalJson,
  changeFolder,
  draw,
  envelopeKeyId,
  formatKeys,
  formatPopulation,
  formatSample,
  formatSums,
  formatVerifierKey,
  indexHeader,
  indexLine,
  indexRow,
  keyPath,
  leafHash,
  mergedAtOf,
  packFiles,
  policyPath,
  predicateTypeOf,
  publicKeyPem,
  recordPredicate,
  seedOf,
  signPack,
  statementStem,
  verdictPredicate,
  type IndexRow,
  type Json,
  type PackScope,
  type Signer,
} from '../../ledger/src/index.ts';
import { primitives as p, seeds, signerOf } from './ledger-primitives.ts';
import { createPackLog, type Content, type Entry, type PackLog } from './pack-log.ts';
import { zipOf } from './zip-writer.ts';

/** The files of a pack by path. */
export type Files = Map<string, Uint8Array>;

export interface BuiltPack {
  readonly files: Files;
  readonly head: { readonly note: string; readonly root: Uint8Array; readonly size: number };
  /** An earlier head of the same log. */
  readonly earlier: { readonly note: string; readonly root: Uint8Array; readonly size: number };
  /** Makes the lists of digests and the envelope anew, with the newest key: what an operator can do. */
  readonly resign: (files: Files) => Files;
}

/** The log of the packs, and its keys: the second followed the first. */
export const packOrigin = 'ledger.example.com/packs';
export const firstKey: Signer = signerOf(packOrigin, seeds.first);
export const secondKey: Signer = signerOf(packOrigin, seeds.second);

export interface PackOptions {
  readonly scope?: PackScope['kind'];
  /** How many changes the log has. */
  readonly changes?: number;
  /** Entries that no pack has files of. */
  readonly filler?: number;
  /** Another title of the first change makes another log from its second entry on. */
  readonly title?: string;
  /** What every first verdict says. */
  readonly overall?: string;
  /** Changes whose record is too large for a statement. */
  readonly large?: boolean;
  /** Leaves that an operator has in the log, and leaves out of the pack. */
  readonly hidden?: readonly Pick<Content, 'kind' | 'id'>[];
  /** What the population, or its statement, says that is not so. */
  readonly population?: { readonly logSize?: number; readonly said?: { readonly [member: string]: Json } };
}

const policy = canonicalJson({ checks: { 'RC-01': 'blocking' } });
const answer = Buffer.from('{"id": 1}');
const delivery = Buffer.from('{"object_kind": "merge_request"}');

interface Change {
  readonly id: string;
  readonly record: string;
  readonly value: { readonly [member: string]: Json };
  readonly entry: Entry;
  readonly verdicts: { readonly text: string; readonly entry: Entry }[];
  readonly publications: Entry[];
}

/** An honest pack of a small log: two keys, a change judged twice, statements, and what its scope asks for. */
export function buildPack(options: PackOptions = {}): BuiltPack {
  const { scope: kind = 'all', changes: count = 4, filler = 5, title = 'A title', large = false } = options;
  const log = createPackLog();
  let signers: readonly Signer[] = [firstKey];
  const statements: Entry[] = [];
  const seal = (
    type: string,
    name: string,
    predicate: { readonly [member: string]: Json },
    digest = sha256(policy),
  ) => {
    const file = type === 'population' ? 'population.json' : type;
    const subjects = [{ name: file, digest: { sha256: digest } }];
    const content = {
      kind: 'statement',
      id: `${type}/${name}`,
      subjects,
      predicateType: predicateTypeOf(type),
      predicate,
    } as const;
    return log.seal(content, signers);
  };
  const keyStatement = (next: Signer, old: Signer | null) => {
    const predicate = { from: log.size, new: formatVerifierKey(p, next), old: old && formatVerifierKey(p, old) };
    return seal('key', envelopeKeyId(p, next.publicKey), predicate);
  };

  statements.push(keyStatement(firstKey, null), seal('policy', sha256(policy), { sha256: sha256(policy) }));
  const changes = Array.from({ length: count }, (_, at) => at).map((at) => {
    if (at === Math.ceil(count / 2)) {
      signers = [firstKey, secondKey];
      statements.push(keyStatement(secondKey, firstKey));
      signers = [secondKey];
    }
    const named = at === 0 ? title : `Title ${at}`;
    return sealChange(log, signers, at, named, large && at === 0, options.overall);
  });
  const oldHead = { ...log.head(signers), size: log.size };
  for (let at = 0; at < filler; at++) seal('filler', `batch-${at}`, { root: sha256(String(at)) });
  for (const leaf of options.hidden ?? []) {
    const subjects = [{ name: 'hidden', digest: { sha256: sha256(leaf.id) } }];
    log.seal({ ...leaf, subjects, predicateType: predicateTypeOf('hidden'), predicate: {} }, signers);
  }
  changes[0]!.verdicts.unshift(judge(log, signers, changes[0]!, 'fail'));
  statements.push(seal('heartbeat', '2026-08-02', { day: '2026-08-02' }));

  const listed = changes.slice(0, -1);
  const [from, until] = ['2026-07-01T00:00:00.000Z', '2026-08-01T00:00:00.000Z'];
  const logSize = options.population?.logSize ?? log.size;
  const population = formatPopulation({
    from,
    until,
    logSize,
    changes: listed.map(({ id, value, entry }) => ({ id, recordEntry: entry.index, mergedAt: mergedAtOf(value) })),
  });
  const said = { from, until, log_size: logSize, count: listed.length, ...options.population?.said };
  const sealed = seal('population', '2026-07', said, sha256(population));
  statements.push(sealed);

  const scope: PackScope = kind === 'all' || kind === 'changes' ? { kind } : { kind, population: sealed.index };
  const nonce = 'the auditor’s own';
  const seed = seedOf(p, leafHash(p, sealed.leaf), nonce);
  const drawn = draw(
    p,
    seed,
    listed.map(({ id }) => id),
    2,
  );
  const chosen = changes.filter(({ id }) => {
    if (kind === 'all') return true;
    return kind === 'sample' ? drawn.includes(id) : listed.some((one) => one.id === id);
  });

  const { note, root } = log.head(signers);
  const head = { note, root, size: log.size };
  const files: Files = new Map<string, Uint8Array>([
    [packFiles.readme, Buffer.from('What this is.\n')],
    [packFiles.index, Buffer.from(indexHeader + chosen.map((change) => indexLine(rowOf(change))).join(''))],
    [packFiles.keys, formatKeys(p, [firstKey, secondKey])],
    ...[firstKey, secondKey].map(({ publicKey }) => {
      return [keyPath(envelopeKeyId(p, publicKey)), Buffer.from(publicKeyPem(publicKey))] as const;
    }),
    [packFiles.checkpoint, Buffer.from(note)],
    ...[...log.tiles()].map(([path, bytes]) => [`log/${path}`, bytes] as const),
    [`timestamps/${oldHead.size}.checkpoint`, Buffer.from(oldHead.note)],
    [`timestamps/${oldHead.size}.tsr`, Buffer.from('what the authority answered')],
    [policyPath(sha256(policy)), Buffer.from(policy)],
  ]);
  if (scope.kind === 'period' || scope.kind === 'sample') files.set(packFiles.population, Buffer.from(population));
  if (scope.kind === 'sample') {
    const sample = formatSample({ population: scope.population, nonce, size: 2, seed, ids: drawn });
    files.set(packFiles.sample, Buffer.from(sample));
  }
  for (const entry of statements) addSeal(files, log, note, statementStem(entry.index), entry);
  for (const change of chosen) addChange(files, log, note, change);

  const resign = (given: Files): Files => {
    const statement = { at: '2026-08-03T00:00:00.000Z', product: 'countersign 0.0.0', changes: chosen.length, scope };
    return signedAnew(given, (sums) =>
      signPack(p, { ...statement, head: { origin: packOrigin, size: head.size, root } }, sums, secondKey),
    );
  };
  return { files: resign(files), head, earlier: oldHead, resign };
}

/** The archive of a pack, some of its files packed and some stored. */
export function zipPack(files: Files): Buffer {
  return zipOf(
    [...files].map(([name, content], at) => ({ name, content, deflate: at % 3 > 0, descriptor: at % 3 === 2 })),
  );
}

function sealChange(
  log: PackLog,
  signers: readonly Signer[],
  at: number,
  title: string,
  large: boolean,
  overall = 'pass',
): Change {
  const id = `SEC-${sha256(`change ${at}`).slice(0, 16)}`;
  const value = {
    type: recordPredicate,
    id,
    locator: { project_path: 'group/project', iid: at + 1 },
    evidence: { merge_request: { value: { merged_at: `2026-07-1${at % 10}T10:00:00.000Z` } } },
    title: { concealed: digestOf(title) },
    answers: [{ sha256: sha256(answer) }],
    arrival: { sha256: sha256(delivery), more: large ? 'x'.repeat(1_100_000) : '' },
  };
  const record = canonicalJson(value);
  const outline = { type: recordPredicate, id, sha256: sha256(record), left_out: 'too_large' };
  const subjects = [
    { name: 'record.json', digest: { sha256: sha256(record) } },
    { name: 'landed commit', digest: { gitCommit: sha256(id).slice(0, 40) } },
  ];
  const predicate = large ? outline : value;
  const entry = log.seal({ kind: 'record', id, subjects, predicateType: recordPredicate, predicate }, signers);
  const change: Change = { id, record, value, entry, verdicts: [], publications: [] };
  change.verdicts.push(judge(log, signers, change, overall));
  change.publications.push(
    log.seal(
      {
        kind: 'statement',
        id: `publication/${id}`,
        subjects: [{ name: 'record.json', digest: { sha256: sha256(record) } }],
        predicateType: predicateTypeOf('publication'),
        predicate: { row: { page: '1' } },
      },
      signers,
    ),
  );
  return change;
}

function judge(log: PackLog, signers: readonly Signer[], { id, record }: Change, overall: string) {
  const value = { record: { id, sha256: sha256(record) }, policy: { sha256: sha256(policy) }, overall };
  const subjects = [{ name: 'record.json', digest: { sha256: sha256(record) } }];
  const entry = log.seal({ kind: 'verdict', id, subjects, predicateType: verdictPredicate, predicate: value }, signers);
  return { text: canonicalJson(value), entry };
}

function addChange(
  files: Files,
  log: PackLog,
  note: string,
  { id, record, value, entry, verdicts, publications }: Change,
): void {
  const folder = changeFolder(id);
  const title = titleOf(value);
  files.set(`${folder}record.json`, Buffer.from(record));
  addSeal(files, log, note, `${folder}record`, entry);
  for (const [at, verdict] of verdicts.entries()) {
    const stem = at === 0 ? `${folder}verdict` : `${folder}verdict-${verdict.entry.index}`;
    files.set(`${stem}.json`, Buffer.from(verdict.text));
    addSeal(files, log, note, stem, verdict.entry);
  }
  for (const one of publications) addSeal(files, log, note, `${folder}publication-${one.index}`, one);
  const disclosures = title === undefined ? [] : [{ digest: digestOf(title), salt: 'salt', value: title }];
  files.set(`${folder}disclosures.json`, Buffer.from(canonicalJson(disclosures)));
  files.set(`${folder}answers/${sha256(answer)}.json`, answer);
  files.set(`${folder}deliveries/${sha256(delivery)}.json`, delivery);
}

// The title of the first change alone can be another; that of the others follows from their number.
function titleOf({ title, locator }: Change['value']): string | undefined {
  const digest = Object(title).concealed;
  return [`Title ${Object(locator).iid - 1}`, 'A title', 'Another title'].find((one) => digestOf(one) === digest);
}

function addSeal(files: Files, log: PackLog, note: string, stem: string, entry: Entry): void {
  for (const [ending, bytes] of log.sealOf(entry, note)) files.set(stem + ending, bytes);
}

function rowOf({ value, entry, verdicts, record, id }: Change): IndexRow {
  const [verdict] = verdicts;
  return indexRow({
    record: value,
    verdict: JSON.parse(verdict!.text),
    recordEntry: entry.index,
    verdictEntry: verdict!.entry.index,
    recordSha256: sha256(record),
    landedCommit: sha256(id).slice(0, 40),
  });
}

/** The same files with lists of digests and an envelope that fit them. */
function signedAnew(given: Files, sign: (sums: Uint8Array) => Uint8Array): Files {
  const files: Files = new Map();
  const outer = new Map<string, string>();
  const folders = new Map<string, Map<string, Uint8Array>>();
  for (const [path, bytes] of given) {
    const folder = /^changes\/[^/]+\//.exec(path)?.[0];
    if (path === packFiles.sums || path === packFiles.envelope || path === `${folder}${packFiles.sums}`) continue;
    if (folder === undefined) {
      files.set(path, bytes);
      outer.set(path, sha256(bytes));
    } else folders.set(folder, (folders.get(folder) ?? new Map<string, Uint8Array>()).set(path, bytes));
  }
  for (const [folder, content] of folders) {
    const sums = Buffer.from(
      formatSums([...content].map(([path, bytes]) => [path.slice(folder.length), sha256(bytes)] as const)),
    );
    files.set(folder + packFiles.sums, sums);
    outer.set(folder + packFiles.sums, sha256(sums));
    for (const [path, bytes] of content) files.set(path, bytes);
  }
  const sums = Buffer.from(formatSums(outer));
  files.set(packFiles.sums, sums);
  files.set(packFiles.envelope, sign(sums));
  return files;
}

function digestOf(value: string): string {
  return sha256(canonicalJson(['salt', value]));
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
