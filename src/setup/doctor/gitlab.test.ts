import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FaultKind } from '../../sandbox/faults.ts';
import { signingToken, type FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { address, check, found, start, wrong } from './fixtures/gitlab-set-up.ts';
import { gitlabChecks } from './gitlab.ts';

const nothingNamed = { overrides: [], pods: { groups: [], reviewers: [] } };

describe('a set-up that is as it should be', () => {
  test('is fine in everything that is looked at', async () => {
    const checks = await check(await start());
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(checks.map(({ id }) => id).toSorted()).toEqual(Object.keys(gitlabChecks).toSorted());
    expect(checks.every(({ fix }) => fix === null)).toBe(true);
  });

  test('may have a hook of the project beside that of the group, and its hook on a group above', async () => {
    const world = await start();
    world.gitlab.createHook({ project: 'acme/payments', url: address, signingToken });
    const named = nothingNamed;
    expect(await wrong(world, { groups: [], named })).toEqual([]);
    expect(await wrong(world, { groups: [], projects: ['acme/web'], named })).toEqual([]);
  });

  test('may have the wider scope, no expiry, and no group of reviewers', async () => {
    const checks = await check(await start(), { as: 'keeper', securityReviewersGroup: null });
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(checks.find(({ id }) => id === 'gitlab.scopes')?.message).toContain('read_api is enough');
    expect(checks.map(({ id }) => id)).not.toContain('gitlab.security_reviewers');
  });
});

describe('the address', () => {
  test('that nothing answers at is named once, and nothing else is judged', async () => {
    const world = await start();
    const { url } = world.gitlab;
    await world.gitlab.close();
    expect(await check(world, { url })).toEqual([
      found('reachable', 'fail', /cannot be reached/, /gitlab\.url.*firewall/),
    ]);
  });

  test.each([
    ['a page', 200, { 'content-type': 'text/html' }, /gitlab\.url.*sign in/],
    ['a redirect', 302, { location: 'https://sign-in.example' }, /gitlab\.url/],
    ['another site', 404, {}, /gitlab\.url.*path prefix/],
  ] as const)('that answers with %s is not the API', async (_what, status, headers, fix) => {
    const server = createServer((_incoming, outgoing) => outgoing.writeHead(status, headers).end('<html></html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await check(await start(), { url })).toEqual([found('reachable', 'fail', /not/, fix)]);
  });

  test.each<FaultKind>(['error_503', 'limit', 'reset'])('is not blamed for an outage: %s', async (kind) => {
    const world = await start();
    world.faults.add({ vendor: 'gitlab', operation: 'GET /', kind, times: 50 });
    expect(await check(world)).toEqual([found('reachable', 'fail', /could be told/, /^Try again in/)]);
  });

  test.each(['/labels', '/hooks', '/merge_requests', '/groups/:id$', '/members'])(
    'is not blamed for an outage halfway, nor is anything else: %s',
    async (operation) => {
      const world = await start();
      world.faults.add({ vendor: 'gitlab', operation, kind: 'error_503', times: 50 });
      expect(await wrong(world)).toEqual([found('reachable', 'fail', /503.*Not everything/, /^Try again/)]);
    },
  );
});

describe('the token', () => {
  test.each([
    ['has expired', 'owner', ({ gitlab }: FilledGitLab) => gitlab.expireToken({ value: 'owner' })],
    ['was revoked', 'owner', ({ gitlab }: FilledGitLab) => gitlab.revokeToken({ value: 'owner' })],
    ['is unknown', 'glpat-strange', () => {}],
  ] as const)('%s', async (why, as, spoil) => {
    const world = await start();
    spoil(world);
    const checks = await check(world, { as });
    expect(checks).toEqual([
      { id: 'gitlab.reachable', status: 'ok', message: expect.any(String), fix: null },
      found('token', 'fail', new RegExp(why), /Reporter.*read_api.*GITLAB_TOKEN/),
    ]);
    expect(JSON.stringify(checks)).not.toContain(as);
  });

  test('belongs to somebody who is blocked', async () => {
    const world = await start();
    world.gitlab.setUserState({ username: 'mira', state: 'blocked' });
    expect(await wrong(world)).toEqual([found('token', 'fail', /403.*blocked/, /unblock/)]);
  });

  test.each([
    [10, 'warn'],
    [29, 'warn'],
    [45, 'ok'],
  ] as const)('expires in %i days: %s', async (days, status) => {
    const world = await start();
    const expiresAt = new Date(Date.now() + days * 24 * 3600 * 1000).toISOString();
    world.gitlab.createToken({ value: 'soon', user: 'mira', scopes: ['read_api'], expiresAt });
    const told = (await check(world, { as: 'soon' })).find(({ id }) => id === 'gitlab.token');
    expect(told).toMatchObject({ status, message: expect.stringContaining(expiresAt.slice(0, 10)) });
    expect(told?.fix?.includes('Rotate') ?? false).toBe(status === 'warn');
  });

  test('may not read, which is said once', async () => {
    const world = await start();
    world.gitlab.createToken({ value: 'small', user: 'mira', scopes: ['read_user', 'read_repository'] });
    expect(await wrong(world, { as: 'small' })).toEqual([
      found('scopes', 'fail', /read_user and read_repository, and not read_api/, /scope read_api/),
    ]);
  });

  test('belongs to a clock that is not ours: above a minute it costs order, above five it costs every event', async () => {
    const world = await start();
    const ahead = (ms: number) => () => new Date(Date.now() + ms);
    expect(await wrong(world, { now: ahead(120_000) })).toEqual([found('clock', 'warn', /ahead of/, /time server/)]);
    const behind = { now: ahead(-600_000) };
    expect(await wrong(world, behind)).toEqual([found('clock', 'fail', /behind.*refused/, /time server/)]);
  });
});

describe('the server', () => {
  test('is too old to sign, and a signing token is set all the same', async () => {
    const world = await start({ version: '18.11.0-ee' });
    expect(await wrong(world)).toEqual([
      found('version', 'warn', /18\.11\.0-ee.*unsigned/, /19\.0/),
      found('hook', 'fail', /cannot sign.*GITLAB_SIGNING_TOKEN is set/, /GITLAB_SIGNING_TOKEN out of \.env/),
    ]);
    const webhook = { signing: false, token: true };
    expect(await wrong(world, { webhook })).toMatchObject([{ id: 'gitlab.version', status: 'warn' }]);
  });

  test('does not say when approvals were given', async () => {
    const world = await start({ tier: 'premium-old', version: '17.3.0-ee' });
    const webhook = { signing: false, token: true };
    expect(await wrong(world, { webhook })).toEqual([
      found('version', 'warn', /without an id/, /19\.0/),
      found('approved_at', 'warn', /system notes/, /18\.6/),
    ]);
    const flagged = await start({ switches: { approvedAtShown: false } });
    expect(await wrong(flagged)).toMatchObject([{ id: 'gitlab.approved_at', status: 'warn' }]);
  });

  test('is Free, and not every project of the group has its hook', async () => {
    const world = await start({ tier: 'free' });
    world.gitlab.createHook({ project: 'acme/payments', url: address, signingToken });
    const tier = found('tier', 'warn', /Free.*hook of its own/, /countersign enable/);
    expect(await wrong(world)).toEqual([tier, found('hook', 'fail', /^acme\/web has no hook/, /countersign enable/)]);
    world.gitlab.createHook({ project: 'acme/web', url: address, signingToken });
    expect(await wrong(world)).toEqual([tier]);
  });
});

describe('the groups and projects', () => {
  test('are not named at all', async () => {
    expect(await wrong(await start(), { groups: [], projects: [] })).toEqual([
      found('groups', 'warn', /every project counts/, /gitlab\.groups/),
    ]);
  });

  test('are hidden or misspelt, and what is near is named', async () => {
    const world = await start();
    expect(await wrong(world, { groups: ['acme', 'acne'], projects: ['acme/payment', 'acmecorp/web'] })).toEqual([
      found('groups', 'fail', /group acne cannot be seen.*There is acme\./, /gitlab\.groups.*mira.*Reporter/),
      found('projects', 'fail', /acme\/payment cannot be seen.*There is acme\/payments/, /gitlab\.projects/),
      found('projects', 'fail', /acmecorp\/web cannot be seen.*There is acme\/web/, /gitlab\.projects/),
    ]);
  });

  test('were renamed: their events come under another path', async () => {
    const world = await start();
    world.gitlab.renameProject({ project: 'acme/payments', path: 'money' });
    expect(await wrong(world)).toEqual([
      found('projects', 'fail', /acme\/payments is acme\/money now/, /Write acme\/money in place of acme\/payments/),
    ]);
  });

  test('are written in another case, which GitLab does not mind', async () => {
    const world = await start();
    world.gitlab.renameProject({ project: 'acme/payments', path: 'Payments' });
    expect(await wrong(world)).toEqual([]);
  });

  test('are archived', async () => {
    const world = await start();
    world.gitlab.setProjectSettings({ project: 'acme/payments', archived: true });
    expect(await wrong(world)).toEqual([found('projects', 'warn', /archived/, /gitlab\.projects.*unarchive/)]);
  });

  test('show no merge requests to a guest', async () => {
    const world = await start();
    world.gitlab.createUser({ username: 'gus', memberOf: [{ group: 'acme', role: 'guest' }] });
    world.gitlab.createToken({ value: 'guest', user: 'gus', scopes: ['read_api'] });
    expect(await wrong(world, { as: 'guest' })).toEqual([
      found('merge_requests', 'fail', /gus is below Reporter in acme:/, /Add gus to acme as Reporter/),
      found('merge_requests', 'fail', /gus is below Reporter in acme\/payments:/, /Reporter/),
    ]);
  });

  test('are open to somebody who is no member: private projects and settings stay hidden', async () => {
    const world = await start();
    world.gitlab.createGroup({ path: 'open', visibility: 'public' });
    world.gitlab.createProject({ group: 'open', path: 'tool', visibility: 'public' });
    world.gitlab.createLabel({ group: 'open', title: 'security::high' });
    const checks = await wrong(world, {
      as: 'outsider',
      groups: ['open'],
      projects: ['open/tool'],
      securityReviewersGroup: null,
      named: nothingNamed,
    });
    expect(checks).toEqual([
      found('merge_requests', 'warn', /eve is no member of open/, /Reporter/),
      found('hook', 'warn', /open and open\/tool cannot all be looked at/, /Owner/),
    ]);
  });

  test('keep their approval settings to higher roles', async () => {
    const world = await start();
    world.gitlab.setProjectSettings({ project: 'acme/payments', visibility: 'internal' });
    world.faults.add({ vendor: 'gitlab', operation: 'GET /api/v4/projects/:id/approvals', kind: 'refuse', times: 9 });
    expect(await wrong(world)).toEqual([
      found('approval_settings', 'warn', /acme and acme\/payments.*undetermined/, /Maintainer/),
    ]);
  });
});

describe('the labels', () => {
  test.each([
    ['Security::high', /"Security::high"/],
    ['security:high', /"security:high"/],
    ['security - high', /"security - high"/],
    ['security', /"security"/],
  ])('match but for case or signs: %s', async (title, named) => {
    const world = await start();
    for (const label of ['security::high', 'security::low', 'security::web::high']) {
      world.gitlab.deleteLabel({ group: 'acme', title: label });
    }
    world.gitlab.createLabel({ project: 'acme/web', title });
    const [only, ...more] = await wrong(world);
    expect(more).toEqual([]);
    expect(only).toEqual(found('labels', 'fail', /nothing would be recorded/, /filter\.labels.*rename/));
    expect(only?.message).toMatch(named);
  });

  test('match nothing, or not all that is asked for', async () => {
    const world = await start();
    expect(await wrong(world, { labels: ['compliance::*'] })).toEqual([
      found('labels', 'fail', /"compliance::\*": nothing would be recorded/, /Create the labels.*filter\.labels/),
    ]);
    expect(await wrong(world, { labels: ['security::*', 'compliance::*'] })).toEqual([
      found('labels', 'warn', /"compliance::\*"/, /Create the labels/),
    ]);
  });
});

describe('what else is named', () => {
  const nobody = { groups: [], reviewers: [] };

  test('is a project that is not there, has moved, or is not watched', async () => {
    const world = await start();
    expect(await wrong(world, { named: { overrides: ['acme/paymnts'], pods: nobody } })).toEqual([
      found('overrides', 'warn', /acme\/paymnts cannot be seen.*no effect/, /Correct the path under projects/),
    ]);
    world.gitlab.renameProject({ project: 'acme/web', path: 'site' });
    expect(await wrong(world, { named: { overrides: ['acme/web'], pods: nobody } })).toEqual([
      found('overrides', 'warn', /acme\/web is called acme\/site now/, /Write acme\/site/),
    ]);
    expect(
      await wrong(world, {
        groups: [],
        projects: ['acme/payments'],
        named: { overrides: ['acme/site'], pods: nobody },
      }),
    ).toContainEqual(found('overrides', 'warn', /acme\/site is not watched/, /gitlab\.projects/));
  });

  test('is a group or a person that pods would never find', async () => {
    const pods = { groups: ['acme/no-such'], reviewers: ['nobody-here', 'mira'] };
    expect(await wrong(await start(), { named: { overrides: [], pods } })).toEqual([
      found('pods', 'warn', /acme\/no-such cannot be seen/, /slack\.pods/),
      found('pods', 'warn', /nobody called @nobody-here/, /user names/),
    ]);
  });
});

describe('the security reviewers', () => {
  test('are a group that is hidden, or that nobody is in', async () => {
    const world = await start();
    expect(await wrong(world, { securityReviewersGroup: 'acme/sec' })).toEqual([
      found('security_reviewers', 'fail', /acme\/sec.*undetermined/, /policy\.security_reviewers\.group/),
    ]);
    world.gitlab.removeMember({ username: 'bo', group: 'acme/security' });
    expect(await wrong(world)).toEqual([
      found('security_reviewers', 'fail', /Nobody is in/, /Add the reviewers to acme\/security directly/),
    ]);
  });
});

test('foreign names are shown without what could play tricks', async () => {
  const world = await start();
  world.gitlab.createLabel({ group: 'acme', title: 'compliance\u202e: \u0007high' });
  const text = JSON.stringify(await check(world, { labels: ['compliance:*'] }));
  expect(text).toContain('compliance: high');
  expect(text).not.toMatch(/\\u202e|\\u0007|\u202e/);
});
