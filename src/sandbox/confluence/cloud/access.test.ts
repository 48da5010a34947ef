import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { faultKinds } from '../../faults.ts';
import { asker, basic, running, update, type Running } from '../testing/running.ts';

let world: Running;
let id: string;

beforeEach(async () => {
  world = await running();
  id = world.fake.createPage({ space: 'SEC', title: 'Audit', body: '' }).id;
});
afterEach(() => world.fake.close());

const as = (url: string, email: string, token: string) => asker(url, basic(email, token))('GET', `/api/v2/pages/${id}`);

describe('a credential', () => {
  test('is the classic token at the site, and the scoped one behind the gateway', async () => {
    const { fake } = world;
    expect((await as(fake.url, fake.email, fake.apiToken)).status).toBe(200);
    expect((await as(fake.gatewayUrl, fake.email, fake.scopedToken)).status).toBe(200);
    expect((await as(fake.url, fake.email, fake.scopedToken)).status).toBe(401);
    expect(world.calls.at(-1)?.fact).toBe('auth.scoped-on-site');
    expect((await as(fake.gatewayUrl, fake.email, fake.apiToken)).status).toBe(401);
    expect((await asker(fake.url, `Bearer ${fake.apiToken}`)('GET', `/api/v2/pages/${id}`)).status).toBe(401);
  });

  test('that is bad or revoked is 401, or finds nothing', async () => {
    const { fake } = world;
    expect((await as(fake.url, fake.email, 'wrong')).status).toBe(401);
    expect((await as(fake.url, 'other@acme.example', fake.apiToken)).status).toBe(401);
    fake.revokeToken();
    expect((await as(fake.url, fake.email, fake.apiToken)).status).toBe(401);
    expect((await as(fake.gatewayUrl, fake.email, fake.scopedToken)).status).toBe(401);
    fake.switches.unknownTokenAnswers = 404;
    expect((await as(fake.url, fake.email, fake.apiToken)).status).toBe(404);
    fake.restoreToken();
    expect((await as(fake.url, fake.email, fake.apiToken)).status).toBe(200);
  });

  test('reaches what its scopes name', async () => {
    const { fake } = world;
    const ask = asker(fake.gatewayUrl, basic(fake.email, fake.scopedToken));
    const write = () => ask('PUT', `/api/v2/pages/${id}`, update(id, 'Audit', 2, ''));
    fake.setScopes(['read:page:confluence']);
    expect((await write()).json).toEqual({ code: 401, message: 'Unauthorized; scope does not match' });
    expect((await ask('GET', '/api/v2/spaces?keys=SEC')).status).toBe(401);
    fake.setScopes(['read:page:confluence', 'write:page:confluence']);
    expect((await write()).status).toBe(200);
    expect((await ask('DELETE', `/api/v2/pages/${id}`)).status).toBe(401);
  });

  test('behind the gateway gets addresses of the site, without the prefix of the gateway', async () => {
    const { fake } = world;
    const ask = asker(fake.gatewayUrl, basic(fake.email, fake.scopedToken));
    const { json } = await ask('GET', '/api/v2/pages?limit=1');
    expect(json._links.next).toMatch(/^\/wiki\/api\/v2\/pages\?/);
    expect(json._links.base).toBe(fake.url);
    const elsewhere = fake.gatewayUrl.replace(fake.cloudId, 'another');
    expect((await as(elsewhere, fake.email, fake.scopedToken)).status).toBe(404);
  });
});

describe('a limit', () => {
  test('refuses before it acts, with the whole family of headers', async () => {
    world.fake.limit({ times: 1, seconds: 7 });
    const refused = await world.ask('PUT', `/api/v2/pages/${id}`, update(id, 'Audit', 2, ''));
    expect(refused.status).toBe(429);
    const header = (name: string) => refused.headers.get(name);
    expect(header('retry-after')).toBe('7');
    expect(header('x-ratelimit-remaining')).toBe('0');
    expect(header('x-ratelimit-reset')).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(header('x-ratelimit-nearlimit')).toBe('true');
    expect(header('ratelimit-reason')).toBe('confluence-burst-based');
    expect(header('beta-ratelimit')).toContain('t=7');
    expect(world.fake.page(id).version).toBe(1);
    expect((await world.ask('PUT', `/api/v2/pages/${id}`, update(id, 'Audit', 2, ''))).status).toBe(200);
  });

  test('says when to come back as a date, or not at all', async () => {
    world.fake.limit({ times: 2 });
    world.fake.switches.retryAfter = 'date';
    expect((await world.ask('GET', '/api/v2/pages')).headers.get('retry-after')).toMatch(/GMT$/);
    world.fake.switches.retryAfter = 'absent';
    expect((await world.ask('GET', '/api/v2/pages')).headers.get('retry-after')).toBeNull();
  });
});

