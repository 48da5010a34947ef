import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { ConnectorError } from '../errors.ts';
import { createGitLab } from './client.ts';
import {
  base,
  change,
  fixture,
  settingsPath,
  startLocalServer,
  token,
  type LocalServer,
  type Reply,
} from './local-server.ts';

const running: LocalServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

async function start(): Promise<LocalServer> {
  const server = await startLocalServer();
  running.push(server);
  return server;
}

// Long enough for an answer on a busy machine, and short where there will be none.
const patience = (reply: Reply): number => (reply.silent === true ? 1000 : 20_000);

async function errorOf(promise: Promise<unknown>): Promise<ConnectorError> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: ConnectorError) => error,
  );
}

test.each<[string, Reply, Partial<ConnectorError>]>([
  ['404', { status: 404, body: fixture('error-404.json') }, { code: 'not_found', status: 404 }],
  ['an expired token', { status: 401, body: fixture('error-401-expired.json') }, { code: 'unauthorized', status: 401 }],
  ['a token without scope', { status: 403, body: fixture('error-403-scope.json') }, { code: 'forbidden' }],
  ['a redirection', { status: 302, headers: { location: '/users/sign_in' } }, { code: 'refused', status: 302 }],
  [
    '429 in plain text with Retry-After',
    { status: 429, headers: { 'retry-after': '17' }, body: fixture('error-429.txt') },
    { code: 'rate_limited', retryAfterSeconds: 17 },
  ],
  [
    '429 with RateLimit-Reset',
    { status: 429, headers: { 'ratelimit-reset': '1790000042', date: 'Mon, 21 Sep 2026 14:13:20 GMT' } },
    { code: 'rate_limited', retryAfterSeconds: 42 },
  ],
  ['429 without any header', { status: 429, body: fixture('error-429.json') }, { code: 'rate_limited' }],
  ['502', { status: 502, body: fixture('error-502.html') }, { code: 'server_error' }],
  [
    '503 with Retry-After',
    { status: 503, headers: { 'retry-after': '5' } },
    { code: 'server_error', retryAfterSeconds: 5 },
  ],
  ['a page of a proxy', { body: fixture('error-502.html') }, { code: 'server_error', status: 200 }],
  ['another shape', { body: '{"unexpected":["shape"]}' }, { code: 'bad_response' }],
  ['another merge request', { body: '{}' }, { code: 'bad_response' }],
  ['a cut answer', { body: fixture('merge-request-19.json'), cut: 'within' }, { code: 'lost' }],
  ['a cut connection', { cut: 'before' }, { code: 'lost' }],
])('throws when the merge request itself cannot be read: %s', async (_what, reply, expected) => {
  const fake = await start();
  fake.set(base, reply);
  const error = await errorOf(createGitLab({ url: fake.url, token }).readChange(change));
  expect(error).toMatchObject({ vendor: 'gitlab', ...expected });
  expect(inspect(error, { depth: 9 })).not.toContain(token);
  expect(fake.requests).toHaveLength(1);
});

test('says of 404 that it may be hidden, and of 403 what the token needs', async () => {
  const fake = await start();
  fake.set(base, { status: 404 });
  await expect(createGitLab({ url: fake.url, token }).readChange(change)).rejects.toThrow(
    'gone, or hidden from this token',
  );
  fake.set(base, { status: 403 });
  await expect(createGitLab({ url: fake.url, token }).readChange(change)).rejects.toThrow('read_api');
});

test('an answer about another merge request is not taken for this one', async () => {
  const fake = await start();
  fake.set('/api/v4/projects/501/merge_requests/8', { body: fixture('merge-request-19.json') });
  await expect(createGitLab({ url: fake.url, token }).readChange({ projectId: 501, iid: 8 })).rejects.toMatchObject({
    code: 'bad_response',
  });
});

test.each<[string, Reply, string]>([
  ['403', { status: 403, body: fixture('error-403.json') }, 'forbidden'],
  ['404', { status: 404, body: fixture('error-404.json') }, 'not_found'],
  ['422', { status: 422, body: '{}' }, 'refused'],
  ['another shape', { body: '{"unexpected":["shape"]}' }, 'bad_response'],
  [
    'a row of another shape',
    { body: String(fixture('notes.json')).replace('"id": 3002', '"id": "3002"') },
    'bad_response',
  ],
  [
    'a time that is none',
    { body: String(fixture('notes.json')).replace('2026-09-20T08:01:00.000Z', 'soon') },
    'bad_response',
  ],
])('a part that is refused or cannot be understood is said and kept: %s', async (_what, reply, code) => {
  const fake = await start();
  fake.set(`${base}/notes`, reply);
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(evidence.notes).toEqual({ ok: false, code, status: reply.status ?? 200 });
  const kept = evidence.answers.find(({ name }) => name === 'notes');
  expect(Buffer.from(kept?.bytes ?? []).toString()).toBe(String(reply.body));
  expect(evidence.commits.ok).toBe(true);
});

