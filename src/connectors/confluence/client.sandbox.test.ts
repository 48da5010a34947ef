import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { startConfluence, type FakeConfluence } from '../../sandbox/confluence/confluence.ts';
import type { ConfluenceSwitches } from '../../sandbox/confluence/switches.ts';
import { createFaults, faultKinds } from '../../sandbox/faults.ts';
import type { Call } from '../../sandbox/http.ts';
import { createConfluence } from './client.ts';
import { readBody, recordId, sampleRow } from './fixtures/rows.ts';

type Flavour = 'cloud' | 'data_center';

const title = 'Security merges';
const spoiling = faultKinds.filter((kind) => kind !== 'slow' && kind !== 'altered');
const bodies = readdirSync(new URL('fixtures/bodies/', import.meta.url));

let fake: FakeConfluence;
afterEach(() => fake.close());

async function setUp(flavour: Flavour, switches: Partial<ConfluenceSwitches> = {}) {
  const faults = createFaults();
  const calls: Call[] = [];
  fake = await startConfluence({ faults, calls, flavour, switches });
  fake.createSpace({ key: 'SEC' });
  const auth =
    flavour === 'cloud'
      ? ({ kind: 'basic', email: fake.email, token: fake.apiToken } as const)
      : ({ kind: 'bearer', token: fake.personalAccessToken } as const);
  const confluence = createConfluence({ url: fake.url, flavour, auth, timeoutMs: 1000 });
  const append = (pageId: string, ...numbers: number[]) => {
    const rows = numbers.map((number) => sampleRow(number));
    return confluence.appendRows({ pageId, rows, versionMessage: rows.map((row) => row.recordId).join(', ') });
  };
  return { confluence, faults, calls, append };
}

const rowsWith = (pageId: string, id: string) =>
  fake
    .render(pageId)
    .tables.flatMap(({ rows }) => rows)
    .filter(({ cells }) => cells.some(({ text }) => text.split(/\s+/).includes(id)));

