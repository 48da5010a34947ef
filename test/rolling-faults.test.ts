import { describe, expect, test } from 'vitest';
import type { FaultKind } from '../src/sandbox/faults.ts';
import { expectEachOnce, idsOn, listed, now, rowsByPage, setScene } from './support/rolling-scene.ts';

const unknown: FaultKind[] = ['commit_then_reset', 'commit_then_500', 'commit_then_half', 'commit_then_wrong_type'];

describe.each(['cloud', 'data_center'] as const)('on %s', (flavour) => {
  test.each(unknown)(
    'a row whose answer was lost (%s) as its page filled up is not written to the next one',
    async (kind) => {
      const scene = await setScene({ flavour });
      const node = scene.node();
      const before = await scene.merges(4);
      await node.settle(before);
      const [last] = await scene.merges(1);
      scene.faults.add({ vendor: 'confluence', operation: 'PUT ', kind });
      expect((await node.run([last!])).get(last!)).toMatchObject({ kind: 'retry' });
      // Others fill the page and go on to the next, before the lost one is looked at again.
      const after = await scene.merges(7);
      await scene.node().settle(after);
      expect(listed(scene).length).toBeGreaterThan(0);
      await node.settle([last!]);
      await expectEachOnce(scene, [...before, last!, ...after]);
    },
  );

  test.each(unknown)(
    'a page whose making was not answered (%s) is found again, and no second one is made',
    async (kind) => {
      const scene = await setScene({ flavour });
      const ids = await scene.merges(12);
      scene.faults.add({ vendor: 'confluence', operation: 'POST ', kind });
      // Each try is a node of its own, that remembers nothing.
      for (let tries = 0; tries < 4; tries++) await scene.node().run(ids);
      await scene.node().settle(ids);
      await expectEachOnce(scene, ids);
      expect(scene.confluence.pages().map(({ title }) => title)).toEqual(['Audit', ...listed(scene).toReversed()]);
      expect(scene.calls.filter(({ operation, status }) => operation.startsWith('POST ') && status === 400)).toEqual(
        [],
      );
    },
  );

  test('a node that dies after it wrote, and before it noted so, doubles nothing after the next roll', async () => {
    const scene = await setScene({ flavour });
    const first = await scene.merges(8);
    await scene.node().run(first, { dies: true });
    const second = await scene.merges(8);
    await scene.node().settle(second);
    const results = await scene.node().settle(first);
    expect([...results.values()]).toEqual(Array.from(first, () => ({ kind: 'done' })));
    await expectEachOnce(scene, [...first, ...second]);
  });

  test('a title that somebody else has taken, or put away, is passed over, and their page stays as it is', async () => {
    const scene = await setScene({ flavour });
    const { confluence } = scene;
    const copy = confluence.page(scene.top).body;
    const theirs = confluence.createPage({ space: 'SEC', title: 'Audit 2026 Q4', body: copy });
    confluence.archive(confluence.createPage({ space: 'SEC', title: 'audit 2026 q4 (2)', body: copy }).id);
    confluence.restrict(confluence.createPage({ space: 'SEC', title: 'Audit 2026 Q4 (3)', body: copy }).id, 'view');
    const ids = await scene.merges(7);
    await scene.node().settle(ids);
    await expectEachOnce(scene, ids);
    expect(listed(scene)).toEqual(['Audit 2026 Q4 (4)']);
    expect(confluence.page(theirs.id)).toEqual(theirs);
  });

  test.each(['archive', 'trash', 'purge'] as const)(
    'rows go to a next page where people %s the newest',
    async (what) => {
      const scene = await setScene({ flavour });
      const { confluence } = scene;
      const before = await scene.merges(7);
      await scene.node().settle(before);
      const lost = confluence.pages().at(-1)!;
      confluence[what](lost.id);
      const after = await scene.merges(2);
      await scene.node().settle(after);
      expect(await scene.attention()).toEqual(['audit_page gone']);
      const newest = confluence.pages().at(-1)!;
      expect(idsOn(newest.body)).toHaveLength(2);
      expect(listed(scene)).toEqual([newest.title]);
      if (what === 'purge') return;

      confluence.restore(lost.id);
      await scene.node().catchUp();
      expect(listed(scene)).toEqual([newest.title, lost.title]);
      expect(await scene.attention()).toEqual([]);
      await expectEachOnce(scene, [...before, ...after]);
    },
  );
});

