import { afterEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { createGitLabInspector } from './inspect.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function start(options: Parameters<typeof startFilledGitLab>[0] = {}): Promise<FilledGitLab> {
  const filled = await startFilledGitLab({ now: () => new Date(), ...options });
  running.push(filled.gitlab);
  return filled;
}

function inspect({ gitlab }: FilledGitLab, token = 'reader', now?: () => Date) {
  return createGitLabInspector({ url: gitlab.url, token, ...(now === undefined ? {} : { now }) });
}

const group = { kind: 'group', id: 88 } as const;
const payments = { kind: 'project', id: 501 } as const;

test('a token says whose it is, what it may, until when, and where', async () => {
  const filled = await start();
  filled.gitlab.createToken({
    value: 'dated',
    name: 'audit',
    user: 'mira',
    scopes: ['api'],
    expiresAt: '2099-03-04T00:00:00Z',
  });
  expect(await inspect(filled, 'dated').whoAmI()).toEqual({
    user: { id: expect.any(Number), username: 'mira', name: 'mira Name', isAdmin: false },
    token: { name: 'audit', scopes: ['api'], expiresOn: '2099-03-04' },
    server: { version: '19.1.2-ee', enterprise: true },
    clockAheadSeconds: expect.toSatisfy((seconds: number) => Math.abs(seconds) <= 2),
  });
});

test('a clock that is ten minutes ahead is ahead by that much', async () => {
  const ahead = () => new Date(Date.now() + 600_000);
  const { clockAheadSeconds } = await inspect(await start(), 'reader', ahead).whoAmI();
  expect(clockAheadSeconds).toBeGreaterThan(595);
  expect(clockAheadSeconds).toBeLessThan(605);
});

test('older servers tell their version by another endpoint, and a token nothing about itself', async () => {
  const old = await start({ version: '15.1.0', tier: 'free' });
  expect(await inspect(old).whoAmI()).toMatchObject({ token: null, server: { version: '15.1.0', enterprise: null } });
  expect(await inspect(await start({ tier: 'free' })).whoAmI()).toMatchObject({ server: { enterprise: false } });
});

test('a token that may do next to nothing still says what it may', async () => {
  const filled = await start();
  filled.gitlab.createToken({ value: 'small', user: 'mira', scopes: ['read_user'] });
  expect(await inspect(filled, 'small').whoAmI()).toMatchObject({ user: null, token: { scopes: ['read_user'] } });
});

test.each([
  ['reader', 'token_expired', ({ gitlab }: FilledGitLab) => gitlab.expireToken({ value: 'reader' })],
  ['reader', 'token_revoked', ({ gitlab }: FilledGitLab) => gitlab.revokeToken({ value: 'reader' })],
  ['nobody', undefined, () => {}],
] as const)('the token %s is refused as %s', async (token, vendorCode, spoil) => {
  const filled = await start();
  spoil(filled);
  await expect(inspect(filled, token).whoAmI()).rejects.toMatchObject({ code: 'unauthorized', vendorCode });
});

test('groups and projects are listed with the role in them', async () => {
  const filled = await start();
  filled.gitlab.createGroup({ path: 'platform', parent: 'acme' });
  filled.gitlab.createGroup({ path: 'open', visibility: 'public' });
  filled.gitlab.addMember({ username: 'ana', group: 'acme/platform', role: 'owner' });
  filled.gitlab.createToken({ value: 'ana', user: 'ana', scopes: ['read_api'] });
  const seen = inspect(filled, 'ana');
  expect((await seen.listGroups()).map(({ path, accessLevel }) => [path, accessLevel])).toEqual([
    ['acme', 30],
    ['acme/platform', 50],
  ]);
  expect((await seen.listGroups('plat')).map(({ path }) => path)).toEqual(['acme/platform']);
  expect((await seen.listProjects()).map(({ path, accessLevel }) => [path, accessLevel])).toEqual([
    ['acme/payments', 30],
    ['acme/web', 30],
  ]);
  expect((await seen.listProjects('WEB')).map(({ path }) => path)).toEqual(['acme/web']);
});

