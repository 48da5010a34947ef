import { afterEach, describe, expect, test } from 'vitest';
import type { PageTarget } from '../src/connectors/confluence/locate.ts';
import type { Roll } from '../src/domain/rolling.ts';
import { startConfluence, type FakeConfluence } from '../src/sandbox/confluence/confluence.ts';
import type { ConfluenceSwitches } from '../src/sandbox/confluence/switches.ts';
import { createFaults, type FaultKind, type Faults } from '../src/sandbox/faults.ts';
import type { Call } from '../src/sandbox/http.ts';
import { auditBody } from '../src/sandbox/seed/seed-confluence.ts';
import { listOpen } from '../src/storage/attention.ts';
import { openDatabase, type Database } from '../src/storage/database.ts';
import { readRowUrls } from '../src/storage/pages.ts';
import { startRowWriter, storeMerges, type RowWriter } from './support/audit-rows.ts';
import { effectsOf } from './support/effects.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { createTestDatabase } from './support/postgres.ts';
import { quiet } from './support/quiet.ts';
import { startWorld } from './support/service.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of closing.splice(0).toReversed()) await step();
});

interface Scene {
  readonly confluence: FakeConfluence;
  readonly database: Database;
  readonly faults: Faults;
  readonly calls: Call[];
  readonly top: string;
  /** A node of its own, that knows what it finds. */
  node(over?: { roll?: Partial<Roll>; page?: PageTarget; now?: () => Date }): RowWriter;
  merges(count: number, at?: string): Promise<number[]>;
  attention(): Promise<string[]>;
}

const roll: Roll = { every: 'quarter', rows: 5, bytes: 1_000_000 };
const now = (): Date => new Date('2026-11-24T12:00:00Z');

async function set(
  options: {
    flavour?: 'cloud' | 'data_center';
    body?: string;
    switches?: Partial<ConfluenceSwitches>;
    roll?: Partial<Roll>;
  } = {},
): Promise<Scene> {
  const [faults, calls]: [Faults, Call[]] = [createFaults(), []];
  const { flavour = 'cloud', body = auditBody, switches = {} } = options;
  const confluence = await startConfluence({ faults, calls, flavour, switches });
  closing.push(() => confluence.close());
  confluence.createSpace({ key: 'SEC' });
  const top = confluence.createPage({ space: 'SEC', title: 'Audit', body }).id;
  const empty = await createTestDatabase();
  closing.push(() => empty.drop());
  const database = await openDatabase({ connection: empty.connection, log: quiet });
  closing.push(() => database.close());
  return {
    confluence,
    database,
    faults,
    calls,
    top,
    node: (over = {}) =>
      startRowWriter({
        database,
        confluence,
        page: over.page ?? { space: 'SEC', title: 'Audit' },
        roll: { ...roll, ...options.roll, ...over.roll },
        now: over.now ?? now,
      }),
    merges: (count, at = '2026-11-02T10:00:00Z') =>
      storeMerges(
        database,
        Array.from({ length: count }, () => at),
      ),
    attention: async () => (await listOpen(database.db)).map(({ kind, reason }) => `${kind} ${reason}`),
  };
}

/** Titles of the pages with rows of ours on them and how many, in the order in which the pages were made. */
function rowsByPage({ confluence }: Scene): Record<string, number> {
  const pages = confluence.pages().map(({ title, body }) => [title, idsOn(body).length] as const);
  return Object.fromEntries(pages.filter(([, rows]) => rows > 0));
}

