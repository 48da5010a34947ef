import { afterEach, expect, test } from 'vitest';
import { createGitLab } from './client.ts';
import { base, change, fixture, startLocalServer, token, type LocalServer } from './local-server.ts';

const running: LocalServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

async function start(): Promise<LocalServer> {
  const server = await startLocalServer();
  running.push(server);
  return server;
}

const membersPath = '/api/v4/groups/acme%2Freviewers/members/all';
const file = (path: string, oldPath = path) => ({ old_path: oldPath, new_path: path, diff: '', renamed_file: false });

/** A listing in pages of so many rows. */
function pages(rows: readonly unknown[], size: number) {
  return (query: URLSearchParams) => {
    const page = Number(query.get('page') ?? 1);
    const next = page * size < rows.length ? String(page + 1) : '';
    return {
      headers: { 'x-next-page': next },
      body: JSON.stringify(rows.slice((page - 1) * size, page * size)),
    };
  };
}

test('changed files are read whole, page by page, a renamed one under both of its names', async () => {
  const fake = await start();
  const rows = [...Array.from({ length: 120 }, (_, n) => file(`src/${n}.ts`)), file('new/place.ts', 'old/place.ts')];
  fake.set(`${base}/diffs`, pages(rows, 100));
  const paths = await createGitLab({ url: fake.url, token }).readChangedPaths(change);
  expect(paths).toHaveLength(122);
  expect(paths).toEqual(expect.arrayContaining(['src/0.ts', 'src/119.ts', 'new/place.ts', 'old/place.ts']));
  expect(fake.requests.map(({ path }) => path)).toEqual([`${base}/diffs`, `${base}/diffs`]);
});

test('a renamed file is known by both names, its diff being left out', async () => {
  const fake = await start();
  fake.set(`${base}/diffs`, { body: fixture('diffs.json') });
  expect(await createGitLab({ url: fake.url, token }).readChangedPaths(change)).toEqual([
    'services/payments/token.ts',
    'lib/audience.ts',
    'services/identity/audience.ts',
  ]);
});

test('members are read whole, each once, without those who have yet to be let in', async () => {
  const fake = await start();
  const member = (id: number, membership_state?: string) => ({ id, username: `user${id}`, membership_state });
  const rows = [...Array.from({ length: 101 }, (_, n) => member(n + 1, 'active')), member(7), member(900, 'awaiting')];
  fake.set(membersPath, pages(rows, 100));
  const ids = await createGitLab({ url: fake.url, token }).readGroupMembers('acme/reviewers');
  expect(ids).toEqual(Array.from({ length: 101 }, (_, n) => n + 1));
});

test('members are remembered for five minutes, and so is that a group is hidden', async () => {
  const fake = await start();
  let now = new Date('2026-09-21T14:00:00Z');
  const gitlab = createGitLab({ url: fake.url, token, now: () => now });
  fake.set(membersPath, pages([{ id: 13 }], 100));
  const ask = () => gitlab.readGroupMembers('acme/reviewers');
  const hidden = () => gitlab.readGroupMembers('acme/hidden').catch((error: unknown) => error);
  expect([await ask(), await ask()]).toEqual([[13], [13]]);
  expect([await hidden(), await hidden()]).toMatchObject([{ code: 'not_found' }, { code: 'not_found' }]);
  expect(fake.requests).toHaveLength(2);
  now = new Date('2026-09-21T14:05:00Z');
  await ask();
  await hidden();
  expect(fake.requests).toHaveLength(4);
});

test('an outage is thrown and not remembered', async () => {
  const fake = await start();
  const gitlab = createGitLab({ url: fake.url, token });
  for (const path of [membersPath, `${base}/diffs`]) fake.set(path, { status: 502 });
  await expect(gitlab.readGroupMembers('acme/reviewers')).rejects.toMatchObject({ code: 'server_error' });
  await expect(gitlab.readChangedPaths(change)).rejects.toMatchObject({ code: 'server_error' });
  fake.set(membersPath, { body: '[{ "id": 13 }]' });
  expect(await gitlab.readGroupMembers('acme/reviewers')).toEqual([13]);
});
