import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { createConfluence, type ConfluenceOptions } from './client.ts';
import { readBody, recordId, sampleRow } from './fixtures/rows.ts';
import { answer, type Answering, type Asked, type Reply } from './fixtures/server.ts';

type Flavour = ConfluenceOptions['flavour'];

interface Page {
  body: string;
  version: number;
  status: string;
}

let server: Answering | undefined;
afterEach(async () => server?.close());

const pageId = '700001';
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const puts = (): Asked[] => server!.asked.filter(({ method }) => method === 'PUT');

function show(flavour: Flavour, page: Page): Reply {
  const when = '2026-11-02T09:00:00.000Z';
  const common = {
    id: pageId,
    status: page.status,
    title: 'Security merges',
    body: { storage: { representation: 'storage', value: page.body } },
    undeclared: true,
  };
  const links = { webui: '/spaces/SEC/pages/700001/Security+merges', base: 'https://acme.atlassian.net/wiki' };
  return flavour === 'cloud'
    ? { body: { ...common, version: { number: page.version, authorId: 'acc-1', createdAt: when }, _links: links } }
    : { body: { ...common, version: { number: page.version, by: { username: 'bot' }, when }, _links: links } };
}

function commit(page: Page, asked: Asked): void {
  const body = asked.body['body'] as { value?: string; storage?: { value: string } };
  page.body = body.value ?? body.storage?.value ?? '';
  page.version = (asked.body['version'] as { number: number }).number;
}

interface Scene {
  readonly flavour?: Flavour;
  readonly page?: Partial<Page>;
  /** What a PUT is answered; undefined: as usual, after committing. */
  readonly onPut?: (page: Page, asked: Asked) => Reply | undefined;
  readonly onGet?: (page: Page, asked: Asked, gets: number) => Reply | undefined;
  readonly options?: Partial<ConfluenceOptions>;
}

async function setUp({ flavour = 'cloud', page: given, onPut, onGet, options }: Scene = {}) {
  const page: Page = { body: readBody('cloud-plain.xml'), version: 7, status: 'current', ...given };
  let gets = 0;
  server = await answer((asked) => {
    if (asked.method === 'GET') return onGet?.(page, asked, ++gets) ?? show(flavour, page);
    const special = onPut?.(page, asked);
    if (special !== undefined) return special;
    commit(page, asked);
    return show(flavour, page);
  });
  const auth = { kind: 'basic', email: 'bot@acme.example', token: 't0ken' } as const;
  const confluence = createConfluence({ url: server.url, auth, flavour, timeoutMs: 5000, ...options });
  const append = (...numbers: number[]) =>
    confluence.appendRows({
      pageId,
      rows: numbers.map((number) => sampleRow(number)),
      versionMessage: 'Countersign: x',
    });
  return { page, confluence, append };
}

describe.each(['cloud', 'data_center'] as const)('appending on %s', (flavour) => {
  test('reads once, writes the version after, reads back, and tells what now stands there', async () => {
    const { page, append } = await setUp({ flavour });
    const before = page.body;
    expect(await append(1, 2)).toEqual({
      pageId,
      url: 'https://acme.atlassian.net/wiki/spaces/SEC/pages/700001/Security+merges',
      version: 8,
      written: [recordId(1), recordId(2)],
      alreadyThere: [],
      left: [],
      doubled: [],
      withoutColumn: [],
      rows: 3,
      bytes: Buffer.byteLength(page.body),
      storedSha256: sha256(page.body),
      author: flavour === 'cloud' ? 'acc-1' : 'bot',
      createdAt: '2026-11-02T09:00:00.000Z',
    });
    const path =
      flavour === 'cloud'
        ? ['/wiki/api/v2/pages/700001?body-format=storage', '/wiki/api/v2/pages/700001']
        : ['/rest/api/content/700001?expand=body.storage%2Cversion', '/rest/api/content/700001'];
    expect(server!.asked.map((asked) => `${asked.method} ${asked.path}`)).toEqual([
      `GET ${path[0]}`,
      `PUT ${path[1]}`,
      `GET ${path[0]}`,
    ]);
    expect(puts()[0]?.body).toMatchObject({
      id: pageId,
      status: 'current',
      title: 'Security merges',
      version: { number: 8, message: 'Countersign: x' },
    });
    expect(page.body.length).toBeGreaterThan(before.length);
  });

  test('rows that are there already are not written, and a page that has all of them is not touched', async () => {
    const { append } = await setUp({ flavour });
    await append(1);
    expect(await append(1, 2)).toMatchObject({ version: 9, written: [recordId(2)], alreadyThere: [recordId(1)] });
    expect(await append(2, 1)).toMatchObject({ version: 9, written: [], alreadyThere: [recordId(2), recordId(1)] });
    expect(puts()).toHaveLength(2);
  });

  test.each(['archived', 'trashed', 'draft'])('a page that is %s is never written', async (status) => {
    const { append } = await setUp({ flavour, page: { status } });
    await expect(append(1)).rejects.toMatchObject({ code: 'unsuitable', message: expect.stringContaining(status) });
    expect(puts()).toEqual([]);
  });
});

