import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataCenterAuditPage } from '../sample-pages.ts';
import { asker, basic, running, statusesOf, type Running } from '../testing/running.ts';

let world: Running;
let id: string;

beforeEach(async () => {
  world = await running({ flavour: 'data_center' });
  id = world.fake.createPage({ space: 'SEC', title: 'Audit', body: '<p>one</p>' }).id;
});
afterEach(() => world.fake.close());

const get = (path: string, headers?: Record<string, string>) =>
  world.ask('GET', `/rest/api${path}`, undefined, headers);
const content = (number: number | undefined, value: string, more: Record<string, unknown> = {}) => ({
  id,
  type: 'page',
  title: 'Audit',
  status: 'current',
  body: { storage: { value, representation: 'storage' } },
  version: number === undefined ? undefined : { number, minorEdit: true, message: 'm' },
  ...more,
});
const put = (body: unknown) => world.ask('PUT', `/rest/api/content/${id}`, body);

describe('reading content', () => {
  test('shows what is expanded, and links for people', async () => {
    expect(world.fake.url.endsWith('/confluence')).toBe(true);
    const bare = (await get(`/content/${id}`)).json;
    expect(bare).toMatchObject({ id, type: 'page', status: 'current', title: 'Audit' });
    expect([bare.body, bare.version, bare.space]).toEqual([undefined, undefined, undefined]);
    const { json } = await get(`/content/${id}?expand=body.storage,version,space,ancestors`);
    expect(json).toMatchObject({
      body: { storage: { value: '<p>one</p>', representation: 'storage' } },
      version: { number: 1, when: expect.any(String), by: { userKey: 'acc-human' } },
      space: { key: 'SEC' },
      ancestors: [{ title: 'Security Home' }],
      _links: { webui: `/pages/viewpage.action?pageId=${id}`, base: world.fake.url },
    });
    expect(world.calls.at(-1)).toMatchObject({ operation: 'GET /content', write: false, fact: 'dc.read' });
    expect(await (await fetch(json._links.base + json._links.webui)).text()).toContain('<p>one</p>');
  });

  test('carries the counters of the token bucket', async () => {
    const { headers } = await get(`/content/${id}`);
    const names = ['limit', 'remaining', 'interval-seconds', 'fillrate'];
    for (const name of names) expect(headers.get(`x-ratelimit-${name}`)).toMatch(/^\d+$/);
    expect(headers.get('retry-after')).toBe('0');
    world.fake.limit({ seconds: 3 });
    const limited = await get(`/content/${id}`);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
    expect(limited.headers.get('x-ratelimit-remaining')).toBe('0');
  });

  test('wants a status for what is not current, and gives older versions', async () => {
    world.fake.editAsHuman(id, () => '<p>two</p>');
    const older = (await get(`/content/${id}?status=historical&version=1&expand=body.storage`)).json;
    expect([older.status, older.body.storage.value]).toEqual(['historical', '<p>one</p>']);
    world.fake.trash(id);
    expect((await get(`/content/${id}`)).json).toMatchObject({
      statusCode: 404,
      message: `No content found with id: ContentId{id=${id}}`,
      reason: 'Not Found',
    });
    expect((await get(`/content/${id}?status=any`)).json.status).toBe('trashed');
  });

  test('fails on body.storage.value, or without a content type, where switched so', async () => {
    expect((await get(`/content/${id}?expand=body.storage.value`)).status).toBe(200);
    world.fake.switches.expandingValueFails = true;
    expect((await get(`/content/${id}?expand=body.storage.value`)).status).toBe(500);
    world.fake.switches.getNeedsContentType = true;
    expect((await get(`/content/${id}`)).status).toBe(415);
    expect((await get(`/content/${id}`, { 'content-type': 'application/json' })).status).toBe(200);
  });

  test('finds by space and title, and goes on by start and limit', async () => {
    world.fake.createPage({ space: 'SEC', title: 'Audit 2026', body: '', parent: id });
    const { json } = await get('/content?spaceKey=SEC&title=Audit&expand=version');
    expect(json).toMatchObject({ size: 1, start: 0, limit: 25, results: [{ id, version: { number: 1 } }] });
    expect((await get('/content?spaceKey=NIX&title=Audit')).status).toBe(404);
    const first = (await get('/content?spaceKey=SEC&limit=2')).json;
    expect(first._links.next).toBe('/rest/api/content?spaceKey=SEC&limit=2&start=2');
    expect((await world.ask('GET', first._links.next)).json.results).toHaveLength(1);
    expect((await get(`/content/${id}/child/page`)).json.results).toMatchObject([{ title: 'Audit 2026' }]);
    expect((await get('/space/SEC')).json.name).toBe('Security');
    world.fake.archive(id);
    expect((await get('/content?spaceKey=SEC&title=Audit')).json.size).toBe(0);
    expect((await get('/content?spaceKey=SEC&title=Audit&status=any')).json.size).toBe(1);
  });
});