describe.each(['cloud', 'data_center'] as const)('against the fake %s', (flavour) => {
  test('a page is made once, takes rows, and gives the proof of what it stores', async () => {
    const { confluence, append } = await setUp(flavour);
    const page = await confluence.locatePage({ space: 'SEC', title }, { create: { introduction: ['Read only.'] } });
    expect(page.created).toBe(true);
    expect(await confluence.locatePage({ space: 'SEC', title }, { create: true })).toEqual({ ...page, created: false });

    const result = await append(page.id, 1, 2);
    const stored = fake.page(page.id);
    expect(result).toMatchObject({
      version: 2,
      written: [recordId(1), recordId(2)],
      storedSha256: createHash('sha256').update(stored.body).digest('hex'),
      author: 'acc-countersign',
    });
    expect(result.url).toContain(page.id);
    expect(fake.versions(page.id).at(-1)).toMatchObject({ message: `${recordId(1)}, ${recordId(2)}` });
    const [table] = fake.render(page.id).tables;
    expect(table?.rows.map(({ cells }) => cells.at(-1)?.text)).toEqual(['Record', recordId(1), recordId(2)]);
    expect(table?.rows[1]?.cells[0]?.links[0]?.url).toBe('https://gitlab.example/acme/payments/-/merge_requests/1');
  });

  test.each(bodies)('rows go into %s however much of the page is rewritten on saving', async (name) => {
    for (const normalisation of ['none', 'light', 'full'] as const) {
      for (const keepsClientLocalIds of [true, false]) {
        const { append, confluence } = await setUp(flavour, { normalisation, keepsClientLocalIds });
        const { id } = fake.createPage({ space: 'SEC', title, body: readBody(name) });
        expect(await append(id, 1)).toMatchObject({ written: [recordId(1)], doubled: [] });
        expect(await append(id, 1, 2)).toMatchObject({ written: [recordId(2)], alreadyThere: [recordId(1)] });
        expect([rowsWith(id, recordId(1)).length, rowsWith(id, recordId(2)).length]).toEqual([1, 1]);
        const { rows } = await confluence.readRows({ pageId: id, rows: [sampleRow(1), sampleRow(2)] });
        expect(rows.flatMap(({ cells }) => cells).filter(({ expected, found }) => expected !== found)).toEqual([]);
        await fake.close();
      }
    }
  });

  test.each(spoiling)('a write spoilt by "%s" ends with one row, after starting over', async (kind) => {
    const { append, faults, calls } = await setUp(flavour);
    const { id } = fake.createPage({ space: 'SEC', title, body: readBody('cloud-plain.xml') });
    faults.add({ vendor: 'confluence', operation: 'PUT /', kind });
    const first = await append(id, 1).catch((error: unknown) => error);
    expect(calls.filter(({ write }) => write)).toHaveLength(1);
    expect(first).toMatchObject({ vendor: 'confluence', code: expect.any(String) });
    const again = await append(id, 1);
    expect(again[kind.startsWith('commit_then_') ? 'alreadyThere' : 'written']).toEqual([recordId(1)]);
    expect(rowsWith(id, recordId(1))).toHaveLength(1);
    expect(fake.page(id).version).toBe(2);
  });

  test.each(spoiling)('a creation spoilt by "%s" ends with one page, after starting over', async (kind) => {
    const { confluence, faults } = await setUp(flavour);
    faults.add({ vendor: 'confluence', operation: 'POST /', kind });
    const locate = () => confluence.locatePage({ space: 'SEC', title }, { create: true });
    await expect(locate()).rejects.toMatchObject({ vendor: 'confluence', code: expect.any(String) });
    expect(await locate()).toMatchObject({ created: !kind.startsWith('commit_then_') });
    expect(fake.pages()).toHaveLength(1);
  });

  test('of several writers at the same time none loses a row', async () => {
    const { append } = await setUp(flavour);
    const { id } = fake.createPage({ space: 'SEC', title, body: '' });
    let open = [1, 2, 3, 4];
    while (open.length > 0) {
      const ends = await Promise.allSettled(open.map((number) => append(id, number)));
      open = open.filter((_number, index) => ends[index]?.status === 'rejected');
    }
    expect([1, 2, 3, 4].map((number) => rowsWith(id, recordId(number)).length)).toEqual([1, 1, 1, 1]);
  });

  test('what people change stays, and their rows do too', async () => {
    const { append } = await setUp(flavour);
    const { id } = fake.createPage({ space: 'SEC', title, body: readBody('cloud-plain.xml') });
    await append(id, 1);
    fake.editAsHuman(id, (body) => body.replace('Every merge', 'Each merge'));
    expect(await append(id, 2)).toMatchObject({ version: 4 });
    expect(fake.render(id).text).toContain('Each merge');
    fake.editAsHuman(id, (body) => body.replace(recordId(1), 'gone'));
    expect(await append(id, 1)).toMatchObject({ written: [recordId(1)] });
  });

  test('an archived page, a page in the trash and a hidden page are not written', async () => {
    const { append, confluence, calls } = await setUp(flavour);
    const { id } = fake.createPage({ space: 'SEC', title, body: '' });
    fake.restrict(id);
    await expect(append(id, 1)).rejects.toMatchObject({ code: 'not_found' });
    fake.restrict(id, false);
    fake.archive(id);
    await expect(confluence.locatePage({ space: 'SEC', title }, { create: true })).rejects.toMatchObject({
      code: 'unsuitable',
    });
    await expect(append(id, 1)).rejects.toMatchObject({ code: flavour === 'cloud' ? 'unsuitable' : 'not_found' });
    fake.trash(id);
    await expect(append(id, 1)).rejects.toMatchObject({ code: flavour === 'cloud' ? 'unsuitable' : 'not_found' });
    expect(calls.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(await confluence.locatePage({ space: 'SEC', title }, { create: true })).toMatchObject({ created: true });
  });

  test('a bad token is unauthorized', async () => {
    const { append } = await setUp(flavour);
    const { id } = fake.createPage({ space: 'SEC', title, body: '' });
    fake.revokeToken();
    await expect(append(id, 1)).rejects.toMatchObject({ code: 'unauthorized' });
    fake.restoreToken();
    expect(await append(id, 1)).toMatchObject({ written: [recordId(1)] });
  });
});

test('a page that Cloud does not show for a moment after its creation is tried again', async () => {
  const { confluence, append } = await setUp('cloud', { missesAfterCreate: 1, conflictsAfterCreate: 1 });
  const { id } = await confluence.locatePage({ space: 'SEC', title }, { create: true });
  await expect(append(id, 1)).rejects.toMatchObject({ code: 'conflict', status: undefined });
  await expect(append(id, 1)).rejects.toMatchObject({ code: 'conflict', status: 409 });
  expect(await append(id, 1)).toMatchObject({ written: [recordId(1)] });
});

test('a scoped token works behind the gateway', async () => {
  await setUp('cloud');
  const auth = { kind: 'basic', email: fake.email, token: fake.scopedToken } as const;
  const url = fake.gatewayUrl.replace(/\/wiki$/, '');
  const confluence = createConfluence({ url, flavour: 'cloud', auth });
  const { id } = await confluence.locatePage({ space: 'SEC', title }, { create: true });
  expect(await confluence.hasRows({ pageId: id, recordIds: [recordId(1)] })).toMatchObject({ missing: [recordId(1)] });
});

test('versions of Data Center that want Content-Type on GET, and fail on a deep expand, are served', async () => {
  const { append } = await setUp('data_center', { getNeedsContentType: true, expandingValueFails: true });
  const { id } = fake.createPage({ space: 'SEC', title, body: readBody('dc-legacy.xml') });
  expect(await append(id, 1)).toMatchObject({ written: [recordId(1)] });
});
