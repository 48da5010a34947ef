import { afterEach, expect, test } from 'vitest';
import { createGitLab } from './client.ts';
import { base, change, fixture, startLocalServer, token, userOf, usersPath, type LocalServer } from './local-server.ts';

const running: LocalServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

async function start(): Promise<LocalServer> {
  const server = await startLocalServer();
  running.push(server);
  return server;
}

const userRequests = (fake: LocalServer): string[] =>
  fake.requests.map(({ path }) => path).filter((path) => path.startsWith(`${usersPath}/`));

test('asks about every approver once, and about nobody else', async () => {
  const fake = await start();
  fake.set(`${usersPath}/14`, { body: userOf(14, { bot: true, state: 'blocked' }) });
  const { people } = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(userRequests(fake).toSorted()).toEqual([13, 14].map((id) => `${usersPath}/${id}`));
  expect(people).toMatchObject([
    { id: 13, details: { ok: true, value: { id: 13, bot: false, state: 'active' } } },
    { id: 14, details: { ok: true, value: { id: 14, bot: true, state: 'blocked' } } },
  ]);
});

test('asks about nobody where it is not known who approved', async () => {
  const fake = await start();
  fake.set(`${base}/approvals`, { status: 403 });
  const { people } = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(people).toEqual([]);
});

test('an account that is gone is said to be, and remembered as gone', async () => {
  const fake = await start();
  const gitlab = createGitLab({ url: fake.url, token });
  fake.set(`${usersPath}/13`, { status: 404, body: fixture('error-404.json') });
  await gitlab.readChange(change);
  const { people, answers } = await gitlab.readChange(change);
  expect(people[0]).toEqual({ id: 13, details: { ok: false, code: 'not_found', status: 404 } });
  expect(answers.find(({ name }) => name === 'user.13')).toMatchObject({ status: 404 });
  expect(userRequests(fake).filter((path) => path.endsWith('/13'))).toHaveLength(1);
});

test('where the account is kept from the token, the member of the project tells as much as it can', async () => {
  const fake = await start();
  fake.set(`${usersPath}/13`, { status: 403, body: '{"message":"403 Forbidden"}' });
  fake.set('/api/v4/projects/501/members/all/13', { body: userOf(13) });
  const { people, answers } = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(people[0]).toMatchObject({ id: 13, details: { ok: true, value: { username: 'bchen', bot: null } } });
  expect(answers.map(({ name }) => name)).toEqual(expect.arrayContaining(['user.13', 'member.13']));
});

test('an answer about another account is not taken for this one, and not remembered', async () => {
  const fake = await start();
  const gitlab = createGitLab({ url: fake.url, token });
  fake.set(`${usersPath}/13`, { body: userOf(14) });
  expect((await gitlab.readChange(change)).people[0]).toMatchObject({ details: { ok: false, code: 'bad_response' } });
  fake.set(`${usersPath}/13`, { body: userOf(13) });
  expect((await gitlab.readChange(change)).people[0]).toMatchObject({ details: { ok: true } });
});

test('an outage of an account is thrown, not remembered, and an answer at the deadline', async () => {
  const fake = await start();
  const gitlab = createGitLab({ url: fake.url, token });
  fake.set(`${usersPath}/13`, { status: 500 });
  await expect(gitlab.readChange(change)).rejects.toMatchObject({ code: 'server_error' });
  const { people } = await gitlab.readChange(change, { deadline: true });
  expect(people).toMatchObject([{ details: { code: 'server_error', status: 500 } }, { id: 14 }]);
  fake.set(`${usersPath}/13`, { body: userOf(13) });
  expect((await gitlab.readChange(change)).people[0]).toMatchObject({ details: { ok: true } });
});

const membersPath = '/api/v4/groups/acme%2Fsecurity/members';

test('reads all pages of the group of security reviewers, each member once, and remembers them', async () => {
  const fake = await start();
  const gitlab = createGitLab({ url: fake.url, token, securityReviewersGroup: 'acme/security' });
  fake.set(membersPath, (query) =>
    query.has('page')
      ? { body: '[{"id":19},{"id":13}]' }
      : { headers: { 'x-next-page': '2' }, body: fixture('members.json') },
  );
  const first = await gitlab.readChange(change);
  const second = await gitlab.readChange(change);
  // 14 is listed, and has yet to be let in.
  expect(first.securityReviewers).toMatchObject({ ok: true, value: [13, 11, 19] });
  expect(second.securityReviewers).toEqual(first.securityReviewers);
  const named = (name: string): boolean => name.startsWith('security_reviewers');
  expect(second.answers.map(({ name }) => name).filter(named)).toEqual(['security_reviewers', 'security_reviewers.2']);
  expect(fake.requests.filter(({ path }) => path === membersPath).map(({ query }) => query)).toEqual([
    '?per_page=100',
    '?per_page=100&page=2',
  ]);
});

test('a group of security reviewers that is hidden is unread, and no group without members', async () => {
  const fake = await start();
  const gitlab = createGitLab({ url: fake.url, token, securityReviewersGroup: 'acme/hidden' });
  expect((await gitlab.readChange(change)).securityReviewers).toEqual({ ok: false, code: 'not_found', status: 404 });
});
