import { draw, leafHash, parsePopulation, seedOf, type Population, type Sample } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import type { LogKeeper } from '../../storage/keeper.ts';
import { readSealedEntry } from '../../storage/packed-entries.ts';
import { readPopulation } from '../../storage/populations.ts';
import type { Tables } from '../../storage/tables.ts';
import { PackError } from './errors.ts';

/** What an auditor asks for, once the population is sealed. */
export interface SampleRequest {
  /** The entry that sealed the population. */
  readonly population: number;
  /** Chosen by the auditor. */
  readonly nonce: string;
  readonly size: number;
}

/** Draws a sample from a sealed population. Throws `population_unknown`. */
export async function drawSample(
  db: Kysely<Tables>,
  p: LogKeeper['primitives'],
  { population, nonce, size }: SampleRequest,
): Promise<Sample> {
  const { list } = await openPopulation(db, population);
  const entry = await readSealedEntry(db, population);
  if (entry === undefined) throw unknown(population);
  const seed = seedOf(p, leafHash(p, entry.leaf), nonce);
  const ids = draw(
    p,
    seed,
    list.changes.map(({ id }) => id),
    size,
  );
  return { population, nonce, size, seed, ids };
}

/** A sealed population, and its canonical bytes. Throws `population_unknown`. */
export async function openPopulation(
  db: Kysely<Tables>,
  index: number,
): Promise<{ readonly list: Population; readonly canonical: Buffer }> {
  const kept = await readPopulation(db, index);
  if (kept === undefined) throw unknown(index);
  return { list: parsePopulation(kept.canonical), canonical: kept.canonical };
}

function unknown(index: number): PackError {
  const advice = 'countersign export --from DATE --until DATE seals one and prints its entry';
  return new PackError('population_unknown', `Entry ${index} of the log seals no list of changes: ${advice}`);
}
