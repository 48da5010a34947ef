import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createConfluence } from '../../connectors/confluence/client.ts';
import { leastScopes } from '../../sandbox/confluence/credentials.ts';
import type { FaultKind } from '../../sandbox/faults.ts';
import { found, headings, setUpConfluence, tableOf, title } from './fixtures/confluence-set-up.ts';

const world = setUpConfluence();
const { open, check, wrong, makePage, person, bearer } = world;
const flavours = ['cloud', 'data_center'] as const;

describe('a set-up that is as it should be', () => {
  test.each(flavours)('is fine in everything on %s, by title and by number', async (flavour) => {
    await open(flavour);
    const page = makePage(tableOf(headings, `<tr>${'<td>x</td>'.repeat(headings.length)}</tr>`));
    for (const target of [page, { space: 'SEC', title }]) {
      const checks = await check({ page: target });
      expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
      const ids = checks.map(({ id }) => id.replace('confluence.', ''));
      expect(ids).toEqual(expect.arrayContaining(['reachable', 'flavour', 'credential', 'page', 'permission']));
      expect(ids).toEqual(expect.arrayContaining(['table', 'size', 'clock']));
      expect(checks.find(({ id }) => id === 'confluence.credential')?.message).toContain('as Countersign');
      expect(checks.find(({ id }) => id === 'confluence.table')?.message).toContain('one row');
    }
  });

  test.each(flavours)('may leave the page to be made, on %s', async (flavour) => {
    await open(flavour);
    makePage('', 'current', 'Security merges 2025');
    const checks = await check();
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(checks.find(({ id }) => id === 'confluence.page')?.message).toContain('made with the first row');
  });

  test('may have a page without a table, and a page that the service itself made', async () => {
    await open();
    expect(await wrong({ page: makePage('<p>Hello</p>', 'current', 'Bare') })).toEqual([]);
    const auth = { kind: 'basic', email: world.fake.email, token: world.fake.apiToken } as const;
    const client = createConfluence({ url: world.fake.url, flavour: 'cloud', auth });
    await client.locatePage({ space: 'SEC', title }, { create: { introduction: ['Read only.'], headings } });
    world.calls.splice(0);
    expect(await wrong()).toEqual([]);
    expect(await check()).toContainEqual(expect.objectContaining({ message: expect.stringContaining('with 0 rows') }));
  });

  test('works behind the gateway with the least scopes', async () => {
    await open();
    world.fake.setScopes(leastScopes);
    const auth = person(world.fake.scopedToken);
    const checks = await check({ url: world.fake.gatewayUrl, auth, page: makePage() });
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(checks.map(({ id }) => id)).toContain('confluence.scopes');
  });
});