test('a page that was made and cannot be seen is waited for, and passed over in the end', async () => {
  const scene = await setScene();
  const { confluence } = scene;
  const ids = await scene.merges(7);
  scene.faults.add({ vendor: 'confluence', operation: 'POST ', kind: 'commit_then_reset' });
  await scene.node().run(ids);
  const [made] = confluence.pages().filter(({ id }) => id !== scene.top);
  confluence.restrict(made!.id, 'view');
  const results = await scene.node().run(ids);
  expect([...results.values()].filter(({ kind }) => kind === 'retry')).toMatchObject([
    { code: 'conflict' },
    { code: 'conflict' },
  ]);
  const later = new Date(now().getTime() + 180_000);
  await scene.node({ now: () => later }).settle(ids);
  expect(rowsByPage(scene)).toEqual({ Audit: 5, 'Audit 2026 Q4 (2)': 2 });
});

test('a configured page that was deleted is made anew where it is named by its title', async () => {
  const scene = await setScene();
  await scene.node().settle(await scene.merges(2));
  scene.confluence.trash(scene.top);
  const ids = await scene.merges(2);
  expect([...(await scene.node().settle(ids)).values()]).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  expect(await scene.attention()).toEqual(['audit_page gone']);
  expect(idsOn(scene.confluence.pages().at(-1)!.body)).toHaveLength(2);
});

test('where no page may be added, rows go on to the one that is there, and it is said', async () => {
  const scene = await setScene();
  scene.confluence.closeSpace('SEC');
  const ids = await scene.merges(12);
  await scene.node().settle(ids);
  expect(rowsByPage(scene)).toEqual({ Audit: 12 });
  expect(await scene.attention()).toEqual(['audit_page not_begun']);
});

test('a list that cannot be written holds up no row; it is said, and caught up with', async () => {
  const scene = await setScene();
  const { confluence, top } = scene;
  // With the two rows of people's own the page is full.
  await scene.node().settle(await scene.merges(3));
  confluence.restrict(top, 'edit');
  const ids = await scene.merges(2);
  expect([...(await scene.node().settle(ids)).values()]).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  expect(await scene.attention()).toEqual(['audit_page list_behind']);
  expect(listed(scene)).toEqual([]);
  confluence.restrict(top, false);
  await scene.node().catchUp();
  expect(listed(scene)).toEqual(['Audit 2026 Q4']);
  expect(await scene.attention()).toEqual([]);
});

test('a page that is named by its number from now on keeps the pages below it', async () => {
  const scene = await setScene();
  const first = await scene.merges(7);
  await scene.node().settle(first);
  const second = await scene.merges(2);
  await scene.node({ page: { pageId: scene.top } }).settle(second);
  expect(Object.keys(rowsByPage(scene))).toEqual(['Audit', 'Audit 2026 Q4']);
  await expectEachOnce(scene, [...first, ...second]);
});

test('a row that was meant for a page which is not configured any more is looked for there first', async () => {
  const scene = await setScene();
  const [written, missing] = await scene.merges(2);
  await scene.node().run([written!], { dies: true });
  scene.faults.add({ vendor: 'confluence', operation: 'PUT ', kind: 'error_500' });
  await scene.node().run([missing!]);
  await scene.node({ page: { space: 'SEC', title: 'Another' } }).settle([written!, missing!]);
  expect(rowsByPage(scene)).toEqual({ Audit: 1, Another: 1 });
  await expectEachOnce(scene, [written!, missing!]);
});
