import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { createSummaryReader } from '../connectors/gitlab/summary-material.ts';
import { createSummariser } from '../connectors/summariser/client.ts';
import { mergeEvent } from '../domain/fixtures/change.ts';
import { startModel, type FakeModel } from '../sandbox/model/model.ts';
import { usualModelSwitches } from '../sandbox/model/switches.ts';
import { startFilledGitLab, type FilledGitLab } from '../sandbox/testing/filled-gitlab.ts';
import { takeUp } from '../storage/changes.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import { readSummaryUsage } from '../storage/summaries.ts';
import { createSummaries, type Summarisable, type SummaryParts } from './summaries.ts';

let made: TestDatabase;
let database: Database;
let filled: FilledGitLab;
let model: FakeModel;

beforeAll(async () => {
  filled = await startFilledGitLab();
  const { faults, calls } = filled;
  model = await startModel({ faults, calls });
});
afterAll(async () => {
  await model.close();
  await filled.gitlab.close();
});
beforeEach(async () => {
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
});
afterEach(async () => {
  filled.faults.clear();
  filled.calls.length = 0;
  Object.assign(model.switches, usualModelSwitches());
  await database.close();
  await made.drop();
});

/** So many changes, all of them one merge request: what differs is who waits for a summary of it. */
async function changes(count: number): Promise<Summarisable[]> {
  const news = Array.from({ length: count }, (_, at) => ({
    key: { instance: 'gitlab.example', projectId: 501, iid: at + 1 },
    recordId: `SEC-${at + 1}`,
    origin: 'webhook' as const,
    event: mergeEvent,
  }));
  const ids = await takeUp(database.db, news, new Date());
  return [...ids.values()].map((id) => ({ id, key: { projectId: 501, iid: 1 } }));
}

function summariesOf(more: Partial<SummaryParts> = {}) {
  return createSummaries({
    summariser: createSummariser({
      model: { provider: 'compatible', name: model.model, url: model.url, key: model.apiKey },
      shownAs: 'sandbox/small',
      price: { input: 1, output: 10 },
    }),
    gitlab: createSummaryReader({ url: filled.gitlab.url, token: 'reader' }),
    timeoutMs: 20_000,
    now: () => new Date(),
    log: quiet,
    ...more,
  });
}

const questions = (): number => filled.calls.filter(({ vendor }) => vendor === 'model').length;

describe('the summaries of a batch', () => {
  it('are written once, and are the same ever after', async () => {
    const [one, other] = await changes(2);
    const summaries = summariesOf();
    const first = await summaries.of(database.db, [one!]);
    expect(first).toEqual(new Map([[one!.id, { text: model.switches.says, model: 'sandbox/small' }]]));
    model.switches.says = 'Adds something else to the refunds.';
    const second = await summaries.of(database.db, [one!, other!]);
    expect(second.get(one!.id)?.text).toBe(first.get(one!.id)?.text);
    expect(second.get(other!.id)?.text).toBe('Adds something else to the refunds.');
    expect(questions()).toBe(2);
  });

  it('are not asked for again where there was none', async () => {
    const [one] = await changes(1);
    filled.faults.add({ vendor: 'model', operation: 'chat', kind: 'error_500' });
    expect(await summariesOf().of(database.db, [one!])).toEqual(new Map());
    expect(await summariesOf().of(database.db, [one!])).toEqual(new Map());
    expect(questions()).toBe(1);
  });

  it('say the same to two nodes that ask at once', async () => {
    const [one] = await changes(1);
    const both = await Promise.all([1, 2].map(() => summariesOf().of(database.db, [one!])));
    expect(both[0]).toEqual(both[1]);
    expect(both[0]?.size).toBe(1);
  });

  it('are asked for four at a time', async () => {
    let running = 0;
    let most = 0;
    const reader = createSummaryReader({ url: filled.gitlab.url, token: 'reader' });
    const counting = summariesOf({
      gitlab: {
        async readMaterial(...asked) {
          most = Math.max(most, ++running);
          const material = await reader.readMaterial(...asked);
          running--;
          return material;
        },
      },
    });
    expect((await counting.of(database.db, await changes(9))).size).toBe(9);
    expect(most).toBe(4);
  });
});

