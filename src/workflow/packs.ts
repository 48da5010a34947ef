import { type IndexRow, type Sample } from '@countersign/ledger';
import { readHead } from '../storage/ledger.ts';
import { openChanges } from './pack/open-changes.ts';
import { drawSample, type SampleRequest } from './pack/sample.ts';
import { select } from './pack/selection.ts';
import { sealPopulation, type Period, type PopulationParts, type SealedList } from './population.ts';
import { writePack, type PackParts, type PackRequest, type WrittenPack } from './write-pack.ts';

/** What is handed to auditors. */
export interface Packs {
  write(request: PackRequest): Promise<WrittenPack>;
  /** Seals the list of the changes of a period. */
  seal(period: Period): Promise<SealedList>;
  /** The lines of `index.csv` of a sealed list, with the verdicts that hold now. */
  rows(population: number): AsyncIterable<IndexRow>;
  /** Draws from a sealed list. */
  sample(request: SampleRequest): Promise<Sample>;
}

/** Makes packs, lists and samples of one trail. */
export function createPacks(parts: PackParts & PopulationParts): Packs {
  const { database, keeper } = parts;
  return {
    write: (request) => writePack(parts, request),
    seal: (period) => sealPopulation(parts, period),
    async *rows(population) {
      const size = (await readHead(database.db))?.size ?? 0;
      const choice = { kind: 'period', population } as const;
      const { places } = await select(database.db, keeper.primitives, choice, size);
      for await (const page of openChanges(database.db, places, size)) yield* page.map(({ change }) => change.row);
    },
    sample: (request) => drawSample(database.db, keeper.primitives, request),
  };
}
