import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { startWorld, type World } from './support/service.ts';

const worlds: World[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function start(): Promise<World> {
  const world = await startWorld({ connectHook: false });
  worlds.push(world);
  return world;
}

function mergeEvent(iid: number, over: { project?: object; attributes?: object; rest?: object } = {}): object {
  return {
    object_kind: 'merge_request',
    project: {
      id: 999,
      path_with_namespace: 'acme/unknown',
      web_url: 'https://gitlab.example/acme/unknown',
      ...over.project,
    },
    object_attributes: { id: iid, iid, action: 'merge', state: 'merged', target_branch: 'main', ...over.attributes },
    labels: [{ title: 'security::payments' }],
    ...over.rest,
  };
}

const long = randomBytes(20_000).toString('hex');

test.each([
  ['an address longer than an index takes', { attributes: { url: `https://gitlab.example/${long}` } }],
  ['a path longer than an index takes', { project: { path_with_namespace: `acme/${'é'.repeat(2000)}${long}` } }],
  ['NUL and lone surrogates', { attributes: { title: 'a\0b\ud800c', description: '\udc00' } }],
  ['the largest id', { project: { id: Number.MAX_SAFE_INTEGER } }],
  ['a time in the last year of four digits', { attributes: { actioned_at: '9999-12-31T23:59:59-12:00' } }],
  ['a time before our era', { attributes: { actioned_at: '0000-01-01T00:00:00+12:00' } }],
  ['a time that is none', { attributes: { actioned_at: '+300000-01-01T00:00:00Z', updated_at: 'yesterday' } }],
])('takes up a merge with %s', async (_what, over) => {
  const world = await start();
  const response = await world.deliver(mergeEvent(1, over));
  expect(await response.json()).toMatchObject({ result: 'accepted' });
  expect(response.status).toBe(200);
  await world.untilDone(1);
});

test('a merge with a hundred thousand labels leaves room on the page for those that follow', async () => {
  const world = await start();
  const labels = Array.from({ length: 100_000 }, (_, index) => ({ title: `security::${index}` }));
  expect((await world.deliver(mergeEvent(1, { rest: { labels } }))).status).toBe(200);
  await world.untilDone(1);
  expect((await world.deliver(mergeEvent(2))).status).toBe(200);
  const { attention } = await world.untilDone(2);
  expect(attention.filter(({ stage }) => stage === 'add-row')).toEqual([]);
});
