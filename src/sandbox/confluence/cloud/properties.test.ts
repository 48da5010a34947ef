import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { running, type Running } from '../testing/running.ts';

let world: Running;
let path: string;

beforeEach(async () => {
  world = await running();
  path = `/api/v2/pages/${world.fake.createPage({ space: 'SEC', title: 'Audit', body: '' }).id}/properties`;
});
afterEach(() => world.fake.close());

const create = (value: unknown, key = 'acme.audit') => world.ask('POST', path, { key, value });
const list = (query: string) => world.ask('GET', `${path}?${query}`);

describe('properties of a page', () => {
  test('keep any JSON unchanged, under a number and a key', async () => {
    const value = { last: 'SEC-ab12', rows: [1, null, 'ü'], deep: { yes: true } };
    const { status, json } = await create(value);
    expect([status, json.key, json.value, json.version.number]).toEqual([200, 'acme.audit', value, 1]);
    expect((await list('key=acme.audit')).json.results).toMatchObject([{ id: json.id, value }]);
    expect((await world.ask('GET', `${path}/${json.id}`)).json.value).toEqual(value);
    expect(world.calls.at(-1)).toMatchObject({ operation: 'GET /properties', fact: 'property.read' });
  });

  test('have one value for a key', async () => {
    await create(1);
    const { status, json } = await create(2);
    expect([status, json.errors[0].code]).toEqual([409, 'CONFLICT']);
  });

  test('are updated by the version number plus one', async () => {
    const { json } = await create(1);
    const update = (number: number, key = 'acme.audit') =>
      world.ask('PUT', `${path}/${json.id}`, { key, value: number, version: { number, message: 'm' } });
    expect((await update(1)).status).toBe(409);
    expect((await update(2)).json).toMatchObject({ value: 2, version: { number: 2, message: 'm' } });
    expect((await update(2)).status).toBe(409);
    expect((await update(3, 'other')).status).toBe(400);
  });

  test('do not touch the version of the page', async () => {
    await create(1);
    expect(world.fake.pages()[0]?.version).toBe(1);
  });

  test('are deleted for good', async () => {
    const { json } = await create(1);
    expect((await world.ask('DELETE', `${path}/${json.id}`)).status).toBe(204);
    expect((await world.ask('GET', `${path}/${json.id}`)).status).toBe(404);
    expect((await world.ask('GET', `${path}/audit`)).status).toBe(400);
  });

  test('are refused without key or value, and above 32 KB', async () => {
    expect((await world.ask('POST', path, { value: 1 })).status).toBe(400);
    expect((await world.ask('POST', path, { key: 'k' })).status).toBe(400);
    expect((await create('x'.repeat(32_767))).status).toBe(400);
    expect((await create('x'.repeat(32_766))).status).toBe(200);
  });

  test('may be missing from a listing right after their creation', async () => {
    world.fake.switches.propertyListingMisses = 1;
    await create(1);
    expect((await list('key=acme.audit')).json.results).toEqual([]);
    expect((await list('key=acme.audit')).json.results).toHaveLength(1);
  });
});