describe('nothing that happens to a summary reaches the flow', () => {
  it('not a model that is silent: the batch goes on in twice the time, and the rest is not asked about', async () => {
    filled.faults.add({ vendor: 'model', operation: 'chat', kind: 'commit_then_silence', times: 99 });
    const began = Date.now();
    expect(await summariesOf({ timeoutMs: 300 }).of(database.db, await changes(30))).toEqual(new Map());
    expect(Date.now() - began).toBeLessThan(5000);
    const [usage] = await readSummaryUsage(database.db);
    expect(usage!.failed['timeout']).toBeGreaterThanOrEqual(4);
    expect(usage!.failed['timeout']! + usage!.failed['late']!).toBe(30);
    expect(usage!.asked).toBe(usage!.failed['timeout']);
    expect(questions()).toBeLessThan(30);
  });

  it('not a GitLab that is silent', async () => {
    filled.faults.add({ vendor: 'gitlab', operation: 'merge_requests', kind: 'commit_then_silence', times: 99 });
    expect(await summariesOf({ timeoutMs: 100 }).of(database.db, await changes(1))).toEqual(new Map());
    expect(questions()).toBe(0);
  });

  it('not a merge request that is hidden: the model is not asked', async () => {
    const gitlab = createSummaryReader({ url: filled.gitlab.url, token: 'outsider' });
    expect(await summariesOf({ gitlab }).of(database.db, await changes(1))).toEqual(new Map());
    expect(questions()).toBe(0);
    expect(await readSummaryUsage(database.db)).toMatchObject([{ asked: 0, failed: { no_material: 1 } }]);
  });

  it('not a crash, which is noted', async () => {
    const gitlab = {
      readMaterial(): never {
        throw new TypeError('a fault of ours');
      },
    };
    expect(await summariesOf({ gitlab }).of(database.db, await changes(1))).toEqual(new Map());
    expect(await readSummaryUsage(database.db)).toMatchObject([{ failed: { crashed: 1 } }]);
  });

  it('not one that never ends by itself', async () => {
    const gitlab = { readMaterial: () => new Promise<never>(() => undefined) };
    expect(await summariesOf({ gitlab, timeoutMs: 50 }).of(database.db, await changes(1))).toEqual(new Map());
    expect(await readSummaryUsage(database.db)).toMatchObject([{ failed: { timeout: 1 } }]);
  });

  it('not a database that is gone', async () => {
    const [one] = await changes(1);
    const gone = await openDatabase({ connection: made.connection, log: quiet });
    await gone.close();
    expect(await summariesOf().of(gone.db, [one!])).toEqual(new Map());
  });

  it('not a summary that cannot be kept: the others are', async () => {
    const [one] = await changes(1);
    const unknown = { id: 987_654, key: one!.key };
    expect([...(await summariesOf().of(database.db, [unknown, one!])).keys()]).toEqual([one!.id]);
  });
});

it('what models were used for is told by model, with tokens and costs', async () => {
  const three = await changes(3);
  expect(await readSummaryUsage(database.db)).toEqual([]);
  await summariesOf().of(database.db, three.slice(0, 1));
  model.switches.answers = 'verdict';
  await summariesOf().of(database.db, three);
  const [usage, ...others] = await readSummaryUsage(database.db);
  expect(others).toEqual([]);
  expect(usage).toMatchObject({ model: 'sandbox/small', asked: 3, written: 1, failed: { claims_verdict: 2 } });
  expect(usage!.inputTokens).toBeGreaterThan(300);
  expect(usage!.cost).toBeCloseTo((usage!.inputTokens + 10 * usage!.outputTokens) / 1_000_000, 9);
});

it('a preview is the same answer, of which nothing is kept', async () => {
  const preview = await summariesOf().preview({ projectId: 501, iid: 1 });
  expect(preview).toMatchObject({ text: model.switches.says, model: 'sandbox/small', reason: null });
  expect(await readSummaryUsage(database.db)).toEqual([]);
});