describe('a fault', () => {
  const committing = faultKinds.filter((kind) => kind.startsWith('commit_then_') && kind !== 'commit_then_silence');

  test.each(committing)('"%s" has stored the update', async (kind) => {
    world.faults.add({ vendor: 'confluence', operation: 'PUT /pages', kind });
    await world.ask('PUT', `/api/v2/pages/${id}`, update(id, 'Audit', 2, '<p>two</p>')).catch(() => undefined);
    expect(world.fake.page(id)).toMatchObject({ version: 2, body: '<p>two</p>' });
    expect((await world.ask('PUT', `/api/v2/pages/${id}`, update(id, 'Audit', 2, '<p>two</p>'))).status).toBe(409);
  });

  test('is worded as Confluence words it', async () => {
    for (const kind of ['refuse', 'limit', 'error_500'] as const) {
      world.faults.add({ vendor: 'confluence', operation: 'GET /pages', kind });
    }
    const read = () => world.ask('GET', `/api/v2/pages/${id}`);
    expect((await read()).json).toMatchObject({ statusCode: 403, reason: 'Forbidden' });
    expect((await read()).headers.get('ratelimit-reason')).toBe('confluence-burst-based');
    expect((await read()).json).toMatchObject({ statusCode: 500 });
  });

  test('of one operation leaves the others alone', async () => {
    world.faults.add({ vendor: 'confluence', operation: 'GET /pages', kind: 'error_500' });
    expect((await world.ask('GET', '/api/v2/pages?title=Audit')).status).toBe(200);
    expect((await world.ask('GET', `/api/v2/pages/${id}/properties`)).status).toBe(200);
    expect((await world.ask('GET', `/api/v2/pages/${id}`)).status).toBe(500);
  });
});

describe('v1 on Cloud', () => {
  test.each(['GET', 'PUT', 'DELETE'])('answers %s of content with 410', async (method) => {
    const { status, json } = await world.ask(method, `/rest/api/content/${id}`, method === 'PUT' ? {} : undefined);
    expect([status, json.statusCode, json.reason]).toEqual([410, 410, 'Gone']);
  });

  test('answers listing and creating with 410 as well', async () => {
    expect((await world.ask('GET', '/rest/api/content?title=Audit')).status).toBe(410);
    expect((await world.ask('POST', '/rest/api/content', {})).status).toBe(410);
  });

  test('adds labels, and refuses what are none', async () => {
    const add = (labels: unknown) => world.ask('POST', `/rest/api/content/${id}/label`, labels);
    expect((await add([{ prefix: 'global', name: 'audit' }])).json.results).toMatchObject([{ name: 'audit' }]);
    expect((await add({ prefix: 'global', name: 'audit' })).status).toBe(400);
    expect((await add([{ prefix: 'global', name: 'two words' }])).status).toBe(400);
  });

  test('searches an index that lags behind', async () => {
    const search = async (cql: string) =>
      (await world.ask('GET', `/rest/api/content/search?cql=${encodeURIComponent(cql)}`)).json?.results?.length;
    const created = { spaceId: '40', title: 'New', body: { representation: 'storage', value: '' } };
    expect(await search('space = SEC and title = "Audit"')).toBe(1);
    await world.ask('POST', '/api/v2/pages', created);
    expect(await search('title = "New"')).toBe(0);
    expect(await search('title = "New"')).toBe(1);
    expect(await search('text ~ "x"')).toBeUndefined();
  });

  test('lists restrictions with nobody in them, takes comments, and says who asks', async () => {
    const { json } = await world.ask('GET', `/rest/api/content/${id}/restriction`);
    expect(json.results.map(({ operation }: { operation: string }) => operation)).toEqual(['read', 'update']);
    const comment = { pageId: id, body: { representation: 'storage', value: '<p>seen</p>' } };
    expect((await world.ask('POST', '/api/v2/footer-comments', comment)).status).toBe(201);
    expect((await world.ask('GET', '/rest/api/user/current')).json.accountId).toBe('acc-countersign');
    expect(world.fake.page(id).version).toBe(1);
  });
});
