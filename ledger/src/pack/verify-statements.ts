import { encodeHex } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { type Statement } from '../statement.ts';
import { type LogIndex } from './log-index.ts';
import { packStatements, predicateTypeOf } from './predicates.ts';
import { sealedPart, statementStem } from './paths.ts';
import { readSeal, type SealReader } from './read-seal.ts';
import { type Sealed } from './sealed.ts';

/** A sealed list of changes, as the selection of a pack needs it. */
export interface SealedPopulation {
  readonly leafHash: Uint8Array;
  /** Digest of `population.json`; undefined where the statement names none. */
  readonly sha256: string | undefined;
  /** What the statement says of the list. */
  readonly predicate: Statement['predicate'];
}

/**
 * Verifies the sealed statements that stand outside of the changes. Tells the index of the log which there
 * are. Gives the populations among them, by their entries.
 */
export async function verifyStatements(
  reader: SealReader,
  logIndex: LogIndex,
): Promise<ReadonlyMap<number, SealedPopulation>> {
  const populations = new Map<number, SealedPopulation>();
  for (const stem of stemsOf(reader.files.names())) {
    // One that does not hold is found as such: it is not missing, too.
    logIndex.accountStatement(Number(stem.slice(stem.indexOf('/') + 1)));
    const sealed = await readSeal(reader, stem);
    if (sealed === undefined) continue;
    const type = reader.findings.check(`${stem}.envelope.json`, () => typeOf(stem, sealed));
    if (type !== 'population') continue;
    const subject = sealed.statement.subjects.find(({ name }) => name === 'population.json');
    const { predicate } = sealed.statement;
    populations.set(sealed.index, { leafHash: sealed.leafHash, sha256: subject?.digest.sha256, predicate });
  }
  return populations;
}

function stemsOf(names: Iterable<string>): ReadonlySet<string> {
  const stems = new Set<string>();
  for (const name of names) {
    const { stem } = /^statements\/\d{9,}\./.test(name) ? (sealedPart(name) ?? {}) : {};
    if (stem !== undefined) stems.add(stem);
  }
  return stems;
}

function typeOf(stem: string, { leaf, statement, index }: Sealed): string {
  const [type = ''] = leaf.id.split('/', 1);
  const fits =
    leaf.kind === 'statement' &&
    leaf.id.startsWith(`${type}/`) &&
    packStatements.includes(type) &&
    statement.predicateType === predicateTypeOf(type);
  if (!fits) throw new LedgerError('other_content', 'Leaf and statement are not of one type');
  if (stem !== statementStem(index)) throw new LedgerError('other_content', 'The statement is that of another entry');
  return type;
}

/** Policies are named by their digest. */
export async function verifyPolicies({ p, files, findings }: SealReader): Promise<void> {
  for (const name of files.names()) {
    const [, sha256] = /^policies\/([0-9a-f]{64})\.json$/.exec(name) ?? [];
    const bytes = sha256 === undefined ? undefined : await files.read(name);
    if (bytes === undefined || encodeHex(p.sha256(bytes)) === sha256) continue;
    findings.add({ file: name, code: 'other_content', message: 'The policy is named after another one' });
  }
}