test.each<[string, Reply, string]>([
  ['409', { status: 409 }, 'conflict'],
  ['500', { status: 500, body: 'StaleObjectStateException' }, 'server_error'],
  ['503 with HTML', { status: 503, body: '<html>' }, 'server_error'],
  ['413', { status: 413, body: { statusCode: 413, message: 'Request too large' } }, 'too_large'],
  ['400', { status: 400 }, 'refused'],
  ['401', { status: 401 }, 'unauthorized'],
  ['403', { status: 403 }, 'forbidden'],
  ['404', { status: 404 }, 'not_found'],
  ['429', { status: 429, headers: { 'retry-after': '3' } }, 'rate_limited'],
  ['a dropped connection', { cut: 'all' }, 'lost'],
  ['half an answer', { body: { id: pageId, version: { number: 8 } }, cut: 'half' }, 'lost'],
  ['another shape', { body: { unexpected: ['shape'] } }, 'bad_response'],
  ['HTML with status 200', { body: '<!doctype html>' }, 'bad_response'],
  ['nothing with status 200', {}, 'bad_response'],
])(
  'an update answered with %s is tried once and thrown, and the next append settles it',
  async (_what, reply, code) => {
    for (const committed of [false, true]) {
      let spoiled = false;
      const { append, page } = await setUp({
        onPut: (page, asked) => {
          if (spoiled) return undefined;
          spoiled = true;
          if (committed) commit(page, asked);
          return reply;
        },
      });
      await expect(append(1)).rejects.toMatchObject({ vendor: 'confluence', code });
      expect(puts()).toHaveLength(1);

      const settled = await append(1);
      expect(committed ? settled.alreadyThere : settled.written).toEqual([recordId(1)]);
      expect(page.version).toBe(8);
      expect(page.body.split(recordId(1))).toHaveLength(2);
      await server?.close();
    }
  },
);

test('an update that is never answered ends in a timeout', async () => {
  const { append } = await setUp({ onPut: () => ({ cut: 'never answer' }), options: { timeoutMs: 100 } });
  await expect(append(1)).rejects.toMatchObject({ code: 'timeout' });
});

test('an address where nobody listens is unreachable', async () => {
  const { append } = await setUp();
  await server?.close();
  await expect(append(1)).rejects.toMatchObject({ code: 'unreachable' });
});

test('an update that only restored a page trashed in the meantime is a conflict, whatever its status says', async () => {
  const { append } = await setUp({ onPut: (page) => show('cloud', page) });
  await expect(append(1)).rejects.toMatchObject({ code: 'conflict' });
});

test('a row that somebody overwrote before it was read back is a conflict', async () => {
  const { append } = await setUp({
    onPut: (page, asked) => {
      const before = page.body;
      commit(page, asked);
      Object.assign(page, { body: before, version: page.version + 1 });
      return show('cloud', page);
    },
  });
  await expect(append(1)).rejects.toMatchObject({ code: 'conflict' });
});

test('somebody else’s later version that still has the row is proof enough', async () => {
  const { append, page } = await setUp({
    onPut: (page, asked) => {
      commit(page, asked);
      Object.assign(page, { body: `<p>new</p>${page.body}`, version: page.version + 1 });
      return show('cloud', page);
    },
  });
  expect(await append(1)).toMatchObject({ version: 9, written: [recordId(1)], storedSha256: sha256(page.body) });
});

test('a read that fails after the update leaves the outcome open, and the next append finds the row', async () => {
  const { append } = await setUp({ onGet: (_page, _asked, gets) => (gets === 2 ? { status: 502 } : undefined) });
  await expect(append(1)).rejects.toMatchObject({ code: 'server_error' });
  expect(await append(1)).toMatchObject({ alreadyThere: [recordId(1)], version: 8 });
});

