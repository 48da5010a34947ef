import { afterEach, describe, expect, test } from 'vitest';
import { startConfluence, type FakeConfluence } from '../../sandbox/confluence/confluence.ts';
import { leastScopes } from '../../sandbox/confluence/credentials.ts';
import { createFaults } from '../../sandbox/faults.ts';
import type { Call } from '../../sandbox/http.ts';
import { sampleRow } from './fixtures/rows.ts';
import { createConfluenceInspector } from './inspect.ts';

let fake: FakeConfluence;
afterEach(() => fake.close());

async function setUp(flavour: 'cloud' | 'data_center') {
  const calls: Call[] = [];
  fake = await startConfluence({ faults: createFaults(), calls, flavour });
  fake.createSpace({ key: 'SEC', name: 'Security' });
  const auth =
    flavour === 'cloud'
      ? ({ kind: 'basic', email: fake.email, token: fake.apiToken } as const)
      : ({ kind: 'bearer', token: fake.personalAccessToken } as const);
  return { calls, inspector: createConfluenceInspector({ url: fake.url, flavour, auth }) };
}

describe.each(['cloud', 'data_center'] as const)('on %s', (flavour) => {
  test('says who we are, and which Confluence it is', async () => {
    const { inspector } = await setUp(flavour);
    expect(await inspector.whoAmI()).toEqual({ kind: 'known', id: 'acc-countersign', name: 'Countersign' });
    const cloudId = flavour === 'cloud' ? fake.cloudId : null;
    expect(await inspector.identify()).toEqual({ flavour, cloudId });
    expect(inspector.clockAheadSeconds()).toBeCloseTo(0, -1);
  });

  test('offers spaces by a part of key or name, past the first part of the list', async () => {
    const { inspector } = await setUp(flavour);
    for (let number = 0; number < 260; number++) fake.createSpace({ key: `T${number}`, name: `Team ${number}` });
    fake.createSpace({ key: 'AUDIT', name: 'Evidence' });
    expect(await inspector.listSpaces('evid')).toEqual([{ key: 'AUDIT', name: 'Evidence' }]);
    expect(await inspector.listSpaces('aud')).toEqual([{ key: 'AUDIT', name: 'Evidence' }]);
    expect(await inspector.listSpaces('', 3)).toHaveLength(3);
  });

  test('offers current pages by a part of their title, with addresses for people', async () => {
    const { inspector } = await setUp(flavour);
    const early = fake.createPage({ space: 'SEC', title: 'Early Merges', body: '' });
    for (let number = 0; number < 260; number++) {
      fake.createPage({ space: 'SEC', title: `Note ${number}`, body: '' });
    }
    const late = fake.createPage({ space: 'SEC', title: 'Late Merges', body: '' });
    fake.archive(fake.createPage({ space: 'SEC', title: 'Old merges', body: '' }).id);
    const pages = await inspector.findPages('SEC', 'merges');
    expect(pages.map(({ id }) => id).toSorted()).toEqual([early.id, late.id]);
    for (const { id, status, url } of pages) {
      expect(status).toBe('current');
      expect(url).toContain(`${fake.url}/`);
      expect(url).toContain(id);
    }
  });

  test('describes a page: where it is, what it may take, and whether it may be edited', async () => {
    const { inspector, calls } = await setUp(flavour);
    const { id } = await inspector.createAuditPage('SEC', 'Audit', { headings: ['Merge request', 'Labels', 'Record'] });
    expect(await inspector.createAuditPage('SEC', 'Audit')).toMatchObject({ id, created: false });
    calls.splice(0);
    expect(await inspector.describePage(id, sampleRow(1))).toMatchObject({
      title: 'Audit',
      status: 'current',
      version: 1,
      space: { key: 'SEC', name: 'Security' },
      mayEdit: true,
      full: false,
      table: { kind: 'usable', rows: 0, lacking: ['Reviewers', 'Merged', 'Issue'], lacksRecord: false },
    });
    fake.restrict(id, 'edit');
    expect(await inspector.describePage(id, sampleRow(1))).toMatchObject({ mayEdit: false });
    expect(calls.filter(({ write }) => write)).toEqual([]);
  });
});

test('a token with scopes looks around behind the gateway, past the first part of a list', async () => {
  await setUp('cloud');
  fake.setScopes(leastScopes);
  for (let number = 0; number < 251; number++) fake.createSpace({ key: `T${number}` });
  const auth = { kind: 'basic', email: fake.email, token: fake.scopedToken } as const;
  const inspector = createConfluenceInspector({ url: fake.gatewayUrl, flavour: 'cloud', auth });
  expect(await inspector.listSpaces('T250')).toHaveLength(1);
  expect(await inspector.identify()).toEqual({ flavour: 'cloud', cloudId: fake.cloudId });
  await expect(inspector.whoAmI()).rejects.toMatchObject({ code: 'unauthorized', vendorCode: 'scope_missing' });
});
