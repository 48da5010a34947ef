import { encodeHex } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { type Primitives } from '../primitives.ts';
import { type Findings } from './findings.ts';
import { type IndexRow } from './index-csv.ts';
import { type ListedFiles } from './listed-files.ts';
import { changeFolder, packFiles, statementStem } from './paths.ts';
import { parsePopulation, type Population, type PopulationChange } from './population.ts';
import { type PackScope, type Selected } from './report.ts';
import { draw, parseSample, seedOf } from './sample.ts';
import { type SealedPopulation } from './verify-statements.ts';

/** Which changes a period or a sample has to have. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** For the report. */
  readonly selected: Selected;
  /** Holds a change against its line in the population. */
  check(row: IndexRow): void;
}

/**
 * Checks the population of a pack and the sample that was drawn from it. Undefined for packs without one, and, with a
 * finding, for those where it does not hold.
 */
export async function readSelection(
  { p, files, findings }: { p: Primitives; files: ListedFiles; findings: Findings },
  scope: PackScope,
  populations: ReadonlyMap<number, SealedPopulation>,
): Promise<Selection | undefined> {
  if (scope.kind === 'all' || scope.kind === 'changes') return undefined;
  const bytes = await files.read(packFiles.population);
  const sampleBytes = scope.kind === 'sample' ? await files.read(packFiles.sample) : undefined;
  if (bytes === undefined || (scope.kind === 'sample' && sampleBytes === undefined)) return undefined;

  const sealed = populations.get(scope.population);
  if (sealed === undefined) {
    const file = `${statementStem(scope.population)}.envelope.json`;
    findings.add({
      file,
      code: 'file_missing',
      message: 'The statement of the population is not there, or does not hold',
    });
    return undefined;
  }
  const population = findings.check(packFiles.population, () => {
    if (sealed.sha256 !== encodeHex(p.sha256(bytes))) throw other('The population is not the one that was sealed');
    const read = parsePopulation(bytes);
    // It is sealed while nothing else can be: an older list would leave out what was merged and recorded meanwhile.
    if (read.logSize !== scope.population) throw other('The population is that of a log of another size');
    if (!isSaidBy(sealed.predicate, read)) throw other('The population is not what its statement says');
    return read;
  });
  if (population === undefined) return undefined;
  const listed = new Map(population.changes.map((change) => [change.id, change]));

  const check = (row: IndexRow): void => {
    const found = listed.get(row.recordId);
    if (found === undefined || fits(found, row)) return;
    const message = `The population has ${row.recordId} with another entry or time`;
    findings.add({ file: packFiles.population, code: 'other_content', message });
  };
  const list = { from: population.from, until: population.until, listed: listed.size };
  if (sampleBytes === undefined) return { ids: new Set(listed.keys()), selected: list, check };

  const sample = findings.check(packFiles.sample, () => {
    const read = parseSample(sampleBytes);
    if (read.population !== scope.population) throw other('The sample is one of another population');
    if (read.seed !== seedOf(p, sealed.leafHash, read.nonce))
      throw other('The seed is not that of population and nonce');
    const ids = draw(p, read.seed, [...listed.keys()], read.size);
    if (ids.join('\n') !== read.ids.join('\n')) throw other('The sample is not the one that the seed draws');
    return read;
  });
  if (sample === undefined) return undefined;
  const { nonce, size } = sample;
  return { ids: new Set(sample.ids), selected: { ...list, sample: { nonce, size } }, check };
}

/** That the folders are those of the selection. */
export function assertSelected(findings: Findings, { ids }: Selection, folders: ReadonlySet<string>): void {
  for (const id of ids) {
    if (folders.has(id)) continue;
    findings.add({
      file: changeFolder(id),
      code: 'change_missing',
      message: 'The pack lacks a change that was selected',
    });
  }
  for (const id of folders) {
    if (ids.has(id)) continue;
    findings.add({ file: changeFolder(id), code: 'file_unexpected', message: 'The change was not selected' });
  }
}

function isSaidBy(said: SealedPopulation['predicate'], { from, until, logSize, changes }: Population): boolean {
  return said.from === from && said.until === until && said.log_size === logSize && said.count === changes.length;
}

function fits({ recordEntry, mergedAt }: PopulationChange, row: IndexRow): boolean {
  const merged = Date.parse(row.mergedAt);
  // Where the record does not know when it was merged, the population has the time when it was taken up.
  return recordEntry === row.recordEntry && (Number.isNaN(merged) || Date.parse(mergedAt) === merged);
}

function other(message: string): LedgerError {
  return new LedgerError('other_content', message);
}
