import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';

let filled: FilledGitLab;

beforeEach(async () => {
  filled = await startFilledGitLab();
});

afterEach(async () => {
  await filled.gitlab.close();
});

test('a token that is unknown, expired or revoked is 401, each in its own words', async () => {
  const { ask, one, gitlab } = filled;
  expect(await ask(one, { token: 'wrong' })).toMatchObject({ status: 401, body: { message: '401 Unauthorized' } });
  gitlab.expireToken({ value: 'reader' });
  expect(await ask(one)).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
  gitlab.revokeToken({ value: 'keeper' });
  expect(await ask(one, { token: 'keeper' })).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
});

test('a token may be sent as bearer', async () => {
  const response = await fetch(`${filled.gitlab.url}/api/v4/user`, { headers: { authorization: 'Bearer keeper' } });
  expect(await response.json()).toMatchObject({ username: 'mira' });
});

test('what a caller may not see is 404 as if it were not there', async () => {
  const { ask, one, gitlab } = filled;
  const hidden = { status: 404, body: { message: '404 Project Not Found' } };
  expect(await ask(one, { token: 'outsider' })).toMatchObject(hidden);
  expect(await ask(one, { token: null })).toMatchObject(hidden);
  expect(await ask('/projects/acme%2Fnothing')).toMatchObject(hidden);
  expect(await ask('/groups/acme/merge_requests', { token: 'outsider' })).toMatchObject({ status: 404 });
  gitlab.addMember({ project: 'acme/payments', username: 'eve', role: 'guest' });
  expect(await ask(one, { token: 'outsider' })).toMatchObject({ status: 404, body: { message: '404 Not found' } });
  gitlab.addMember({ project: 'acme/payments', username: 'eve', role: 'reporter' });
  expect((await ask(one, { token: 'outsider' })).status).toBe(200);
  gitlab.setProjectSettings({ project: 'acme/web', visibility: 'public' });
  expect((await ask('/projects/acme%2Fweb', { token: null })).status).toBe(200);
  expect((await ask('/projects/acme%2Fweb/merge_requests/1')).body).toEqual({ message: '404 Not found' });
});

test('read_api cannot manage hooks, and a developer cannot either', async () => {
  const { ask, gitlab } = filled;
  const json = { url: 'https://example.test/hook' };
  const hooks = '/projects/acme%2Fpayments/hooks';
  expect(await ask(hooks, { method: 'POST', json })).toMatchObject({
    status: 403,
    body: { error: 'insufficient_scope' },
  });
  gitlab.createToken({ value: 'developer', user: 'bo', scopes: ['api'] });
  expect(await ask(hooks, { token: 'developer', method: 'POST', json })).toMatchObject({
    status: 403,
    body: { message: '403 Forbidden' },
  });
  expect((await ask('/groups/acme/hooks', { token: 'developer' })).status).toBe(403);
  gitlab.setUserState({ username: 'bo', state: 'blocked' });
  expect((await ask('/user', { token: 'developer' })).status).toBe(403);
});

test('a token can be asked about itself', async () => {
  expect((await filled.ask('/personal_access_tokens/self')).body).toMatchObject({
    scopes: ['read_api'],
    revoked: false,
    active: true,
    expires_at: null,
  });
  const { body } = await filled.ask('/user');
  expect(body).toMatchObject({ bot: true, username: expect.stringMatching(/^group_\d+_bot/) });
});

test('answers count down to a limit, beyond which they are 429 in plain text until the minute is over', async () => {
  const { ask, advance, gitlab } = filled;
  gitlab.setSwitch({ name: 'requestsPerMinute', value: 2 });
  const first = await ask('/user');
  expect(first.headers.get('ratelimit-limit')).toBe('2');
  expect(first.headers.get('ratelimit-remaining')).toBe('1');
  await ask('/user');
  const third = await ask('/user');
  expect(third).toMatchObject({ status: 429, text: 'Retry later\n' });
  expect(third.headers.get('content-type')).toBe('text/plain');
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(third.headers.get('ratelimit-reset')) * 1000).toBe(
    Date.parse(third.headers.get('ratelimit-resettime')!),
  );
  advance(60_000);
  expect((await ask('/user')).status).toBe(200);
});

test('what is no route is 404 in a shape of its own, and a wrong method 405', async () => {
  expect((await filled.ask('/no/such/route')).body).toEqual({ error: '404 Not Found' });
  expect(await filled.ask('/user', { method: 'PATCH' })).toMatchObject({ status: 405 });
});