test('all projects of a group are listed, however many, but for archived ones', async () => {
  const filled = await start();
  filled.gitlab.createGroup({ path: 'platform', parent: 'acme' });
  for (let index = 0; index < 230; index++) filled.gitlab.createProject({ group: 'acme/platform', path: `p${index}` });
  filled.gitlab.setProjectSettings({ project: 'acme/web', archived: true });
  const all = await inspect(filled).listProjectsOf(88);
  expect(all).toHaveLength(231);
  expect(all.map(({ path }) => path)).not.toContain('acme/web');
});

test('what is hidden is not found, and what moved is found under its new path', async () => {
  const filled = await start();
  filled.gitlab.renameProject({ project: 'acme/web', path: 'site' });
  const seen = inspect(filled);
  expect(await seen.findProject('acme/web')).toMatchObject({ id: 502, path: 'acme/site' });
  expect(await seen.findProject('acme/payments')).toMatchObject({ path: 'acme/payments', archived: false });
  expect(await seen.findProject('acme/nothing')).toBeNull();
  expect(await seen.findGroup('acme')).toMatchObject({ id: 88, path: 'acme' });
  expect(await inspect(filled, 'outsider').findGroup('acme')).toBeNull();
  expect(await inspect(filled, 'outsider').findProject('acme/web')).toBeNull();
});

test('labels of a group are those of everything below it', async () => {
  const filled = await start();
  filled.gitlab.createLabel({ project: 'acme/web', title: 'security::web' });
  const seen = inspect(filled);
  expect(await seen.listLabels(group)).toEqual([
    'security::high',
    'security::low',
    'security::web::high',
    'backend',
    'security::web',
  ]);
  expect(await seen.listLabels(payments, 'SECURITY')).toEqual([
    'security::high',
    'security::low',
    'security::web::high',
  ]);
});

test.each([
  ['premium', true],
  ['free', false],
] as const)('%s has approval rules: %s; with a merge request to look at, and without', async (tier, has) => {
  const filled = await start({ tier });
  const seen = inspect(filled);
  expect(await seen.hasApprovalRules(payments)).toBe(has);
  expect(await seen.hasApprovalRules({ kind: 'project', id: 502 })).toBe(has);
  expect(await seen.hasApprovalRules(group)).toBe(has);
  expect(await seen.mayReadSettings(501)).toBe(has);
});

test('whether approvals have times is seen of one that was given', async () => {
  for (const tier of ['premium', 'premium-old'] as const) {
    const filled = await start({ tier });
    const seen = inspect(filled);
    expect(await seen.showsApprovalTimes(group)).toBeNull();
    filled.gitlab.approve({ project: 'acme/payments', iid: 1, by: 'bo' });
    filled.gitlab.merge({ project: 'acme/payments', iid: 1, by: 'mira', anyway: true });
    expect(await seen.showsApprovalTimes(group)).toBe(tier === 'premium');
  }
});

test('members of a group are counted, and of a hidden one nothing is said', async () => {
  const filled = await start();
  expect(await inspect(filled).countMembers('acme')).toBe(5);
  expect(await inspect(filled, 'outsider').countMembers('acme')).toBeNull();
  const { user } = await inspect(filled, 'keeper').whoAmI();
  expect(await inspect(filled, 'keeper').levelInGroup(88, user?.id ?? 0)).toBe(50);
  expect(await inspect(filled).levelInGroup(88, 999)).toBeNull();
});

test('an outage is never a finding', async () => {
  const filled = await start();
  const seen = inspect(filled);
  const asked: (() => Promise<unknown>)[] = [
    () => seen.whoAmI(),
    () => seen.findProject('acme/web'),
    () => seen.levelInGroup(88, 11),
    () => seen.mayReadSettings(501),
    () => seen.countMembers('acme'),
  ];
  for (const ask of asked) {
    filled.faults.add({ vendor: 'gitlab', operation: '/', kind: 'error_503' });
    await expect(ask()).rejects.toMatchObject({ code: 'server_error' });
  }
  expect(filled.calls.filter(({ write }) => write)).toEqual([]);
});
