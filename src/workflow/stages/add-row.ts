import type { Summary } from '../../domain/summary.ts';
import type { Layout } from '../../templates/layout.ts';
import { whileAlone, type AuditPagesParts } from '../audit-pages/parts.ts';
import { writeRows } from '../audit-pages/write-rows.ts';
import type { Stage, StageRun, Work } from '../stage.ts';
import type { Summaries } from '../summaries.ts';
import { layOutRows } from './lay-out-rows.ts';
import { noteRows } from './note-rows.ts';
import { noteTemplates } from './note-templates.ts';

export interface AddRowParts extends AuditPagesParts {
  /** How the rows of a project look. */
  readonly layoutOf: (project: string) => Layout;
  /** Null where no model writes summaries. */
  readonly summaries: Pick<Summaries, 'of'> | null;
}

/** Appends rows to the audit page: all that wait, in one update of each page that takes some. */
export function createAddRow(parts: AddRowParts): Stage {
  return {
    name: 'add-row',
    batchSize: 100,
    concurrency: 1,
    async run(batch) {
      // Before the page is taken: a model may take its time, and others may write meanwhile.
      const summaries = await readSummaries(parts, batch);
      // One writer per page: the page's version guards against people, the lock keeps us from fighting ourselves.
      return (await whileAlone(parts, () => addRows(parts, batch, summaries))) ?? busy(batch);
    },
  };
}

async function readSummaries({ summaries, database }: AddRowParts, batch: readonly Work[]) {
  if (summaries === null) return new Map<number, Summary>();
  return summaries.of(
    database.db,
    batch.map(({ change }) => change),
  );
}

async function addRows(
  parts: AddRowParts,
  batch: readonly Work[],
  summaries: ReadonlyMap<number, Summary>,
): Promise<StageRun> {
  const { database, layoutOf, now } = parts;
  const laidOut = await layOutRows(database.db, batch, { layoutOf, summaries });
  const progress = await writeRows(parts, laidOut);
  return {
    results: progress.results,
    async save(trx) {
      await noteRows(trx, progress, layoutOf, now());
      await noteTemplates(trx, 'add-row', laidOut, now());
    },
  };
}

function busy(batch: readonly Work[]): StageRun {
  return { results: new Map(batch.map(({ change }) => [change.id, { kind: 'retry', code: 'busy' }])) };
}
