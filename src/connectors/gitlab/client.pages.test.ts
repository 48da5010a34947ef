import { afterEach, expect, test } from 'vitest';
import { createGitLab } from './client.ts';
import { base, change, fixture, startLocalServer, token, type Answering, type LocalServer } from './local-server.ts';

const running: LocalServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

async function start(): Promise<LocalServer> {
  const server = await startLocalServer();
  running.push(server);
  return server;
}

const notes = (from: number, count: number): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, index) => ({
      id: from + index,
      system: true,
      body: 'merged',
      author: null,
      created_at: '2026-09-21T14:13:25.000Z',
    })),
  );

test.each<[string, (fake: LocalServer, page: number) => Record<string, string>]>([
  [
    'Link',
    ({ url }, page) => ({
      link: `<${url}${base}/notes?page=1&per_page=100>; rel="first"${
        page < 3 ? `, <${url}${base}/notes?per_page=100&page=${page + 1}>; rel="next"` : ''
      }`,
    }),
  ],
  ['X-Next-Page', (_fake, page) => ({ 'x-next-page': page < 3 ? String(page + 1) : '' })],
  [
    'X-Next-Page, where Link leads to another server',
    (_fake, page) => ({
      'x-next-page': page < 3 ? String(page + 1) : '',
      ...(page < 3 ? { link: `<https://elsewhere.example${base}/notes?page=${page + 1}>; rel="next"` } : {}),
    }),
  ],
])('reads all pages by %s', async (_what, headersOf) => {
  const fake = await start();
  fake.set(`${base}/notes`, (query) => {
    const page = Number(query.get('page') ?? 1);
    return { headers: headersOf(fake, page), body: notes(page * 1000, page < 3 ? 100 : 1) };
  });
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);

  expect(evidence.notes.ok && evidence.notes.value.system.map(({ id }) => id).at(-1)).toBe(3000);
  expect(evidence.notes.ok && evidence.notes.value.system).toHaveLength(201);
  expect(evidence.notes.ok && evidence.notes.sha256).toHaveLength(3);
  const names = evidence.answers.map(({ name }) => name).filter((name) => name.startsWith('notes'));
  expect(names).toEqual(['notes', 'notes.2', 'notes.3']);
});

test('a full page is not taken for the whole list where a proxy drops the page headers', async () => {
  const fake = await start();
  fake.set(`${base}/notes`, (query) => ({
    bare: true,
    body: query.get('page') === '2' ? notes(200, 3) : notes(1, 100),
  }));
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(evidence.notes.ok && evidence.notes.value.system).toHaveLength(103);
});

test.each<[string, string, Answering]>([
  [
    'a next page on another server only',
    'bad_response',
    { headers: { link: '<https://elsewhere.example/api/v4/notes?page=2>; rel="next"' }, body: '[]' },
  ],
  [
    'a next page of another listing only',
    'bad_response',
    { headers: { link: '</api/v4/users?page=2>; rel=next' }, body: '[]' },
  ],
  ['pages in a circle', 'bad_response', { headers: { 'x-next-page': '2' }, body: '[]' }],
  [
    'pages without end',
    'too_large',
    (query) => ({ headers: { 'x-next-page': String(Number(query.get('page') ?? 1) + 1) }, body: '[]' }),
  ],
])('a listing with %s is not read at all', async (_what, code, answering) => {
  const fake = await start();
  fake.set(`${base}/notes`, answering);
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(evidence.notes).toMatchObject({ ok: false, code });
  expect(fake.requests.every(({ path }) => path !== '/api/v4/users')).toBe(true);
  expect(evidence.answers.length).toBeLessThanOrEqual(113);
});

test('a listing of more bytes than can be kept is not read at all', async () => {
  const fake = await start();
  const wide = `[${' '.repeat(12 * 1024 * 1024)}]`;
  fake.set(`${base}/notes`, (query) => {
    const page = Number(query.get('page') ?? 1);
    return { headers: { 'x-next-page': page < 5 ? String(page + 1) : '' }, body: wide };
  });
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(evidence.notes).toMatchObject({ ok: false, code: 'too_large' });
  expect(fake.requests.filter(({ path }) => path.endsWith('/notes'))).toHaveLength(3);
});

test('a refusal on a later page leaves no half of a listing', async () => {
  const fake = await start();
  fake.set(`${base}/commits`, (query) =>
    query.has('page')
      ? { status: 403, body: fixture('error-403.json') }
      : { headers: { 'x-next-page': '2' }, body: '[]' },
  );
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(evidence.commits).toEqual({ ok: false, code: 'forbidden', status: 403 });
  expect(evidence.answers.find(({ name }) => name === 'commits.2')).toMatchObject({ status: 403 });
});
