import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { running, update, type Running } from '../testing/running.ts';

let world: Running;
let id: string;

beforeEach(async () => {
  world = await running();
  id = world.fake.createPage({ space: 'SEC', title: 'Audit', body: '<p>one</p>' }).id;
});
afterEach(() => world.fake.close());

const put = (body: unknown) => world.ask('PUT', `/api/v2/pages/${id}`, body);
const write = (number: number, value: string) => put(update(id, 'Audit', number, value));

describe('a draft', () => {
  const table = (rows: string) => `<p>intro</p><table ac:local-id="t"><tbody>${rows}</tbody></table>`;
  const row = (text: string) =>
    `<tr ac:local-id="${text}"><td ac:local-id="${text}"><p local-id="${text}">${text}</p></td></tr>`;

  beforeEach(() => {
    world.fake.switches.normalisation = 'none';
    world.fake.editAsHuman(id, () => table(row('1')));
    world.fake.openDraft(id, (body) => body.replace('intro', 'my words'));
  });

  test.each([
    ['merged', true, true],
    ['replaced', true, false],
    ['untouched', false, true],
  ] as const)('that is open when somebody writes is %s', async (draftAfterPut, hasRow, hasWords) => {
    world.fake.switches.draftAfterPut = draftAfterPut;
    expect((await write(3, table(row('1') + row('2')))).status).toBe(200);
    world.fake.publishDraft(id);
    const { body, version } = world.fake.page(id);
    expect([version, body.includes(row('2')), body.includes('my words')]).toEqual([4, hasRow, hasWords]);
  });

  test('that meets what was written is replaced', async () => {
    world.fake.openDraft(id, () => table(row('1') + row('mine')));
    await write(3, table(row('1') + row('2')));
    expect(world.fake.draft(id)?.body).toBe(table(row('1') + row('2')));
  });

  test('is written with number 1 and leaves what is published', async () => {
    const draft = { ...update(id, 'Audit', 3, '<p>draft</p>'), status: 'draft' };
    expect((await put(draft)).status).toBe(400);
    expect((await put({ ...draft, version: { number: 1 } })).json.status).toBe('draft');
    expect([world.fake.draft(id)?.body, world.fake.page(id).version]).toEqual(['<p>draft</p>', 2]);
    expect((await world.ask('DELETE', `/api/v2/pages/${id}?draft=true`)).status).toBe(204);
    expect(world.fake.draft(id)).toBeUndefined();
  });

  test('that was created is not found until it is published', async () => {
    const { json } = await world.ask('POST', '/api/v2/pages', { spaceId: '40', status: 'draft' });
    expect(json.status).toBe('draft');
    const read = (query: string) => world.ask('GET', `/api/v2/pages/${json.id}${query}`);
    expect([(await read('')).status, (await read('?get-draft=true')).status]).toEqual([404, 200]);
    await world.ask('PUT', `/api/v2/pages/${json.id}`, update(json.id, 'Published', 1, '<p>x</p>'));
    expect((await read('')).json).toMatchObject({ title: 'Published', version: { number: 1 } });
  });
});
