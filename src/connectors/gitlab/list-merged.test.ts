import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { createListMerged, type ListedPlace, type MergedRow } from './list-merged.ts';

let filled: FilledGitLab;
beforeEach(async () => {
  filled = await startFilledGitLab();
});
afterEach(() => filled.gitlab.close());

const minuteMs = 60_000;
const start = Date.parse('2026-09-20T09:00:00Z');
const since = new Date('2026-09-20T00:00:00Z');
const payments: ListedPlace = { kind: 'project', path: 'acme/payments' };
const acme: ListedPlace = { kind: 'group', path: 'acme' };
let branches = 0;

/** Merges so many merge requests, a minute apart unless they are to be merged in one moment. */
function merge(count: number, { project = 'acme/payments', apartMs = minuteMs } = {}): number[] {
  const { gitlab } = filled;
  return Array.from({ length: count }, (_, index) => {
    branches++;
    const at = new Date(start + index * apartMs).toISOString();
    const sourceBranch = `ana/merged-${branches}`;
    const { iid } = gitlab.createMergeRequest({
      project,
      author: 'ana',
      title: `Change ${branches}`,
      sourceBranch,
      at,
    });
    gitlab.merge({ project, iid, by: 'mira', anyway: true, at });
    return iid;
  });
}

const list = () => createListMerged({ url: filled.gitlab.url, token: 'reader', readOnly: true });
const iids = (rows: readonly MergedRow[]): number[] => rows.map(({ iid }) => iid).toSorted((one, other) => one - other);

describe('a listing of what was merged', () => {
  test('has every merge request that is merged, over all pages, each once', async () => {
    const merged = merge(230);
    const rows = await list()(payments, since);
    expect(iids(rows)).toEqual(merged);
    expect(rows[0]).toMatchObject({ projectPath: 'acme/payments', targetBranch: 'main', labels: [] });
    expect(rows[0]?.mergedAt).toMatch(/^2026-09-20T09:00:00\.\d{3}Z$/);
    expect(filled.calls.length).toBeGreaterThan(2);
  });

  test('leaves nothing out where rows move on to the end between two pages', async () => {
    const merged = merge(150);
    const moved = merged.slice(0, 60);
    const rows = await list()(payments, since, {
      onRows() {
        // Sixty rows that have been seen are touched: counting pages would pass over sixty that have not.
        for (const iid of moved.splice(0)) {
          const at = new Date(start + 1000 * minuteMs).toISOString();
          filled.gitlab.note({ project: 'acme/payments', iid, by: 'bo', body: 'Late remark', at });
          filled.gitlab.updateMergeRequest({ project: 'acme/payments', iid, by: 'bo', description: 'Touched', at });
        }
      },
    });
    expect(moved).toEqual([]);
    expect(iids(rows)).toEqual(merged);
  });

  test('has more of one moment than a page holds', async () => {
    const merged = merge(130, { apartMs: 0 });
    expect(iids(await list()(payments, since))).toEqual(merged);
  });

  // After so many pages, so many rows leave. The moment begins with the second.
  test.each<[string, Record<number, number>]>([
    ['once', { 2: 3 }],
    ['after each page', { 2: 3, 3: 3, 4: 3, 5: 3, 6: 3 }],
    // 301 to 350 are passed over twice: between its third page and its fourth, then between its second and its third.
    ['so that one pass more brings nothing new', { 4: 50, 8: 100 }],
  ])('has all of one moment where rows leave it %s', async (_how, leaving) => {
    const merged = merge(450, { apartMs: 0 });
    const after = merge(30);
    let page = 0;
    let left = 0;
    const rows = await list()(payments, since, {
      onRows() {
        page++;
        const more = leaving[page] ?? 0;
        for (const iid of merged.slice(left, left + more)) {
          const at = new Date(start + (2000 + page) * minuteMs).toISOString();
          filled.gitlab.updateMergeRequest({ project: 'acme/payments', iid, by: 'bo', description: 'Touched', at });
        }
        left += more;
      },
    });
    expect(left).toBe(Object.values(leaving).reduce((one, other) => one + other));
    expect(iids(rows)).toEqual([...merged, ...after]);
  });

  test('of a group has the projects below it, and asks for those that were put away', async () => {
    filled.gitlab.createProject({ group: 'acme', path: 'old' });
    merge(2);
    merge(1, { project: 'acme/old' });
    const rows = await list()(acme, since);
    expect(rows.map(({ projectPath }) => projectPath).toSorted()).toEqual([
      'acme/old',
      'acme/payments',
      'acme/payments',
    ]);
    expect(filled.calls.at(-1)?.path).toContain('non_archived=false');
    expect((await list()({ kind: 'everything' }, since)).length).toBe(3);
  });

  test('asks neither for labels nor for times of merges: not every server knows these filters', async () => {
    merge(1);
    await list()(payments, since);
    for (const { path } of filled.calls) expect(path).not.toMatch(/labels|merged_/);
    expect(filled.calls[0]?.path).toContain('state=merged&scope=all&updated_after=2026-09-20T00%3A00%3A00.000Z');
  });

  test('finds a project that was renamed by its former path, and tells the present one', async () => {
    const merged = merge(120);
    filled.gitlab.renameProject({ project: 'acme/payments', path: 'billing' });
    const rows = await list()(payments, since);
    expect(iids(rows)).toEqual(merged);
    expect(new Set(rows.map(({ projectPath }) => projectPath))).toEqual(new Set(['acme/billing']));
  });

  test('of a place that is hidden is an error, and no empty list', async () => {
    const gone = list()({ kind: 'project', path: 'acme/none' }, since);
    await expect(gone).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('acme/none') });
  });

  test('goes on with the page at which it was told to wait', async () => {
    const merged = merge(250);
    filled.faults.add({ vendor: 'gitlab', operation: '/merge_requests$', kind: 'limit', skip: 1, delayMs: 7000 });
    const waits: unknown[] = [];
    const patience = async <T>(read: () => Promise<T>): Promise<T> => {
      try {
        return await read();
      } catch (error) {
        waits.push(error);
        return read();
      }
    };
    expect(iids(await list()(payments, since, { patience }))).toEqual(merged);
    expect(waits).toMatchObject([{ code: 'rate_limited', retryAfterSeconds: 7 }]);
    await expect(
      (filled.faults.add({ vendor: 'gitlab', operation: '/merge_requests$', kind: 'limit', skip: 1 }),
      list()(payments, since)),
    ).rejects.toMatchObject({ code: 'rate_limited' });
  });
});
