import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { running, update, type Running } from '../testing/running.ts';

let world: Running;
let id: string;

beforeEach(async () => {
  world = await running();
  id = world.fake.createPage({ space: 'SEC', title: 'Audit', body: '<p>one</p>' }).id;
});
afterEach(() => world.fake.close());

const get = (path: string) => world.ask('GET', `/api/v2${path}`);

describe('reading a page', () => {
  test('gives no body unless a format asks for one, and the version in the same answer', async () => {
    const bare = await get(`/pages/${id}`);
    expect(bare.json.body?.storage).toBeUndefined();
    const { json, headers } = await get(`/pages/${id}?body-format=storage`);
    expect(json).toMatchObject({
      id,
      status: 'current',
      title: 'Audit',
      spaceId: '40',
      parentType: 'page',
      version: { number: 1, message: '', minorEdit: false, createdAt: expect.any(String) },
      body: { storage: { representation: 'storage', value: '<p>one</p>' } },
      _links: { webui: `/spaces/SEC/pages/${id}/Audit`, base: world.fake.url },
    });
    expect(headers.get('atl-request-id')).toMatch(/./);
    expect(world.calls.at(-1)).toMatchObject({ operation: 'GET /pages', write: false, fact: 'page.read' });
  });

  test('leaves out the version when told to, and adds what is asked for', async () => {
    expect((await get(`/pages/${id}?include-version=false`)).json.version).toBeUndefined();
    const { json } = await get(`/pages/${id}?include-versions=true&include-labels=true&include-properties=true`);
    expect(json.versions.results).toHaveLength(1);
    expect(json.labels.results).toEqual([]);
    expect(json.properties.results.map(({ key }: { key: string }) => key)).toContain('editor');
  });

  test('shows fields that the specification does not name, unless switched off', async () => {
    expect((await get(`/pages/${id}`)).json.version).toHaveProperty('ncsStepVersion');
    world.fake.switches.undeclaredFields = false;
    const { json } = await get(`/pages/${id}`);
    expect(json.version).not.toHaveProperty('ncsStepVersion');
    expect(json).not.toHaveProperty('body');
  });

  test('gives an older body under the title and status of today', async () => {
    world.fake.editAsHuman(id, () => '<p>two</p>');
    const { json } = await get(`/pages/${id}?version=1&body-format=storage`);
    expect(json).toMatchObject({ title: 'Audit', version: { number: 1 }, body: { storage: { value: '<p>one</p>' } } });
    expect((await get(`/pages/${id}?version=3`)).status).toBe(404);
  });

  test('gives the view as HTML, and no other format than storage beside it', async () => {
    expect((await get(`/pages/${id}?body-format=view`)).json.body.view.value).toBe('<p>one</p>');
    expect((await get(`/pages/${id}?body-format=atlas_doc_format`)).status).toBe(400);
    expect((await get(`/pages/${id}?body-format=markdown`)).status).toBe(400);
  });

  test('is 404 for a page that is absent or purged, and 400 for what is no number', async () => {
    const { status, json } = await get('/pages/123');
    expect(status).toBe(404);
    expect(json).toEqual({ errors: [{ status: 404, code: 'NOT_FOUND', title: 'Not Found', detail: null }] });
    expect((await get('/pages/audit')).json.errors[0]).toMatchObject({
      code: 'INVALID_REQUEST_PARAMETER',
      title: "Provided value {audit} for 'id' is not the correct type. Expected type is long",
    });
    world.fake.purge(id);
    expect((await get(`/pages/${id}`)).status).toBe(404);
  });

  test('tells of trash and archive by the status', async () => {
    world.fake.trash(id);
    expect((await get(`/pages/${id}`)).json.status).toBe('trashed');
    expect((await get(`/pages/${id}?status=current`)).status).toBe(404);
    world.fake.switches.trashedNeedsStatus = true;
    expect((await get(`/pages/${id}`)).status).toBe(404);
    expect((await get(`/pages/${id}?status=trashed`)).status).toBe(200);
    world.fake.archive(id);
    expect((await get(`/pages/${id}`)).json.status).toBe('archived');
  });

  test('is 404 or 403 where permission was lost', async () => {
    world.fake.restrict(id);
    expect((await get(`/pages/${id}`)).status).toBe(404);
    world.fake.switches.permissionLossAnswers = 403;
    expect((await get(`/pages/${id}`)).status).toBe(403);
    expect((await get('/pages?title=Audit')).json.results).toEqual([]);
    world.fake.restrict(id, 'edit');
    expect((await get(`/pages/${id}`)).status).toBe(200);
    expect((await world.ask('PUT', `/api/v2/pages/${id}`, update(id, 'Audit', 2, ''))).status).toBe(403);
  });

  test('shows an open draft only when asked for it', async () => {
    world.fake.openDraft(id, (body) => `${body}<p>mine</p>`);
    expect((await get(`/pages/${id}?body-format=storage`)).json.body.storage.value).toBe('<p>one</p>');
    const { json } = await get(`/pages/${id}?body-format=storage&get-draft=true`);
    expect(json).toMatchObject({ status: 'draft', version: { number: 1 } });
    expect(json.body.storage.value).toBe('<p>one</p><p>mine</p>');
  });
});

