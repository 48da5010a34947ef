import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cloudAuditPage } from '../sample-pages.ts';
import { running, statusesOf, update, type Running } from '../testing/running.ts';

let world: Running;
let id: string;

beforeEach(async () => {
  world = await running();
  id = world.fake.createPage({ space: 'SEC', title: 'Audit', body: '<p>one</p>' }).id;
});
afterEach(() => world.fake.close());

const put = (body: unknown, headers?: Record<string, string>) => world.ask('PUT', `/api/v2/pages/${id}`, body, headers);
const write = (number: number, value: string) => put(update(id, 'Audit', number, value));
const titleTaken = 'A page with this title already exists: A page already exists with the same TITLE in this space';

describe('updating a page', () => {
  test('takes the version number plus one and makes a version of the whole body', async () => {
    const { status, json } = await write(2, '<p>two</p>');
    expect(status).toBe(200);
    expect(json).toMatchObject({ id, version: { number: 2, message: 'version 2', authorId: 'acc-countersign' } });
    expect(world.fake.versions(id).map(({ body }) => body)).toEqual(['<p>one</p>', '<p>two</p>']);
    expect(world.calls.at(-1)).toMatchObject({ operation: 'PUT /pages', write: true, fact: 'page.updated' });
  });

  test('takes the body in either shape, and keeps what was sent beside what was stored', async () => {
    const sent = '<table><tbody><tr><td>x</td></tr></tbody></table>';
    const nested = { ...update(id, 'Audit', 2, ''), body: { storage: { representation: 'storage', value: sent } } };
    expect((await put(nested)).status).toBe(200);
    expect(world.fake.lastSent(id)).toBe(sent);
    expect(world.fake.page(id).body).toMatch(/<td ac:local-id="[0-9a-f-]{36}"><p local-id="[0-9a-f]{12}">x<\/p><\/td>/);
    const again = world.fake.page(id).body;
    await write(3, again);
    expect(world.fake.page(id).body).toBe(again);
  });

  test.each([1, 3, 0, -1])('refuses number %d of a page at version 1 with the captured conflict', async (number) => {
    const { status, json } = await write(number, '<p>lost</p>');
    expect(status).toBe(409);
    expect(json).toEqual({
      errors: [
        {
          status: '409',
          code: 'CONFLICT',
          title: `Version must be incremented when updating a page. Current Version: [1]. Provided version: [${number}]`,
          detail: null,
        },
      ],
    });
    expect(world.fake.page(id)).toMatchObject({ version: 1, body: '<p>one</p>' });
  });

  test('refuses the same number a second time: a replay is fenced by itself', async () => {
    expect((await write(2, '<p>two</p>')).status).toBe(200);
    expect((await write(2, '<p>two</p>')).status).toBe(409);
  });

  test('lets one of two simultaneous ones through', async () => {
    const answers = await Promise.all([write(2, '<p>a</p>'), write(2, '<p>b</p>')]);
    expect(statusesOf(answers)).toEqual([200, 409]);
    expect(world.fake.page(id).version).toBe(2);
  });

  test.each([
    ['server_error', [200, 500]],
    ['both_succeed', [200, 200]],
  ] as const)('or answers the second as the switch says: %s', async (collidingPuts, statuses) => {
    world.fake.switches.collidingPuts = collidingPuts;
    const answers = await Promise.all([write(2, '<p>a</p>'), write(2, '<p>b</p>')]);
    expect(statusesOf(answers)).toEqual(statuses);
    expect(world.fake.page(id).version).toBe(2);
  });

  test('may show a conflict as the lock of the database, in the other envelope', async () => {
    world.fake.switches.staleVersionAnswers = 500;
    const { status, json } = await write(1, '<p>lost</p>');
    expect(status).toBe(500);
    expect(json).toMatchObject({ statusCode: 500, message: expect.stringContaining('OptimisticLockException') });
  });

  test('may have the status of a conflict as a number', async () => {
    world.fake.switches.conflictStatusIsNumber = true;
    expect((await write(1, '')).json.errors[0].status).toBe(409);
  });

  test.each([
    ['without an id', { id: undefined }],
    ['with a number as id', { id: 700_001 }],
    ['with another id', { id: '700002' }],
    ['without a status', { status: undefined }],
    ['with an unknown status', { status: 'archived' }],
    ['without a title', { title: undefined }],
    ['with a blank title', { title: ' ' }],
    ['with a long title', { title: 'x'.repeat(256) }],
    ['without a body', { body: undefined }],
    ['with a body that is no text', { body: { representation: 'storage', value: 3 } }],
    ['with wiki markup', { body: { representation: 'wiki', value: 'h1. x' } }],
    ['with ADF', { body: { representation: 'atlas_doc_format', value: '{}' } }],
    ['without a version', { version: undefined }],
    ['without a number', { version: { message: 'x' } }],
    ['with a number as text', { version: { number: '2' } }],
    ['into another space', { spaceId: '41' }],
  ])('is refused %s', async (_what, change) => {
    const { status, json } = await put({ ...update(id, 'Audit', 2, '<p>two</p>'), ...change });
    expect(status).toBe(400);
    expect(json.errors).toHaveLength(1);
    expect(world.fake.page(id).version).toBe(1);
  });

  test('is refused when it is not JSON, or does not say so', async () => {
    expect((await put('{"id"')).status).toBe(400);
    expect((await put('[]')).status).toBe(400);
    expect((await put(update(id, 'Audit', 2, ''), { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test.each([
    ['<p>a\n<br>b</p>', 'Unexpected close tag </p>; expected </br>.', '[2,6]'],
    ['R&D', "Unexpected character 'D' (code 68)", '[1,3]'],
    ['&hearty;', 'Undeclared general entity "hearty"', '[1,1]'],
    ['a ]]> b', "Unexpected ']]>' in character content", '[1,3]'],
    ['a\u0000b', 'Illegal character', '[1,2]'],
    ['\ud83d', 'Illegal character', '[1,1]'],
  ])('refuses malformed markup with its place: %j', async (value, text, place) => {
    const { status, json } = await write(2, value);
    expect(status).toBe(400);
    const { title } = json.errors[0];
    expect(title.startsWith(`Error parsing xhtml: ${text}`)).toBe(true);
    expect(title.endsWith(`at [row,col {unknown-source}]: ${place}`)).toBe(true);
    world.fake.switches.markupErrorEnvelope = 'v1';
    expect((await write(2, value)).json).toMatchObject({ statusCode: 400, message: title });
    expect(world.fake.page(id).version).toBe(1);
  });

  test('is refused above 5,242,880 bytes, in the envelope of v1', async () => {
    const empty = Buffer.byteLength(JSON.stringify(update(id, 'Audit', 2, '')));
    const fits = 'x'.repeat(5_242_880 - empty);
    const { status, json } = await write(2, `${fits}x`);
    expect(status).toBe(413);
    expect(json).toEqual({
      statusCode: 413,
      message: expect.stringMatching(/RequestEntityTooLargeException: .* at most 5242880 bytes$/),
    });
    expect((await write(2, fits)).status).toBe(200);
  });

  test('renames, but not to a title that is taken, be it archived or in other case', async () => {
    const other = world.fake.createPage({ space: 'SEC', title: 'Taken', body: '' });
    for (const status of ['current', 'archived'] as const) {
      if (status === 'archived') world.fake.archive(other.id);
      const { status: answered, json } = await put(update(id, 'taken', 2, ''));
      expect([answered, json.errors[0].title]).toEqual([400, titleTaken]);
    }
    world.fake.trash(other.id);
    expect((await put(update(id, 'Taken', 2, ''))).status).toBe(200);
    expect(world.fake.page(id).title).toBe('Taken');
  });

  test('moves below another parent of the space', async () => {
    const parent = world.fake.createPage({ space: 'SEC', title: 'Parent', body: '' });
    expect((await put({ ...update(id, 'Audit', 2, ''), parentId: '123' })).status).toBe(404);
    expect((await put({ ...update(id, 'Audit', 2, ''), parentId: parent.id })).status).toBe(200);
    expect(world.fake.page(id).parentId).toBe(parent.id);
  });

  test('makes a version of an identical body, or does not', async () => {
    await write(2, '<p>one</p>');
    expect(world.fake.page(id).version).toBe(2);
    world.fake.switches.identicalBodyMakesVersion = false;
    expect((await write(3, '<p>one</p>')).json.version.number).toBe(2);
  });

  test('may limit the message of the version', async () => {
    world.fake.switches.versionMessageLimit = 5;
    expect((await write(2, '')).status).toBe(400);
  });

  test('of the title alone makes a version too', async () => {
    const { status, json } = await world.ask('PUT', `/api/v2/pages/${id}/title`, { status: 'current', title: 'New' });
    expect([status, json.title, json.version.number]).toEqual([200, 'New', 2]);
  });

  test('adds rows to a grown page and leaves all the rest as it was', async () => {
    const page = world.fake.createPage({ space: 'SEC', title: 'Grown', body: cloudAuditPage('Grown') });
    const [before = '', after = ''] = page.body.split(/(?=<\/tbody><\/table><p \/>$)/);
    const sent = `${before}<tr><td class="numberingColumn">3</td><td>!9</td></tr>${after}`;
    await world.ask('PUT', `/api/v2/pages/${page.id}`, update(page.id, 'Grown', 2, sent));
    const stored = world.fake.page(page.id).body;
    expect(stored.startsWith(before) && stored.endsWith(after)).toBe(true);
    expect(
      world.fake
        .render(page.id)
        .tables.at(-1)
        ?.rows.at(-1)
        ?.cells.map(({ text }) => text),
    ).toEqual(['3', '!9']);
  });
});

describe('a page that is not current', () => {
  test('is only restored when it was in the trash: the body is ignored and the answer is 200', async () => {
    world.fake.trash(id);
    const { status, json } = await write(2, '<p>lost</p>');
    expect([status, json.status, json.version.number]).toEqual([200, 'current', 1]);
    expect(world.fake.page(id)).toMatchObject({ status: 'current', version: 1, body: '<p>one</p>' });
    expect(world.calls.at(-1)?.fact).toBe('page.restored');
  });

  test('may get a version by being restored, still with the old body', async () => {
    world.fake.switches.restoreMakesVersion = true;
    world.fake.trash(id);
    expect((await write(2, '<p>lost</p>')).json.version.number).toBe(2);
    expect(world.fake.page(id).body).toBe('<p>one</p>');
  });

  test('is not edited when it is archived, and not found when it was purged', async () => {
    world.fake.archive(id);
    expect((await write(2, '')).status).toBe(400);
    world.fake.purge(id);
    expect((await write(2, '')).status).toBe(404);
  });
});