// The record's cell says which entry it is, or nothing; people's own rows have ids of their own.
function idsOn(body: string): string[] {
  return [...body.matchAll(/merge_requests\/(\d+)">acme\/payments!\1</g)].map(([, iid]) => iid!);
}

function allIds({ confluence }: Scene): string[] {
  return confluence.pages().flatMap(({ body }) => idsOn(body));
}

/** Where the list on the configured page leads, by title. */
function listed({ confluence, top }: Scene): string[] {
  const [, list = ''] =
    /<ac:structured-macro[^>]* ac:name="info".*?<ul[^>]*>(.*?)<\/ul>/.exec(confluence.page(top).body) ?? [];
  return [...list.matchAll(/<a href="[^"]*?(?:pages\/|pageId=)(\d+)[^"]*">/g)].map(
    ([, id]) => confluence.page(id!).title,
  );
}

/** Every row stands once, on the page that the database names. */
async function expectEachOnce(scene: Scene, ids: readonly number[]): Promise<void> {
  const standing = allIds(scene);
  expect(new Set(standing).size).toBe(standing.length);
  expect(standing).toHaveLength(ids.length);
  const urls = await readRowUrls(scene.database.db, ids);
  const changes = await scene.database.db
    .selectFrom('countersign.change')
    .select(['id', 'iid'])
    .where('id', 'in', ids)
    .execute();
  const named = new Map(changes.map(({ id, iid }) => [String(iid), urls.get(id)]));
  for (const { url, body } of scene.confluence.pages()) for (const iid of idsOn(body)) expect(named.get(iid)).toBe(url);
}

describe.each(['cloud', 'data_center'] as const)('on %s', (flavour) => {
  test(
    'twelve hundred merges stand once each, on pages of fifty, and the list leads to the newest',
    { timeout: 60_000 },
    async () => {
      const scene = await set({ flavour, roll: { rows: 50 } });
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
    const scene = await set({ flavour, switches: { normalisation: 'none' } });
    await scene.node().settle(await scene.merges(12));
    const { body } = scene.confluence.page(scene.top);
    const rest = body
      .replace(/<ac:structured-macro ac:name="info">.*?<\/ac:rich-text-body><\/ac:structured-macro>/, '')
      .replaceAll(/<tr>(?:(?!<tr>).)*acme\/payments!(?:(?!<tr>).)*?<\/tr>/g, '');
    expect(rest).toBe(auditBody.replaceAll(/<tr>(?:(?!<tr>).)*acme\/payments!(?:(?!<tr>).)*?<\/tr>/g, ''));
  });

  const unknown: FaultKind[] = ['commit_then_reset', 'commit_then_500', 'commit_then_half', 'commit_then_wrong_type'];

  test.each(unknown)(
    'a row whose answer was lost (%s) as its page filled up is not written to the next one',
    async (kind) => {
      const scene = await set({ flavour });
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
      const scene = await set({ flavour });
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
    const scene = await set({ flavour });
    const first = await scene.merges(8);
    await scene.node().run(first, { dies: true });
    const second = await scene.merges(8);
    await scene.node().settle(second);
    const results = await scene.node().settle(first);
    expect([...results.values()]).toEqual(Array.from(first, () => ({ kind: 'done' })));
    await expectEachOnce(scene, [...first, ...second]);
  });

  test('a title that somebody else has taken, or put away, is passed over, and their page stays as it is', async () => {
    const scene = await set({ flavour });
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
      const scene = await set({ flavour });
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

test('a page that people rename or move goes on taking rows', async () => {
  const scene = await set();
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
  const scene = await set({ roll: { rows: 100 } });
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
  const scene = await set({ roll: { every: 'never', rows: 1000, bytes: 20_000 } });
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
  const scene = await set({ body: `${auditBody}<p>${'x'.repeat(5_200_000)}</p>`, roll: { bytes: 4_000_000 } });
  const ids = await scene.merges(3);
  const results = await scene.node().settle(ids);
  expect([...results.values()]).toEqual(Array.from(ids, () => ({ kind: 'done' })));
  expect(rowsByPage(scene)).toEqual({ 'Audit 2026 Q4': 3 });
});

test('two nodes that roll at once make each page once', { timeout: 30_000 }, async () => {
  const scene = await set();
  const ids = await scene.merges(60);
  const halves = [ids.filter((_, index) => index % 2 === 0), ids.filter((_, index) => index % 2 === 1)];
  await Promise.all(
    halves.map((half) => Promise.all([scene.node().settle(half.slice(0, 15)), scene.node().settle(half.slice(15))])),
  );
  await expectEachOnce(scene, ids);
  expect(listed(scene)).toHaveLength(scene.confluence.pages().length - 1);
});

test('where no page may be added, rows go on to the one that is there, and it is said', async () => {
  const scene = await set();
  scene.confluence.closeSpace('SEC');
  const ids = await scene.merges(12);
  await scene.node().settle(ids);
  expect(rowsByPage(scene)).toEqual({ Audit: 12 });
  expect(await scene.attention()).toEqual(['audit_page not_begun']);
});

test('a list that cannot be written holds up no row; it is said, and caught up with', async () => {
  const scene = await set();
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
  const scene = await set();
  const first = await scene.merges(7);
  await scene.node().settle(first);
  const second = await scene.merges(2);
  await scene.node({ page: { pageId: scene.top } }).settle(second);
  expect(Object.keys(rowsByPage(scene))).toEqual(['Audit', 'Audit 2026 Q4']);
  await expectEachOnce(scene, [...first, ...second]);
});

test('a row that was meant for a page which is not configured any more is looked for there first', async () => {
  const scene = await set();
  const [written, missing] = await scene.merges(2);
  await scene.node().run([written!], { dies: true });
  scene.faults.add({ vendor: 'confluence', operation: 'PUT ', kind: 'error_500' });
  await scene.node().run([missing!]);
  await scene.node({ page: { space: 'SEC', title: 'Another' } }).settle([written!, missing!]);
  expect(rowsByPage(scene)).toEqual({ Audit: 1, Another: 1 });
  await expectEachOnce(scene, [written!, missing!]);
});

test(
  'through the whole service each row, its link and its message lead to the page where it stands',
  { timeout: 60_000 },
  async () => {
    const world = await startWorld({
      sandbox: { switches: { slack: { channelLimit: 'off' } } },
      configuration: { confluence: { roll: { rows: 8 } } },
    });
    closing.push(() => world.close());
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
