import { createConfluence } from '../../src/connectors/confluence/client.ts';
import type { PageTarget } from '../../src/connectors/confluence/locate.ts';
import { evidence, mergeEvent } from '../../src/domain/fixtures/change.ts';
import { recordIdOf } from '../../src/domain/record.ts';
import type { Roll } from '../../src/domain/rolling.ts';
import { readChanges, takeUp, type NewChange } from '../../src/storage/changes.ts';
import type { Database } from '../../src/storage/database.ts';
import { createLayout } from '../../src/templates/layout.ts';
import { keepPages } from '../../src/workflow/audit-pages/page-index.ts';
import type { AuditPagesParts } from '../../src/workflow/audit-pages/parts.ts';
import { sha256 } from '../../src/workflow/sha256.ts';
import type { StageResult } from '../../src/workflow/stage.ts';
import { createAddRow } from '../../src/workflow/stages/add-row.ts';

/** Where a Confluence is, and how it is entered. */
export interface ConfluenceDoor {
  readonly url: string;
  readonly flavour: 'cloud' | 'data_center';
  readonly email: string;
  readonly apiToken: string;
  readonly personalAccessToken: string;
}

export interface RowWriterOptions {
  readonly database: Database;
  readonly confluence: ConfluenceDoor;
  readonly page: PageTarget;
  readonly roll: Roll;
  readonly now?: () => Date;
}

/** One node that writes rows: the stage as the pipeline runs it, without what comes before and after. */
export interface RowWriter {
  /** Runs the stage once. With `dies`, the node is gone before it has noted anything of what it did. */
  run(ids: readonly number[], options?: { readonly dies?: boolean }): Promise<ReadonlyMap<number, StageResult>>;
  /** Runs it until every change has been settled. */
  settle(ids: readonly number[]): Promise<ReadonlyMap<number, StageResult>>;
  /** What otherwise runs on a clock. */
  catchUp(): Promise<void>;
}

/** Starts a node. It knows nothing but what the database and Confluence hold. */
export function startRowWriter({
  database,
  confluence,
  page,
  roll,
  now = () => new Date(),
}: RowWriterOptions): RowWriter {
  const layout = createLayout({ columns: [], messageTemplate: null, publicUrl: 'https://countersign.example' });
  const parts: AuditPagesParts = {
    database,
    confluence: createConfluence({
      url: confluence.url,
      flavour: confluence.flavour,
      auth:
        confluence.flavour === 'cloud'
          ? { kind: 'basic', email: confluence.email, token: confluence.apiToken }
          : { kind: 'bearer', token: confluence.personalAccessToken },
      timeoutMs: 20_000,
    }),
    page,
    roll,
    logName: () => ({ origin: 'log.example', verifierKey: 'log.example+0+A', checkpointUrl: null }),
    now,
  };
  const stage = createAddRow({ ...parts, layoutOf: () => layout, summaries: null });

  const run: RowWriter['run'] = async (ids, { dies = false } = {}) => {
    const changes = await readChanges(database.db, ids);
    const { results, save } = await stage.run(changes.map((change) => ({ change, attempts: 0, openedAt: now() })));
    if (!dies) await database.transaction(async (trx) => save?.(trx));
    return results;
  };
  return {
    run,
    async settle(ids) {
      const settled = new Map<number, StageResult>();
      for (let open = [...ids], tries = 0; open.length > 0; tries++) {
        if (tries > 200) throw new Error(`${open.length} rows are not settled`);
        const results = await run(open.slice(0, stage.batchSize));
        for (const [id, result] of results) if (result.kind !== 'retry') settled.set(id, result);
        open = open.filter((id) => !settled.has(id));
      }
      return settled;
    },
    catchUp: () => keepPages(parts),
  };
}

let merges = 0;

/** Stores changes that are captured and wait for their rows, merged at these times; returns their ids in that order. */
export async function storeMerges(database: Pick<Database, 'db'>, times: readonly string[]): Promise<number[]> {
  const changes = times.map((at) => changeOf(++merges, at));
  const ids = await takeUp(database.db, changes, new Date());
  const found = changes.map(({ key }) => ids.get(`${key.instance}/${key.projectId}!${key.iid}`)!);
  const captures = changes.map(({ event }, index) => ({
    change_id: found[index]!,
    evidence: JSON.stringify(evidenceOf(event)),
    captured_at: new Date(),
  }));
  await database.db.insertInto('countersign.capture').values(captures).execute();
  return found;
}

function changeOf(iid: number, at: string): NewChange {
  const key = { instance: 'gitlab.example', projectId: mergeEvent.project.id, iid };
  const url = `${mergeEvent.project.webUrl}/-/merge_requests/${iid}`;
  const event = { ...mergeEvent, iid, url, title: `Change number ${iid}`, actionedAt: at, updatedAt: at };
  return { key, recordId: recordIdOf(key, sha256), origin: 'webhook', event };
}

/** What was understood of a merge request that was merged with this event. */
export function evidenceOf({ iid, url, title, actionedAt, project }: NewChange['event']): unknown {
  const reading = evidence.mergeRequest;
  if (!reading.ok) throw new Error('The sample of a merge request cannot be read');
  const value = {
    ...reading.value,
    iid,
    title,
    webUrl: url,
    reference: `${project.path}!${iid}`,
    mergedAt: actionedAt,
  };
  return { ...evidence, mergeRequest: { ...reading, value } };
}