describe('writing content', () => {
  test('takes the version number plus one', async () => {
    const { status, json } = await put(content(2, '<p>two</p>'));
    expect([status, json.version.number, json.body.storage.value]).toEqual([200, 2, '<p>two</p>']);
    expect(world.fake.versions(id).at(-1)).toMatchObject({ minorEdit: true, message: 'm' });
    expect((await put(content(3, '', { body: undefined }))).status).toBe(200);
    expect(world.fake.page(id).body).toBe('<p>two</p>');
  });

  test('refuses a stale version, and the lack of one, in its own words', async () => {
    expect((await put(content(undefined, ''))).json).toMatchObject({
      statusCode: 400,
      message: 'Must supply an incremented version when updating Content. No version supplied.',
    });
    expect((await put(content(1, ''))).json).toMatchObject({
      statusCode: 409,
      message: 'Version must be incremented on update. Current version is: 1',
      reason: 'Conflict',
    });
    world.fake.switches.conflictReason = false;
    expect((await put(content(1, ''))).json).not.toHaveProperty('reason');
  });

  test('refuses a draft with 409, and one of two at the same time', async () => {
    const draft = world.fake.createPage({ space: 'SEC', title: 'Draft', body: '', status: 'draft' });
    const change = { ...content(2, ''), id: draft.id, title: 'Draft' };
    expect((await world.ask('PUT', `/rest/api/content/${draft.id}`, change)).status).toBe(409);
    const answers = await Promise.all([put(content(2, '<p>a</p>')), put(content(2, '<p>b</p>'))]);
    expect(statusesOf(answers)).toEqual([200, 409]);
  });

  test('only restores what is in the trash', async () => {
    world.fake.trash(id);
    expect((await put(content(2, '<p>lost</p>'))).status).toBe(200);
    expect(world.fake.page(id)).toMatchObject({ status: 'current', body: '<p>one</p>' });
  });

  test.each([
    ['another type', { type: 'blogpost' }],
    ['a blank title', { title: '' }],
    ['another id', { id: '1' }],
    ['wiki markup', { body: { storage: { value: 'h1. x', representation: 'wiki' } } }],
    ['malformed markup', { body: { storage: { value: '<p>a<br></p>', representation: 'storage' } } }],
    ['a taken title', { title: 'Taken' }],
  ])('refuses %s', async (_what, change) => {
    world.fake.createPage({ space: 'SEC', title: 'Taken', body: '' });
    const { status, json } = await put(content(2, '', change));
    expect([status, json.statusCode, json.data.successful]).toEqual([400, 400, false]);
    expect(world.fake.page(id).version).toBe(1);
  });

  test('names title and space where the title is taken, and the place where markup is malformed', async () => {
    const { json } = await world.ask('POST', '/rest/api/content', {
      type: 'page',
      title: 'Audit',
      space: { key: 'SEC' },
    });
    expect(json.message).toBe(
      'A page with this title already exists: A page already exists with the title Audit in the space with key SEC',
    );
    expect((await put(content(2, '\n<p>a</b>'))).json.message).toBe(
      'Error parsing xhtml: Unexpected close tag </b>; expected </p>.\n at [row,col {unknown-source}]: [2,5]',
    );
  });

  test('creates below an ancestor or the homepage, and deletes into the trash', async () => {
    const create = (title: string, more: object) =>
      world.ask('POST', '/rest/api/content', { type: 'page', title, space: { key: 'SEC' }, ...more });
    const { json } = await create('Child', { ancestors: [{ id }] });
    expect(json.ancestors.map(({ title }: { title: string }) => title)).toEqual(['Security Home', 'Audit']);
    expect((await create('Top', {})).json.ancestors).toHaveLength(1);
    expect((await create('Lost', { ancestors: [{ id: '1' }] })).status).toBe(400);
    expect((await world.ask('DELETE', `/rest/api/content/${json.id}`)).status).toBe(204);
    expect(world.fake.page(json.id).status).toBe('trashed');
  });

  test('is refused above 5,242,880 bytes', async () => {
    const { status, json } = await put(content(2, 'x'.repeat(5_242_880)));
    expect([status, json.statusCode]).toEqual([413, 413]);
  });

  test('keeps the legacy markup: no paragraphs, no ids', async () => {
    const page = world.fake.createPage({ space: 'SEC', title: 'Legacy', body: dataCenterAuditPage('Legacy') });
    const [before = '', after = ''] = page.body.split(/(?=<\/tbody>)/);
    const value = `${before}<tr><td>!9</td></tr>${after}`;
    const change = { ...content(2, value), id: page.id, title: 'Legacy' };
    expect((await world.ask('PUT', `/rest/api/content/${page.id}`, change)).status).toBe(200);
    expect(world.fake.page(page.id).body).toBe(`${before}<tr><td class="confluenceTd">!9</td></tr>${after}`);
    expect(world.fake.lastSent(page.id)).toBe(value);
  });
});

describe('a property', () => {
  test('is made, updated by its version, and deleted', async () => {
    const path = `/rest/api/content/${id}/property`;
    const write = (number: number) =>
      world.ask('PUT', `${path}/audit`, { key: 'audit', value: number, version: { number } });
    expect((await get(`/content/${id}/property/audit`)).status).toBe(404);
    expect((await world.ask('POST', path, { key: 'audit', value: { a: 1 } })).json.version.number).toBe(1);
    expect((await world.ask('POST', path, { key: 'audit', value: 2 })).status).toBe(409);
    expect((await write(1)).status).toBe(409);
    expect((await write(2)).json.value).toBe(2);
    expect((await get(`/content/${id}/property`)).json.results.map(({ key }: { key: string }) => key)).toContain(
      'audit',
    );
    expect((await world.ask('DELETE', `${path}/audit`)).status).toBe(204);
  });
});

describe('a credential', () => {
  test('is a personal access token as bearer', async () => {
    const { fake } = world;
    const as = async (authorization: string) =>
      (await asker(fake.url, authorization)('GET', '/rest/api/content')).status;
    expect(await as(`Bearer ${fake.personalAccessToken}`)).toBe(200);
    expect(await as('Bearer wrong')).toBe(401);
    expect(await as(basic(fake.email, fake.apiToken))).toBe(401);
    fake.restrict(id);
    expect((await get(`/content/${id}`)).status).toBe(404);
    fake.switches.permissionLossAnswers = 403;
    expect((await get(`/content/${id}`)).status).toBe(403);
  });

  test('does not open the API of Cloud', async () => {
    expect((await world.ask('GET', `/api/v2/pages/${id}`)).status).toBe(404);
  });
});
