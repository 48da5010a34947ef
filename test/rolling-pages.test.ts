import { describe, expect, onTestFinished, test } from 'vitest';
import { auditBody } from '../src/sandbox/seed/seed-confluence.ts';
import { storeMerges } from './support/audit-rows.ts';
import { effectsOf } from './support/effects.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { expectEachOnce, idsOn, listed, roll, rowsByPage, setScene } from './support/rolling-scene.ts';
import { startWorld } from './support/service.ts';

describe.each(['cloud', 'data_center'] as const)('on %s', (flavour) => {
  test(
    'twelve hundred merges stand once each, on pages of fifty, and the list leads to the newest',
    { timeout: 60_000 },
    async () => {
      const scene = await setScene({ flavour, roll: { rows: 50 } });
      const ids = await scene.merges(1200);
      await scene.node().settle(ids);
      await expectEachOnce(scene, ids);

      const { confluence, top } = scene;
      const below = confluence.pages().filter(({ id }) => id !== top);
      const titles = below.map(({ title }) => title);
      expect(titles).toEqual(['Audit 2026 Q4', ...titles.slice(1).map((_, index) => `Audit 2026 Q4 (${index + 2})`)]);
      expect(below.every(({ parentId }) => parentId === top)).toBe(true);
      expect(Object.values(rowsByPage(scene)).every((rows) => rows <= 50)).toBe(true);
      expect(Object.keys(rowsByPage(scene)).length).toBeLessThanOrEqual(25);
      expect(listed(scene)).toEqual(titles.toReversed());
      expect(await scene.attention()).toEqual([]);
    },
  );

  test('the configured page keeps its text to the byte, but for its rows and the list', async () => {
    const scene = await setScene({ flavour, switches: { normalisation: 'none' } });
    await scene.node().settle(await scene.merges(12));
    const { body } = scene.confluence.page(scene.top);
    const rest = body
      .replace(/<ac:structured-macro ac:name="info">.*?<\/ac:rich-text-body><\/ac:structured-macro>/, '')
      .replaceAll(/<tr>(?:(?!<tr>).)*acme\/payments!(?:(?!<tr>).)*?<\/tr>/g, '');
    expect(rest).toBe(auditBody.replaceAll(/<tr>(?:(?!<tr>).)*acme\/payments!(?:(?!<tr>).)*?<\/tr>/g, ''));
  });
});

test('a page that people rename or move goes on taking rows', async () => {
  const scene = await setScene();
  await scene.node().settle(await scene.merges(6));
  const { confluence } = scene;
  const newest = confluence.pages().at(-1)!;
  const renamed = await fetch(`${confluence.url}/api/v2/pages/${newest.id}/title`, {
    method: 'PUT',
    headers: {
      authorization: `Basic ${Buffer.from(`${confluence.email}:${confluence.apiToken}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ status: 'current', title: 'Our audit' }),
  });
  expect(renamed.status).toBe(200);
  await scene.node().settle(await scene.merges(1));
  expect(idsOn(confluence.page(newest.id).body).length).toBeGreaterThan(1);
  expect(confluence.page(newest.id).title).toBe('Our audit');
});

test('at the turn of the quarter a page is begun; late merges go to the page of the day', async () => {
  const scene = await setScene({ roll: { rows: 100 } });
  let day = '2026-09-30T23:59:00Z';
  const node = scene.node({ now: () => new Date(day) });
  const q3 = await storeMerges(scene.database, ['2026-09-30T23:58:59.999Z']);
  await node.settle(q3);
  day = '2026-10-01T00:05:00Z';
  const turn = await storeMerges(scene.database, [
    '2026-10-01T00:00:00.000Z',
    '2026-09-30T23:59:59.999Z',
    '2026-10-01T02:30:00+03:00',
    '2099-01-01T00:00:00Z',
  ]);
  await node.settle(turn);
  expect(rowsByPage(scene)).toEqual({ Audit: 3, 'Audit 2026 Q4': 2 });
  const late = await storeMerges(scene.database, ['2026-09-01T00:00:00Z', '2024-01-01T00:00:00Z']);
  await node.settle(late);
  expect(rowsByPage(scene)).toEqual({ Audit: 3, 'Audit 2026 Q4': 4 });
  await expectEachOnce(scene, [...q3, ...turn, ...late]);
});

test('without periods pages are numbered, and a page by its size is full before its rows are', async () => {
  const scene = await setScene({ roll: { every: 'never', rows: 1000, bytes: 20_000 } });
  const ids = await scene.merges(90);
  await scene.node().settle(ids);
  await expectEachOnce(scene, ids);
  // As they were sent: Confluence adds to what it stores.
  const below = scene.confluence.pages().filter(({ id }) => id !== scene.top);
  const sizes = below.map(({ lastSent }) => Buffer.byteLength(lastSent));
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThan(20_000);
  expect(listed(scene).at(-1)).toBe('Audit (2)');
});

test('a configured page that nothing fits on any more is passed on from, and no row is refused', async () => {
  const scene = await setScene({ body: `${auditBody}<p>${'x'.repeat(5_200_000)}</p>`, roll: { bytes: 4_000_000 } });
  const ids = await scene.merges(3);
  const results = await scene.node().settle(ids);
  expect([...results.values()]).toEqual(Array.from(ids, () => ({ kind: 'done' })));
  expect(rowsByPage(scene)).toEqual({ 'Audit 2026 Q4': 3 });
});

test('two nodes that roll at once make each page once', { timeout: 30_000 }, async () => {
  const scene = await setScene();
  const ids = await scene.merges(60);
  const halves = [ids.filter((_, index) => index % 2 === 0), ids.filter((_, index) => index % 2 === 1)];
  await Promise.all(
    halves.map((half) => Promise.all([scene.node().settle(half.slice(0, 15)), scene.node().settle(half.slice(15))])),
  );
  await expectEachOnce(scene, ids);
  const { Audit: _, ...below } = rowsByPage(scene);
  expect(Math.max(...Object.values(below))).toBe(roll.rows);
  expect(listed(scene)).toHaveLength(scene.confluence.pages().length - 1);
});

test(
  'through the whole service each row, its link and its message lead to the page where it stands',
  { timeout: 60_000 },
  async () => {
    const world = await startWorld({
      sandbox: { switches: { slack: { channelLimit: 'off' } } },
      configuration: { confluence: { roll: { rows: 8 } } },
    });
    onTestFinished(() => world.close());
    const merges = Array.from({ length: 24 }, (_, index) => openMergeRequest(world, { pod: index % 10, issue: false }));
    for (const mr of merges) world.merge(mr);
    expect((await world.untilDone(merges.length, 50_000)).attention).toEqual([]);
    const { confluence, slack } = world.sandbox;
    const pages = confluence.pages();
    for (const mr of merges) {
      const { record_id: recordId, links } = (await world.show(mr))!;
      const standing = pages.filter(({ body }) => body.includes(`<code>${recordId}</code>`));
      expect(standing.map(({ url }) => url)).toEqual([links.confluence]);
      expect(effectsOf(world, recordId)).toEqual({ rows: 1, messages: 1 });
      const message = slack
        .channels()
        .flatMap(({ id }) => slack.messages(id))
        .find(({ own, rendered }) => own && rendered.plain.includes(recordId))!;
      expect(JSON.stringify(message)).toContain(links.confluence);
    }
    expect(pages.filter(({ body }) => body.includes('<code>SEC-')).length).toBeGreaterThanOrEqual(3);
  },
);
