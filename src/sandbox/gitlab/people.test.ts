import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';

let filled: FilledGitLab;
const mr = { project: 'acme/payments', iid: 1 };

beforeEach(async () => {
  filled = await startFilledGitLab();
});

afterEach(() => filled.gitlab.close());

async function read(path: string) {
  const { status, body } = await filled.ask(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
}

async function idOf(username: string): Promise<number> {
  return (await read(`/users?username=${username}`))[0].id;
}

test('accounts are named as GitLab names them, and say whether they are bots', async () => {
  const { gitlab } = filled;
  const project = (await read('/projects/acme%2Fpayments')).id;
  const group = (await read('/groups/acme')).id;
  const make = (kind: 'project_bot' | 'group_bot' | 'service_account') =>
    gitlab.createUser({
      kind,
      memberOf: [kind === 'group_bot' ? { group, role: 'developer' } : { project, role: 'developer' }],
    });
  const made = [make('project_bot'), make('group_bot'), make('service_account')];
  expect(made.map(({ username }) => username)).toEqual([
    expect.stringMatching(new RegExp(`^project_${project}_bot_[0-9a-f]{32}$`)),
    expect.stringMatching(new RegExp(`^group_${group}_bot_[0-9a-f]{32}$`)),
    expect.stringMatching(/^service_account_[0-9a-f]{32}$/),
  ]);
  for (const { id } of made) expect(await read(`/users/${id}`)).toMatchObject({ id, bot: true, state: 'active' });
  expect((await read(`/users/${await idOf('ana')}`)).bot).toBe(false);
  gitlab.setSwitch({ name: 'userBotShown', value: false });
  expect(await read(`/users/${made[0]!.id}`)).not.toHaveProperty('bot');
  expect(() => gitlab.createUser({ kind: 'group_bot' })).toThrow(/belongs to/);
  expect(() => gitlab.createUser({})).toThrow(/needs a username/);
});

test('the public address is the one that the user shows, and no other', async () => {
  filled.gitlab.createUser({ username: 'dee', emails: ['dee@home.test'], publicEmail: 'dee@work.test' });
  expect((await read(`/users/${await idOf('dee')}`)).public_email).toBe('dee@work.test');
  expect((await read(`/users/${await idOf('ana')}`)).public_email).toBe('');
});

test('users are searched by name or by public address, and only an administrator finds the others', async () => {
  const { gitlab, ask } = filled;
  gitlab.createUser({ username: 'dee', name: 'Dee Dahl', emails: ['dee@home.test'], publicEmail: 'dee@work.test' });
  gitlab.createUser({ username: 'root', admin: true });
  gitlab.createToken({ value: 'admin', user: 'root', scopes: ['api'] });
  const find = async (search: string, token = 'reader') =>
    (await ask(`/users?search=${encodeURIComponent(search)}`, { token })).body;
  const names = async (search: string, token?: string) =>
    (await find(search, token)).map(({ username }: { username: string }) => username);
  expect(await names('dahl')).toEqual(['dee']);
  expect(await names('DEE@work.test')).toEqual(['dee']);
  expect(await names('dee@work')).toEqual([]);
  expect(await names('dee@home.test')).toEqual([]);
  expect(await names('dee@home.test', 'admin')).toEqual(['dee']);
  expect((await find('dahl'))[0]).not.toHaveProperty('email');
  expect((await find('dahl', 'admin'))[0]).toHaveProperty('email', 'dee@example.test');
});

test.each(['blocked', 'banned', 'deactivated'] as const)('an account that is %s is shown as such', async (state) => {
  const { gitlab, one } = filled;
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.setUserState({ username: 'bo', state });
  expect((await read(`/users/${await idOf('bo')}`)).state).toBe(state);
  expect((await read(`${one}/approvals`)).approved_by).toMatchObject([{ user: { username: 'bo', state } }]);
  expect(() => gitlab.merge({ ...mr, by: 'bo' })).toThrow(/not_approved/);
  expect(() => gitlab.mergeByPush({ ...mr, by: 'bo' })).toThrow(new RegExp(state));
});

test('what a deleted user wrote is the Ghost User’s, and the account is gone', async () => {
  const { gitlab, ask, one } = filled;
  gitlab.createToken({ value: 'of-ana', user: 'ana', scopes: ['read_api'] });
  gitlab.note({ ...mr, by: 'ana', body: 'Please look' });
  gitlab.closeMergeRequest({ ...mr, by: 'ana' });
  gitlab.reopenMergeRequest({ ...mr, by: 'mira' });
  gitlab.approve({ ...mr, by: 'bo' });
  const [ana, bo] = [await idOf('ana'), await idOf('bo')];
  const { ghost } = gitlab.deleteUser({ username: 'ana' });
  gitlab.deleteUser({ username: 'bo' });

  const whole = await read(one);
  expect(whole).toMatchObject({ author: { id: ghost, username: 'ghost', name: 'Ghost User' }, assignees: [] });
  expect(whole.reviewers).toMatchObject([{ username: 'cy' }]);
  const notes = await read(`${one}/notes`);
  expect(notes.map(({ author }: { author: { id: number } }) => author.id)).not.toContain(ana);
  expect((await read(`${one}/resource_label_events`))[0].user.id).toBe(ghost);
  const states = await read(`${one}/resource_state_events`);
  expect(states).toMatchObject([
    { state: 'closed', user: null },
    { state: 'reopened', user: { username: 'mira' } },
  ]);
  expect((await read(`${one}/approvals`)).approved_by).toMatchObject([{ user: { id: ghost } }]);
  const security = (await read(`${one}/approval_state`)).rules[0];
  expect(security).toMatchObject({ name: 'Security', users: [], approved_by: [] });
  const members = await read('/projects/acme%2Fpayments/members/all');
  expect(members.map(({ id }: { id: number }) => id)).not.toContain(bo);
  expect((await ask(`/users/${ana}`)).body).toEqual({ message: '404 User Not Found' });
  expect((await ask(one, { token: 'of-ana' })).status).toBe(401);
  expect((await read(`/users/${ghost}`)).bot).toBe(false);
  // What Git knows is not touched.
  expect((await read(`${one}/commits`))[0].author_email).toBe('ana@example.test');
  expect(() => gitlab.deleteUser({ username: 'ghost' })).toThrow(/cannot be deleted/);
});

test('approvals of a deleted user may go as well', async () => {
  const { gitlab, one } = filled;
  gitlab.setSwitch({ name: 'approvalsOfDeletedUser', value: 'deleted' });
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.deleteUser({ username: 'bo' });
  expect((await read(`${one}/approvals`)).approved_by).toEqual([]);
});

test('a merge by somebody who is deleted later names the Ghost User', async () => {
  const { gitlab, one } = filled;
  gitlab.merge({ ...mr, by: 'cy', anyway: true });
  const { ghost } = gitlab.deleteUser({ username: 'cy' });
  expect((await read(one)).merge_user).toMatchObject({ id: ghost, username: 'ghost' });
  expect((await read(`${one}/resource_state_events`))[0].user).toBeNull();
});
