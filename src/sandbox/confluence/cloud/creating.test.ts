import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { running, update, type Running } from '../testing/running.ts';

let world: Running;
let id: string;

beforeEach(async () => {
  world = await running();
  id = world.fake.createPage({ space: 'SEC', title: 'Audit', body: '<p>one</p>' }).id;
});
afterEach(() => world.fake.close());

const post = (body: unknown, query = '') => world.ask('POST', `/api/v2/pages${query}`, body);
const creation = (title: string, more: Record<string, unknown> = {}) => ({
  spaceId: '40',
  title,
  body: { representation: 'storage', value: '<p>new</p>' },
  ...more,
});
const titleTaken = 'A page with this title already exists: A page already exists with the same TITLE in this space';

describe('creating a page', () => {
  test('answers 200 with version 1, below the homepage unless told otherwise', async () => {
    const { status, json } = await post(creation('New'));
    expect([status, json.version.number, json.parentType]).toEqual([200, 1, 'page']);
    const { homepageId } = (await world.ask('GET', '/api/v2/spaces/40')).json;
    expect(json.parentId).toBe(homepageId);
    expect((await post(creation('Root'), '?root-level=true')).json.parentId).toBeNull();
    expect((await post(creation('Child', { parentId: id }))).json.parentId).toBe(id);
    expect((await post(creation('Live', { subtype: 'live' }))).json.subtype).toBe('live');
    expect(world.fake.page(json.id).body).toBe('<p>new</p>');
  });

  test('is refused where the title is taken, by an archived page too, and not by one in the trash', async () => {
    expect((await post(creation('Audit'))).json.errors[0].title).toBe(titleTaken);
    world.fake.archive(id);
    expect((await post(creation('Audit'))).status).toBe(400);
    world.fake.trash(id);
    expect((await post(creation('Audit'))).status).toBe(200);
    const restored = await world.ask('PUT', `/api/v2/pages/${id}`, update(id, 'Audit', 2, ''));
    expect(restored.json.errors[0].title).toBe(titleTaken);
  });

  test.each([
    ['no space', 400, { spaceId: undefined }, ''],
    ['a key as space', 400, { spaceId: 'SEC' }, ''],
    ['an unknown space', 404, { spaceId: '41' }, ''],
    ['no title', 400, { title: undefined }, ''],
    ['an unknown status', 400, { status: 'archived' }, ''],
    ['an unknown subtype', 400, { subtype: 'blog' }, ''],
    ['ADF', 400, { body: { representation: 'atlas_doc_format', value: '{}' } }, ''],
    ['malformed markup', 400, { body: { representation: 'storage', value: '<p>' } }, ''],
    ['an unknown parent', 404, { parentId: '123' }, ''],
    ['a parent at the root', 400, { parentId: '700001' }, '?root-level=true'],
  ])('is refused with %s', async (_what, status, change, query) => {
    expect((await post(creation('New', change), query)).status).toBe(status);
    expect(world.fake.pages()).toHaveLength(1);
  });

  test('may be followed by reads that miss the page and updates that conflict, for a while', async () => {
    Object.assign(world.fake.switches, { missesAfterCreate: 2, conflictsAfterCreate: 1 });
    const { json } = await post(creation('New'));
    const read = async () => (await world.ask('GET', `/api/v2/pages/${json.id}`)).status;
    expect([await read(), await read(), await read()]).toEqual([404, 404, 200]);
    const change = () => world.ask('PUT', `/api/v2/pages/${json.id}`, update(json.id, 'New', 2, ''));
    const conflict = await change();
    expect([conflict.status, conflict.text]).toEqual([409, '']);
    expect((await change()).status).toBe(200);
  });

  test('is undone by the trash, and for good by purging', async () => {
    const remove = (query = '') => world.ask('DELETE', `/api/v2/pages/${id}${query}`);
    expect((await remove('?purge=true')).status).toBe(400);
    expect((await remove()).status).toBe(204);
    expect(world.fake.page(id).status).toBe('trashed');
    expect((await remove()).status).toBe(404);
    expect((await remove('?purge=true')).status).toBe(204);
    expect(world.fake.pages()).toEqual([]);
  });
});