test('a page that is not well-formed is not written, and the place is named', async () => {
  const { append } = await setUp({ page: { body: '<p>a</p>\n<p>b & c</p>' } });
  await expect(append(1)).rejects.toMatchObject({
    code: 'unsuitable',
    message: expect.stringContaining('row 2, column'),
  });
  expect(puts()).toEqual([]);
});

test.each([
  ['after escaping', '"', 2_621_440],
  ['in bytes', 'é', 2_621_440],
])('an update over the size limit %s is not even sent', async (_what, character, times) => {
  const { append } = await setUp({ page: { body: `<p>${character.repeat(times)}</p>` } });
  await expect(append(1)).rejects.toMatchObject({ code: 'too_large' });
  expect(puts()).toEqual([]);
});

test('a version message is cut between two ids and stays within 200 characters', async () => {
  const { confluence } = await setUp();
  const rows = Array.from({ length: 40 }, (_, index) => sampleRow(index + 1));
  await confluence.appendRows({
    pageId,
    rows,
    versionMessage: `Countersign: ${rows.map((row) => row.recordId).join(', ')}`,
  });
  const { message } = puts()[0]!.body['version'] as { message: string };
  expect(message.length).toBeLessThanOrEqual(200);
  expect(message).toMatch(/^Countersign: (SEC-[0-9a-f]{16}, )+…$/);
});

test.each([
  ['a site', 'cloud', '', '/wiki/api/v2/'],
  ['a site with its prefix', 'cloud', '/wiki/', '/wiki/api/v2/'],
  ['the gateway', 'cloud', '/ex/confluence/c-1', '/ex/confluence/c-1/wiki/api/v2/'],
  ['the gateway with the prefix', 'cloud', '/ex/confluence/c-1/wiki', '/ex/confluence/c-1/wiki/api/v2/'],
  ['a server', 'data_center', '/', '/rest/api/'],
  ['a server with a context', 'data_center', '/confluence', '/confluence/rest/api/'],
] as const)('finds the API of %s', async (_what, flavour, prefix, path) => {
  const { page } = await setUp({ flavour });
  const auth = { kind: 'bearer', token: 't0ken' } as const;
  const confluence = createConfluence({ url: `${server!.url}${prefix}`, auth, flavour });
  await confluence.hasRows({ pageId, recordIds: [] });
  expect(server!.asked[0]?.path.startsWith(path)).toBe(true);
  expect(server!.asked[0]?.headers.authorization).toBe('Bearer t0ken');
  expect(page.version).toBe(7);
});

test('an API token goes with its address, and is in no error', async () => {
  const { append } = await setUp({ onGet: () => ({ status: 401 }) });
  const error: unknown = await append(1).catch((error: unknown) => error);
  const credential = Buffer.from('bot@acme.example:t0ken').toString('base64');
  expect(server!.asked[0]?.headers.authorization).toBe(`Basic ${credential}`);
  expect(JSON.stringify([error, String(error)])).not.toMatch(new RegExp(`t0ken|${credential}`));
});

test('rows can be looked for without writing', async () => {
  const { confluence, append, page } = await setUp();
  await append(1);
  expect(await confluence.hasRows({ pageId, recordIds: [recordId(1), recordId(2)] })).toMatchObject({
    version: 8,
    present: [recordId(1)],
    missing: [recordId(2)],
  });
  page.body = page.body.replace('Bo Chen (bchen)', 'Eve');
  const { rows } = await confluence.readRows({ pageId, rows: [sampleRow(1), sampleRow(2)] });
  expect(rows).toMatchObject([
    { recordId: recordId(1), times: 1 },
    { recordId: recordId(2), times: 0, cells: [] },
  ]);
  expect(rows[0]?.cells.filter(({ expected, found }) => expected !== found)).toEqual([
    { heading: 'Reviewers', expected: 'Bo Chen (bchen): approved', found: 'Eve: approved' },
  ]);
});

test('a row that somebody copied is told, not refused', async () => {
  const { append, page } = await setUp();
  await append(1);
  const row = /<tr>(?:(?!<tr>).)*<\/tr>(?=<\/tbody>)/.exec(page.body)?.[0] ?? '';
  page.body = page.body.replace('</tbody>', `${row}</tbody>`);
  expect(await append(1)).toMatchObject({ alreadyThere: [recordId(1)], doubled: [recordId(1)] });
});