describe('finding pages', () => {
  const titles = async (query: string) =>
    (await get(`/pages?${query}`)).json.results.map(({ title }: { title: string }) => title);

  test('takes the exact title, one space, and current and archived ones unless told otherwise', async () => {
    const { fake } = world;
    fake.createSpace({ key: 'OPS' });
    fake.createPage({ space: 'OPS', title: 'Audit', body: '' });
    const old = fake.createPage({ space: 'SEC', title: 'Audit 2025', body: '' });
    expect(await titles('title=Audit')).toEqual(['Audit', 'Audit']);
    expect(await titles('title=Audit&space-id=40')).toEqual(['Audit']);
    expect(await titles('title=audit')).toEqual([]);
    fake.archive(old.id);
    expect(await titles('title=Audit%202025')).toEqual(['Audit 2025']);
    expect(await titles('title=Audit%202025&status=current')).toEqual([]);
    fake.trash(old.id);
    expect(await titles('title=Audit%202025')).toEqual([]);
    expect(await titles('title=Audit%202025&status=archived&status=trashed')).toEqual(['Audit 2025']);
    expect(await titles('title=Audit%202025&status=archived,trashed')).toEqual(['Audit 2025']);
    expect(world.calls.at(-1)?.operation).toBe('LIST /pages');
  });

  test('goes on by a relative address with an opaque cursor', async () => {
    for (let number = 1; number <= 5; number++) {
      world.fake.createPage({ space: 'SEC', title: `Page ${number}`, body: '' });
    }
    const found: string[] = [];
    let next: string | undefined = '/wiki/api/v2/pages?limit=3&sort=title&space-id=40';
    for (let turn = 0; next !== undefined; turn++) {
      expect(turn).toBeLessThan(5);
      expect(next).toMatch(/^\/wiki\/api\/v2\/pages\?/);
      const { json, headers } = await world.ask('GET', next.replace('/wiki', ''));
      expect(headers.get('link')).toBe(json._links.next === undefined ? null : `<${json._links.next}>; rel="next"`);
      expect(json._links.base).toBe(world.fake.url);
      found.push(...json.results.map(({ title }: { title: string }) => title));
      next = json._links.next;
    }
    expect(found).toEqual(['Audit', 'Page 1', 'Page 2', 'Page 3', 'Page 4', 'Page 5', 'Security Home']);
  });

  test.each([
    'limit=0',
    'limit=251',
    'limit=many',
    'cursor=3',
    'status=gone',
    'space-id=SEC',
    'sort=size',
    'body-format=view',
  ])('refuses %s', async (query) => {
    const { status, json } = await get(`/pages?${query}`);
    expect(status).toBe(400);
    expect(json.errors[0].code).toBe('INVALID_REQUEST_PARAMETER');
  });
});

describe('beside pages', () => {
  test('spaces are found by key and read by number', async () => {
    const { json } = await get('/spaces?keys=SEC');
    expect(json.results).toMatchObject([{ id: '40', key: 'SEC', name: 'Security', homepageId: expect.any(String) }]);
    expect((await get('/spaces?keys=NIX')).json.results).toEqual([]);
    expect((await get('/spaces/40')).json.key).toBe('SEC');
    expect((await get('/spaces/41')).status).toBe(404);
    expect((await get('/spaces/SEC')).status).toBe(400);
  });

  test('versions are listed from the newest, with their bodies where asked for', async () => {
    world.fake.editAsHuman(id, () => '<p>two</p>');
    const numbers = async (query: string) =>
      (await get(`/pages/${id}/versions?${query}`)).json.results.map(({ number }: { number: number }) => number);
    expect(await numbers('sort=-modified-date')).toEqual([2, 1]);
    expect(await numbers('sort=modified-date')).toEqual([1, 2]);
    const { json } = await get(`/pages/${id}/versions?body-format=storage&limit=1`);
    expect(json.results[0].page.body.storage.value).toBe('<p>two</p>');
    expect(json._links.next).toContain(`/wiki/api/v2/pages/${id}/versions?`);
    expect((await get(`/pages/${id}/versions/1`)).json).toMatchObject({ number: 1, nextVersion: 2 });
    expect((await get(`/pages/${id}/versions/3`)).status).toBe(404);
  });

  test('version numbers are positions: removing an old one renumbers the rest', async () => {
    world.fake.editAsHuman(id, () => '<p>two</p>');
    world.fake.editAsHuman(id, () => '<p>three</p>');
    world.fake.removeVersion(id, 1);
    const { json } = await get(`/pages/${id}?body-format=storage`);
    expect(json).toMatchObject({ version: { number: 2 }, body: { storage: { value: '<p>three</p>' } } });
  });

  test('direct children and labels are lists of their own', async () => {
    const child = world.fake.createPage({ space: 'SEC', title: 'Audit 2026', body: '', parent: id });
    const { json } = await get(`/pages/${id}/direct-children`);
    expect(json.results).toMatchObject([{ id: child.id, title: 'Audit 2026', type: 'page', status: 'current' }]);
    await world.ask('POST', `/rest/api/content/${id}/label`, [{ prefix: 'global', name: 'audit' }]);
    expect((await get(`/pages/${id}/labels`)).json.results).toMatchObject([{ name: 'audit', prefix: 'global' }]);
  });

  test('the site tells its cloud id, and an unknown path is an HTML page', async () => {
    const origin = new URL(world.fake.url).origin;
    expect(await (await fetch(`${origin}/_edge/tenant_info`)).json()).toEqual({ cloudId: world.fake.cloudId });
    const lost = await world.ask('GET', '/api/v2/folders/1/children');
    expect([lost.status, lost.headers.get('content-type')]).toEqual([404, 'text/html']);
  });

  test('a browser sees the page without a credential', async () => {
    const response = await fetch(world.fake.page(id).url);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).toContain('<p>one</p>');
  });
});
