import { afterEach, describe, expect, test } from 'vitest';
import { createConfluence, type ConfluenceOptions } from './client.ts';
import { pageUrl } from './pages.ts';
import { answer, type Answering, type Asked, type Reply } from './fixtures/server.ts';

type Flavour = ConfluenceOptions['flavour'];

let server: Answering | undefined;
afterEach(async () => server?.close());

interface Site {
  pages: { id: string; status: string; title: string; hidden?: boolean }[];
}

const taken = {
  errors: [
    {
      status: 400,
      code: 'INVALID',
      title: 'A page with this title already exists: A page already exists with the same TITLE in this space',
    },
  ],
};

function answerFor(site: Site, asked: Asked): Reply {
  const url = new URL(asked.path, 'http://x');
  if (url.pathname.endsWith('/spaces')) {
    const found = url.searchParams.get('keys') === 'SEC' ? [{ id: '42', key: 'SEC' }] : [];
    return { body: { results: found } };
  }
  if (asked.method === 'POST') {
    if (site.pages.some(({ title, status }) => title === asked.body['title'] && status !== 'trashed')) {
      return { status: 400, body: taken };
    }
    const page = { id: `n${site.pages.length}`, status: 'current', title: String(asked.body['title']) };
    site.pages.push(page);
    return { body: { ...page, version: { number: 1 }, _links: { webui: `/x/${page.id}` } } };
  }
  const id = url.pathname.split('/').at(-1)!;
  if (id !== 'pages' && id !== 'content') {
    const page = site.pages.find((page) => page.id === id);
    if (page === undefined || page.hidden === true) return { status: 404 };
    const version = { number: 1, createdAt: 'then', when: 'then' };
    return { body: { ...page, version, body: { storage: { value: '' } } } };
  }
  const statuses = url.searchParams.getAll('status');
  const results = site.pages.filter(
    (page) =>
      page.hidden !== true &&
      page.title === url.searchParams.get('title') &&
      (statuses.includes('any') || statuses.includes(page.status)),
  );
  return { body: { results, _links: { base: 'https://acme.example/wiki' } } };
}

async function setUp(
  flavour: Flavour,
  pages: Site['pages'] = [],
  spoil?: (asked: Asked, site: Site) => Reply | undefined,
) {
  const site: Site = { pages };
  server = await answer((asked) => spoil?.(asked, site) ?? answerFor(site, asked));
  const clock = { now: new Date('2026-11-24T09:00:00Z') };
  const auth = { kind: 'bearer', token: 't' } as const;
  const confluence = createConfluence({ url: server.url, flavour, auth, now: () => clock.now });
  return { site, confluence, clock };
}

const target = { space: 'SEC', title: 'Security merges' };
const posts = () => server!.asked.filter(({ method }) => method === 'POST');

