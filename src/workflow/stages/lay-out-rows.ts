import type { Kysely } from 'kysely';
import { reviewOf } from '../../domain/review.ts';
import { notJudged } from '../../domain/shortfall.ts';
import type { Summary } from '../../domain/summary.ts';
import { readUnderstood } from '../../storage/evidence.ts';
import { readRecordIndexes } from '../../storage/ledger.ts';
import type { Tables } from '../../storage/tables.ts';
import { readVerdicts } from '../../storage/verdicts.ts';
import type { Layout } from '../../templates/layout.ts';
import type { Work } from '../stage.ts';
import type { WaitingRow } from '../audit-pages/parts.ts';
import type { LaidOut } from './note-templates.ts';
import { readLogHead } from './read-log-head.ts';

/** What each change's row says, after all that the stages before have found. */
export async function layOutRows(
  db: Kysely<Tables>,
  batch: readonly Work[],
  parts: {
    readonly layoutOf: (project: string) => Layout;
    readonly summaries: ReadonlyMap<number, Summary>;
  },
): Promise<(LaidOut & WaitingRow)[]> {
  const ids = batch.map(({ change }) => change.id);
  const [understood, verdicts, indexes] = await Promise.all([
    readUnderstood(db, ids),
    readVerdicts(db, ids),
    readRecordIndexes(db, ids),
  ]);
  // Read after the indexes: so it covers every one of them.
  const head = await readLogHead(db);
  return batch.map(({ change }) => {
    const review = reviewOf(change.event, understood.get(change.id)!, change.ticket ?? { kind: 'none' });
    const index = indexes.get(change.id);
    const place = index === undefined || head === null ? null : { index, head };
    const verdict = verdicts.get(change.id) ?? notJudged;
    const { pod } = change;
    const summary = parts.summaries.get(change.id) ?? null;
    const layout = parts.layoutOf(change.event.project.path);
    return { change, ...layout.rowOf(review, change.recordId, verdict, place, { pod, summary }) };
  });
}