test.each<[string, Reply, Partial<ConnectorError>]>([
  ['401', { status: 401, body: fixture('error-401.json') }, { code: 'unauthorized' }],
  ['408', { status: 408 }, { code: 'timeout' }],
  ['409, a lock', { status: 409 }, { code: 'conflict' }],
  ['429', { status: 429, headers: { 'retry-after': '3' } }, { code: 'rate_limited', retryAfterSeconds: 3 }],
  ['500', { status: 500 }, { code: 'server_error' }],
  ['a page of a proxy', { body: fixture('error-502.html') }, { code: 'server_error', status: 200 }],
  ['half an answer that says it is whole', { body: '[{"id":1,"system":tr' }, { code: 'server_error' }],
  ['an empty answer', { body: '' }, { code: 'server_error' }],
  ['a cut answer', { body: fixture('notes.json'), cut: 'within' }, { code: 'lost' }],
  ['no answer', { silent: true }, { code: 'timeout' }],
])('an outage of one part is thrown, so that it never passes for a refusal: %s', async (_what, reply, expected) => {
  const fake = await start();
  for (const part of ['notes', 'approvals']) fake.set(`${base}/${part}`, reply);
  await expect(
    createGitLab({ url: fake.url, token, timeoutMs: patience(reply) }).readChange(change),
  ).rejects.toMatchObject(expected);
});

test('on Free, told by the short form of its approvals, asks for nothing of a higher tier', async () => {
  const fake = await start();
  fake.set(`${base}/approvals`, { body: fixture('approvals-free.json') });
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(evidence.approvalState).toEqual({ ok: false, code: 'not_licensed', status: null });
  expect(evidence.projectSettings).toEqual({ ok: false, code: 'not_licensed', status: null });
  const paths = fake.requests.map(({ path }) => path);
  expect(paths).not.toContain(`${base}/approval_state`);
  expect(paths).not.toContain(settingsPath);
});

test('on a higher tier a 404 is a missing permission, and no missing licence', async () => {
  const fake = await start();
  for (const path of [`${base}/approval_state`, settingsPath]) fake.set(path, { status: 404 });
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(evidence.approvalState).toEqual({ ok: false, code: 'not_found', status: 404 });
  expect(evidence.projectSettings).toEqual({ ok: false, code: 'not_found', status: 404 });
});

test('where the approvals cannot be read, a 404 does not pass for a missing licence', async () => {
  const fake = await start();
  for (const part of ['approvals', 'approval_state']) fake.set(`${base}/${part}`, { status: 404 });
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(evidence.approvalState).toMatchObject({ ok: false, code: 'not_found' });
});

test.each<[string, Reply, string, number | null]>([
  ['a server that fails', { status: 500 }, 'server_error', 500],
  ['a limit', { status: 429, body: fixture('error-429.txt') }, 'rate_limited', 429],
  ['a wrong token', { status: 401 }, 'unauthorized', 401],
  ['no such merge request', { status: 404 }, 'not_found', 404],
  ['a cut connection', { cut: 'before' }, 'lost', null],
  ['no answer', { silent: true }, 'timeout', null],
])('at the deadline nothing is thrown, and what can be read is read: %s', async (_what, reply, code, status) => {
  const fake = await start();
  for (const path of [base, `${base}/approvals`, settingsPath]) fake.set(path, reply);
  const evidence = await createGitLab({ url: fake.url, token, timeoutMs: patience(reply) }).readChange(change, {
    deadline: true,
  });
  expect(evidence.mergeRequest).toEqual({ ok: false, code, status });
  expect(evidence.approvals).toEqual({ ok: false, code, status });
  expect(evidence.projectSettings).toEqual({ ok: false, code, status });
  expect(evidence.notes.ok).toBe(true);
  // Without the merge request there is no asking GraphQL: both addresses are searched for.
  expect(evidence.identities).toMatchObject({ ok: true, value: [] });
  expect(evidence.answers).toHaveLength(status === null ? 9 : 12);
});

test('at the deadline a server that is not there is an answer too', async () => {
  const fake = await start();
  await fake.close();
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change, { deadline: true });
  expect(evidence.mergeRequest).toEqual({ ok: false, code: 'unreachable', status: null });
  expect(evidence.earlierCommits).toEqual({ ok: false, code: 'unreachable', status: null });
  expect(evidence.people).toEqual([]);
  expect(evidence.answers).toEqual([]);
});

test('a token that cannot be sent is refused without being repeated', async () => {
  const broken = 'glpat-first\nglpat-second';
  const error = await errorOf(createGitLab({ url: 'http://127.0.0.1', token: broken }).readChange(change));
  expect(error).toMatchObject({ code: 'unauthorized' });
  expect(inspect(error, { depth: 9 })).not.toContain('glpat-second');
});