describe.each(['cloud', 'data_center'] as const)('locating a page on %s', (flavour) => {
  test('by id', async () => {
    const { confluence } = await setUp(flavour, [{ id: '9', status: 'current', title: 'T' }]);
    const url = `${server!.url}${flavour === 'cloud' ? '/wiki' : ''}/pages/viewpage.action?pageId=9`;
    expect(await confluence.locatePage({ pageId: '9' }, { create: true })).toEqual({
      id: '9',
      title: 'T',
      url,
      created: false,
    });
    await expect(confluence.locatePage({ pageId: '8' }, { create: true })).rejects.toMatchObject({ code: 'not_found' });
    expect(posts()).toEqual([]);
  });

  test('by space and title, and makes nothing where it is there', async () => {
    const { confluence } = await setUp(flavour, [
      { id: '8', status: 'trashed', title: target.title },
      { id: '9', status: 'current', title: target.title },
    ]);
    expect(await confluence.locatePage(target, { create: true })).toMatchObject({ id: '9', created: false });
    expect(posts()).toEqual([]);
  });

  test('makes it where it is missing and that is allowed', async () => {
    const { confluence } = await setUp(flavour);
    await expect(confluence.locatePage(target, { create: false })).rejects.toMatchObject({ code: 'not_found' });
    expect(posts()).toEqual([]);

    const create = { introduction: ['Kept by <Countersign> & nobody else.'], headings: ['Merge request', 'Record'] };
    expect(await confluence.locatePage(target, { create })).toMatchObject({ id: 'n0', created: true });
    expect(await confluence.locatePage(target, { create })).toMatchObject({ id: 'n0', created: false });
    expect(posts()).toHaveLength(1);
    const text = JSON.stringify(posts()[0]?.body);
    expect(text).toContain('<p>Kept by &lt;Countersign&gt; &amp; nobody else.</p><table');
    expect(text).toContain('<th><p><strong>Record</strong></p></th></tr></tbody></table>');
    expect(posts()[0]?.body).toMatchObject(
      flavour === 'cloud' ? { spaceId: '42', status: 'current' } : { type: 'page', space: { key: 'SEC' } },
    );
  });

  test.each(['archived', 'trashed', 'draft'])('a page by id that is %s is unsuitable', async (status) => {
    const { confluence } = await setUp(flavour, [{ id: '9', status, title: 'T' }]);
    await expect(confluence.locatePage({ pageId: '9' }, { create: true })).rejects.toMatchObject({
      code: 'unsuitable',
    });
  });

  test('an archived page that reserves the title is not adopted', async () => {
    const { confluence } = await setUp(flavour, [{ id: '9', status: 'archived', title: target.title }]);
    await expect(confluence.locatePage(target, { create: true })).rejects.toMatchObject({
      code: 'unsuitable',
      message: expect.stringMatching(/9 is not current \(archived\)/),
    });
  });

  test('a page somebody else made between the look and the creation is adopted', async () => {
    const { confluence } = await setUp(flavour, [], (asked, site) => {
      if (asked.method === 'POST') site.pages.push({ id: '5', status: 'current', title: target.title });
      return undefined;
    });
    expect(await confluence.locatePage(target, { create: true })).toMatchObject({ id: '5', created: false });
  });

  test('a title that a hidden page has is unsuitable', async () => {
    const { confluence } = await setUp(flavour, [{ id: '9', status: 'current', title: target.title, hidden: true }]);
    await expect(confluence.locatePage(target, { create: true })).rejects.toMatchObject({
      code: 'unsuitable',
      message: expect.stringContaining('hidden from this account'),
    });
  });

  test('a creation whose answer was lost is found, and not repeated while it is not to be seen', async () => {
    let lost = false;
    const { confluence, site } = await setUp(flavour, [], (asked, site) => {
      if (asked.method !== 'POST' || lost) return undefined;
      lost = true;
      answerFor(site, asked);
      site.pages[0]!.hidden = true;
      return { cut: 'all' };
    });
    await expect(confluence.locatePage(target, { create: true })).rejects.toMatchObject({ code: 'lost' });
    await expect(confluence.locatePage(target, { create: true })).rejects.toMatchObject({ code: 'conflict' });
    site.pages[0]!.hidden = false;
    expect(await confluence.locatePage(target, { create: true })).toMatchObject({ id: 'n0', created: false });
    expect(site.pages).toHaveLength(1);
  });

  test('a page that was just created and is not to be seen is tried again, but only for a minute', async () => {
    const { confluence, site, clock } = await setUp(flavour);
    const { id } = await confluence.locatePage(target, { create: true });
    site.pages[0]!.hidden = true;
    const append = () => confluence.appendRows({ pageId: id, rows: [], versionMessage: '' });
    await expect(append()).rejects.toMatchObject({ code: 'conflict' });
    clock.now = new Date(clock.now.getTime() + 61_000);
    await expect(append()).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('pages of other titles and states are passed over, whatever the listing shows', async () => {
  const { confluence, site } = await setUp('cloud', [], (asked, { pages }) =>
    asked.path.includes('/pages?') ? { body: { results: pages } } : undefined,
  );
  site.pages.push({ id: '1', status: 'archived', title: target.title }, { id: '2', status: 'current', title: 'Other' });
  await expect(confluence.locatePage(target, { create: false })).rejects.toMatchObject({ code: 'not_found' });
  site.pages.push({ id: '3', status: 'current', title: 'SECURITY MERGES' });
  expect(await confluence.locatePage(target, { create: false })).toMatchObject({ id: '3' });
});

test.each([
  [{ webui: '/spaces/SEC/pages/1', base: 'https://acme.example/wiki' }, 'https://acme.example/wiki/spaces/SEC/pages/1'],
  [{ webui: '/x', base: 'javascript://x/%0aalert(1)' }, 'https://own.example/wiki/x'],
  [{ webui: 'https://evil.example/' }, 'https://own.example/wiki/pages/viewpage.action?pageId=1'],
  [undefined, 'https://own.example/wiki/pages/viewpage.action?pageId=1'],
])('the address for people from %j is %s', (links, url) => {
  expect(pageUrl(links, 'https://own.example/wiki', '1')).toBe(url);
});

test('a space that is absent or hidden is not found, and no page is made elsewhere', async () => {
  const { confluence } = await setUp('cloud');
  await expect(confluence.locatePage({ space: 'NO', title: 'T' }, { create: true })).rejects.toMatchObject({
    code: 'not_found',
  });
  expect(posts()).toEqual([]);
});
