import type { Kysely, Transaction } from 'kysely';
import type { AppendResult, Confluence, PageTarget } from '../../connectors/confluence/client.ts';
import { isConnectorError } from '../../connectors/errors.ts';
import { introductionOf, type LogName } from '../../domain/introduction.ts';
import { reviewOf } from '../../domain/review.ts';
import type { Row } from '../../domain/row.ts';
import type { Summary } from '../../domain/summary.ts';
import { notJudged } from '../../domain/shortfall.ts';
import { readable } from '../../domain/text.ts';
import { raise, resolve, type Finding } from '../../storage/attention.ts';
import { readUnderstood } from '../../storage/evidence.ts';
import { readRecordIndexes } from '../../storage/ledger.ts';
import { closePage, keepRows, openPage, readOpenPage, type Page } from '../../storage/pages.ts';
import type { Tables } from '../../storage/tables.ts';
import { readVerdicts } from '../../storage/verdicts.ts';
import type { Layout } from '../../templates/layout.ts';
import type { Summaries } from '../summaries.ts';
import { resultOfError, type Stage, type StageResult, type StageRun, type Work } from '../stage.ts';
import { noteTemplates, type LaidOut } from './note-templates.ts';
import { readLogHead } from './read-log-head.ts';

export interface AddRowParts {
  readonly database: {
    readonly db: Kysely<Tables>;
    /** Runs while no other worker, on any node, holds the same lock; undefined when one does. */
    tryAdvisoryLock<T>(name: string, run: () => Promise<T>): Promise<T | undefined>;
  };
  readonly confluence: Pick<Confluence, 'locatePage' | 'appendRows'>;
  readonly page: PageTarget;
  /** How the rows of a project look. */
  readonly layoutOf: (project: string) => Layout;
  /** Null where no model writes summaries. */
  readonly summaries: Pick<Summaries, 'of'> | null;
  /** What a new table says of the log. Asked each time, since the key may be changed. */
  readonly logName: () => LogName;
  readonly now: () => Date;
}

/** Appends rows to the audit page: all that wait, in one update. */
export function createAddRow(parts: AddRowParts): Stage {
  const target = JSON.stringify(parts.page);
  return {
    name: 'add-row',
    batchSize: 100,
    concurrency: 1,
    async run(batch) {
      // Before the page is taken: a model may take its time, and others may write meanwhile.
      const summaries = await readSummaries(parts, batch);
      // One writer per page: the page's version guards against people, the lock keeps us from fighting ourselves.
      const run = await parts.database.tryAdvisoryLock(`page ${target}`, () =>
        append({ ...parts, summariesOf: summaries }, target, batch),
      );
      return run ?? everyOne(batch, { kind: 'retry', code: 'busy' });
    },
  };
}

type AppendParts = AddRowParts & { readonly summariesOf: ReadonlyMap<number, Summary> };

async function readSummaries({ summaries, database }: AddRowParts, batch: readonly Work[]) {
  if (summaries === null) return new Map<number, Summary>();
  return summaries.of(
    database.db,
    batch.map(({ change }) => change),
  );
}

async function append(parts: AppendParts, target: string, batch: readonly Work[]): Promise<StageRun> {
  try {
    return await appendTogether(parts, target, batch);
  } catch (error) {
    // If Confluence takes offence at one row, the others must not pay for it.
    if (!isConnectorError(error) || error.code !== 'refused') throw error;
    if (batch.length === 1) return everyOne(batch, resultOfError(error));
    const half = Math.ceil(batch.length / 2);
    const left = await append(parts, target, batch.slice(0, half));
    const right = await append(parts, target, batch.slice(half));
    return {
      results: new Map([...left.results, ...right.results]),
      async save(db) {
        await left.save?.(db);
        await right.save?.(db);
      },
    };
  }
}

async function appendTogether(parts: AppendParts, target: string, batch: readonly Work[]): Promise<StageRun> {
  const { db } = parts.database;
  const laidOut = await layOut(parts, batch);
  const rows = laidOut.map(({ row }) => row);
  const page = await locate(parts, target);
  try {
    const result = await parts.confluence.appendRows({
      pageId: page.pageId,
      rows,
      introduction: introductionOf(parts.logName()),
      versionMessage: `Countersign: ${rows.map((row) => row.recordId).join(', ')}`,
    });
    const written = batch.map(({ change }) => ({
      changeId: change.id,
      pageId: result.pageId,
      url: result.url,
      version: result.version,
      storedSha256: result.storedSha256,
    }));
    // Somebody copied a row: the record stands, and a person should tidy up.
    const doubled = batch
      .filter(({ change }) => result.doubled.includes(change.recordId))
      .map(({ change }) => ({
        kind: 'doubled_row' as const,
        subject: change.keyText,
        reason: 'row_stands_twice',
        owner: change.pod,
      }));
    return {
      ...everyOne(batch, { kind: 'done' }),
      async save(trx) {
        const now = parts.now();
        await keepRows(trx, written, now);
        await raise(trx, doubled, now);
        await noteColumns(parts, trx, batch, result);
        await noteTemplates(trx, 'add-row', laidOut, now);
      },
    };
  } catch (error) {
    // A page that was deleted or moved away is looked for again by its configured name next time.
    if (isConnectorError(error) && error.code === 'not_found') await closePage(db, page.pageId, parts.now());
    throw error;
  }
}

// What people's own tables leave out of the usual columns is their choice; a column that the configuration names is missed.
// Told by project: another one may want no such column.
async function noteColumns(
  { layoutOf, now }: AddRowParts,
  trx: Transaction<Tables>,
  batch: readonly Work[],
  { withoutColumn, pageId, url }: AppendResult,
): Promise<void> {
  const projects = new Map(batch.map(({ change }) => [change.key.projectId, change.event.project.path]));
  const judged = [...projects].map(([id, path]) => {
    const { headings } = layoutOf(path);
    const lacking = headings.filter((heading) => withoutColumn.includes(heading)).map((one) => readable(one, 100));
    return { subject: `page ${pageId} project ${id}`, lacking };
  });
  const findings = judged
    .filter(({ lacking }) => lacking.length > 0)
    .map(({ subject, lacking }): Finding => {
      const detail = `The table on ${url} has no column ${lacking.join(', ')}: add the heading, or take it out of row.columns`;
      return { kind: 'missing_column', subject, reason: 'no_such_heading', detail };
    });
  const fine = judged.filter(({ lacking }) => lacking.length === 0).map(({ subject }) => subject);
  await resolve(trx, 'missing_column', fine, now());
  await raise(trx, findings, now());
}

async function layOut(parts: AppendParts, batch: readonly Work[]): Promise<(LaidOut & { readonly row: Row })[]> {
  const { db } = parts.database;
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
    const summary = parts.summariesOf.get(change.id) ?? null;
    const layout = parts.layoutOf(change.event.project.path);
    return { change, ...layout.rowOf(review, change.recordId, verdict, place, { pod, summary }) };
  });
}

async function locate(parts: AddRowParts, target: string): Promise<Page> {
  const { db } = parts.database;
  const known = await readOpenPage(db, target);
  if (known !== undefined) return known;
  const found = await parts.confluence.locatePage(parts.page, { create: true });
  const page = { pageId: found.id, title: found.title, url: found.url };
  await openPage(db, target, page, parts.now());
  return page;
}

function everyOne(batch: readonly Work[], result: StageResult): StageRun {
  return { results: new Map(batch.map(({ change }) => [change.id, result])) };
}