describe('the address', () => {
  test('that nothing answers at is named once, and nothing else is judged', async () => {
    await open();
    const { url } = world.fake;
    await world.fake.close();
    expect(await check({ url })).toEqual([found('reachable', 'fail', /cannot be reached/, /firewall/)]);
    await open();
  });

  test.each(['page', 'redirect'] as const)(
    'where a proxy asks to sign in (%s) is no Confluence',
    async (signInPage) => {
      await open('cloud', { signInPage });
      expect(await check()).toEqual([found('reachable', 'fail', /sign|signing/, /confluence\.url.*single sign-on/)]);
    },
  );

  test('of something else altogether is no Confluence', async () => {
    await open();
    const other = createServer((_request, response) => response.writeHead(404).end('<h1>nginx</h1>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const checks = await check({ url: `http://127.0.0.1:${port}/wiki` });
    expect(checks).toEqual([found('reachable', 'fail', /no API of Confluence/, /atlassian\.net\/wiki/)]);
  });

  test('of Cloud without /wiki works, and is to be written whole', async () => {
    await open();
    const url = world.fake.url.replace(/\/wiki$/, '');
    expect(await wrong({ url })).toEqual([found('reachable', 'warn', /lacks/, new RegExp(`${world.fake.url}$`))]);
  });

  test('of the gateway without a site is told before anything is asked', async () => {
    await open();
    const checks = await check({ url: 'https://api.atlassian.com/wiki' });
    expect(checks).toEqual([
      found('reachable', 'fail', /names no site/, /ex\/confluence\/\{cloudId\}\/wiki.*tenant_info/),
    ]);
    expect(world.calls).toEqual([]);
  });
});

describe('an outage', () => {
  test.each<[FaultKind, RegExp, RegExp]>([
    ['error_500', /500/, /Try again in a minute/],
    ['limit', /fewer requests/, /Try again in \d+ s/],
    ['commit_then_silence', /did not answer in time/, /Try again in a minute/],
  ])('(%s) is no diagnosis', async (kind, message, fix) => {
    const { faults } = await open();
    faults.add({ vendor: 'confluence', operation: 'LIST /spaces', kind, times: 1 });
    expect(await check()).toContainEqual(found('reachable', 'fail', message, fix));
  });

  test('while the page is read is told of the page, and the rest stands', async () => {
    const { faults } = await open();
    faults.add({ vendor: 'confluence', operation: 'GET /pages', kind: 'error_500', times: 1 });
    expect(await wrong({ page: makePage() })).toEqual([found('page', 'fail', /Nothing could be told/, /Try again/)]);
  });
});

describe('the credential', () => {
  test.each([401, 404] as const)('that Cloud does not accept, answering %s', async (unknownTokenAnswers) => {
    await open('cloud', { unknownTokenAnswers });
    const auth = person(world.fake.apiToken, 'someone@else.example');
    expect(await wrong({ auth })).toEqual([
      found(
        'credential',
        'fail',
        /pair of e-mail and API token/,
        new RegExp(`CONFLUENCE_EMAIL.*${world.fake.cloudId}`),
      ),
    ]);
  });

  test.each(flavours)('that reads as a visitor on %s', async (flavour) => {
    await open(flavour, { unknownTokenAnswers: 'anonymous' });
    world.fake.revokeToken();
    const name = flavour === 'cloud' ? /CONFLUENCE_API_TOKEN/ : /CONFLUENCE_TOKEN/;
    expect(await wrong()).toEqual([found('credential', 'fail', /visitor/, name)]);
  });

  test('that Data Center does not accept', async () => {
    await open('data_center');
    world.fake.revokeToken();
    expect(await wrong()).toEqual([
      found('credential', 'fail', /expired or was revoked/, /Personal access tokens.*CONFLUENCE_TOKEN/),
    ]);
  });

  test('with scopes works behind the gateway only, which the fix names', async () => {
    await open();
    const auth = person(world.fake.scopedToken);
    const gateway = `https://api.atlassian.com/ex/confluence/${world.fake.cloudId}/wiki`;
    expect(await wrong({ auth })).toEqual([found('credential', 'fail', /accept/, new RegExp(gateway))]);
  });

  test('without scopes does not work behind the gateway', async () => {
    await open();
    expect(await wrong({ url: world.fake.gatewayUrl })).toEqual([
      found(
        'credential',
        'fail',
        /without scopes/,
        /read:page:confluence, write:page:confluence and read:space:confluence/,
      ),
    ]);
  });

  test('of Data Center at a Cloud site is told as such, and the other way round', async () => {
    await open('cloud');
    expect(await check({ flavour: 'data_center', auth: bearer() })).toEqual([
      found(
        'flavour',
        'fail',
        /stands Confluence Cloud/,
        /CONFLUENCE_EMAIL and CONFLUENCE_API_TOKEN.*in place of CONFLUENCE_TOKEN/,
      ),
    ]);
    await world.fake.close();
    await open('data_center');
    expect(await check({ flavour: 'cloud', auth: person() })).toEqual([
      found('flavour', 'fail', /stands Confluence Data Center/, /CONFLUENCE_TOKEN.*personal access token/),
    ]);
  });
});

describe('a token with scopes', () => {
  const scoped = () => ({ url: world.fake.gatewayUrl, auth: person(world.fake.scopedToken) });

  test('that may not read spaces finds no page by its title, and one by its number', async () => {
    await open();
    world.fake.setScopes(['read:page:confluence', 'write:page:confluence']);
    expect(await wrong(scoped())).toEqual([found('scopes', 'fail', /lacks.*read:space/, /read:space:confluence/)]);
    const checks = await check({ ...scoped(), page: makePage() });
    expect(checks.find(({ id }) => id === 'confluence.page')?.status).toBe('ok');
  });

  test('that may not read pages', async () => {
    await open();
    world.fake.setScopes(['read:space:confluence', 'write:page:confluence']);
    const page = makePage();
    const checks = await check({ ...scoped(), page });
    expect(checks).toContainEqual(found('scopes', 'fail', /lacks the scope read:page/, /read:page:confluence/));
  });
});

describe('the page', () => {
  test.each(flavours)('in a space that is absent, on %s, is told with the spaces that are there', async (flavour) => {
    await open(flavour);
    world.fake.createSpace({ key: 'ENG', name: 'Engineering' });
    expect(await wrong({ page: { space: 'SECC', title } })).toEqual([
      found('space', 'fail', /SECC is absent or hidden.*SEC, ENG/, /confluence\.space/),
    ]);
  });

  test.each(flavours)('whose space or title is written with other capitals, on %s', async (flavour) => {
    await open(flavour);
    makePage();
    expect(await wrong({ page: { space: 'sec', title } })).toEqual([
      found('space', 'fail', /written SEC/, /confluence\.space to SEC$/),
    ]);
    expect(await wrong({ page: { space: 'SEC', title: 'security merges' } })).toEqual([
      found('page', 'fail', /written "Security merges"/, /letter for letter/),
    ]);
  });

  test.each(flavours)('of a number that is absent or hidden, on %s', async (flavour) => {
    await open(flavour);
    const page = makePage();
    world.fake.restrict(page.pageId, 'view');
    const absent = found('page', 'fail', /absent or hidden/, /confluence\.page_id.*restrictions/);
    expect(await wrong({ page })).toEqual([absent]);
    expect(await wrong({ page: { pageId: '4711' } })).toEqual([absent]);
  });

  test.each(flavours)(
    'that is archived or in the trash, on %s, is not taken for one that takes rows',
    async (flavour) => {
      await open(flavour);
      const page = makePage(tableOf(headings));
      world.fake.archive(page.pageId);
      expect(await wrong({ page })).toEqual([found('page', 'fail', /is archived/, /Archived pages/)]);
      expect(await wrong()).toEqual([found('page', 'fail', /taken by an archived page/, /confluence\.title/)]);
      world.fake.trash(page.pageId);
      expect(await wrong({ page })).toEqual([found('page', 'fail', /in the trash/, /Restore it/)]);
      expect(await wrong()).toEqual([found('page', 'warn', /in the trash, with the rows/, /Restore it/)]);
    },
  );

  test('that shows itself in the trash only to who asks, and one that is a draft', async () => {
    await open('cloud', { trashedNeedsStatus: true });
    const page = makePage();
    world.fake.trash(page.pageId);
    expect(await wrong({ page })).toEqual([found('page', 'fail', /in the trash/, /Restore it/)]);
    const draft = makePage('', 'draft', 'Another');
    expect(await wrong({ page: draft })).toEqual([found('page', 'fail', /draft/, /Publish it/)]);
  });

  test.each(flavours)('that was renamed, on %s, is likely meant', async (flavour) => {
    await open(flavour);
    const { pageId } = makePage('', 'current', 'Security merges (audit)');
    expect(await wrong()).toEqual([found('page', 'warn', /renamed/, new RegExp(`page_id to "${pageId}"`))]);
  });

  test.each(flavours)('that the account may not edit, on %s', async (flavour) => {
    await open(flavour);
    const page = makePage();
    world.fake.restrict(page.pageId, 'edit');
    expect(await wrong({ page })).toEqual([found('permission', 'fail', /not edit/, /Restrictions/)]);
  });

  test('that cannot be made, since the space takes no pages from the account', async () => {
    await open();
    world.fake.closeSpace('SEC');
    expect(await wrong()).toEqual([found('permission', 'fail', /may not add pages/, /Permissions/)]);
  });
});

test('clocks that differ by minutes are told, whichever is ahead', async () => {
  await open();
  const shifted = (seconds: number) => ({ now: () => new Date(Date.now() + seconds * 1000) });
  expect(await wrong(shifted(30))).toEqual([]);
  expect(await wrong(shifted(400))).toEqual([found('clock', 'warn', /(399|400) s ahead/, /set-ntp/)]);
  expect(await wrong(shifted(-400))).toEqual([found('clock', 'warn', /(400|401) s behind/, /set-ntp/)]);
});

test('hostile titles and keys are made readable', async () => {
  await open();
  const page = { pageId: world.fake.createPage({ space: 'SEC', title: 'a\u202eb\u0007c', body: '' }).id };
  const messages = (await check({ page })).map(({ message }) => message).join('\n');
  expect(messages).toContain('"abc"');
  expect(messages).not.toMatch(/[\u202e\u0007]/);
});
