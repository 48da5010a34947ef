import { describe, expect, test } from 'vitest';
import { running } from './testing/running.ts';

const named = (operations: readonly { operation: string; targetType: string }[]): string[] =>
  operations.map(({ operation, targetType }) => `${operation} ${targetType}`);

describe('what the user may do', () => {
  test('is listed for a page and a space on Cloud, and holds', async () => {
    const { fake, ask } = await running();
    const { id } = fake.createPage({ space: 'SEC', title: 'Audit', body: '' });
    const onPage = async () => named((await ask('GET', `/api/v2/pages/${id}/operations`)).json.operations);
    expect(await onPage()).toContain('update page');
    fake.restrict(id, 'edit');
    expect(await onPage()).toEqual(['read page']);
    fake.restrict(id, 'view');
    expect((await ask('GET', `/api/v2/pages/${id}/operations`)).status).toBe(404);

    const [space] = (await ask('GET', '/api/v2/spaces?keys=SEC')).json.results;
    const inSpace = async () => named((await ask('GET', `/api/v2/spaces/${space.id}/operations`)).json.operations);
    expect(await inSpace()).toContain('create page');
    fake.closeSpace('SEC');
    expect(await inSpace()).toEqual(['read space']);
    expect((await ask('POST', '/api/v2/pages', { spaceId: space.id, title: 'New' })).status).toBe(404);
    await fake.close();
  });

  test('is shown of a page on Data Center where it is expanded, and holds', async () => {
    const { fake, ask } = await running({ flavour: 'data_center' });
    const { id } = fake.createPage({ space: 'SEC', title: 'Audit', body: '' });
    const read = async () => (await ask('GET', `/rest/api/content/${id}?expand=operations`)).json.operations;
    expect((await ask('GET', `/rest/api/content/${id}`)).json.operations).toBeUndefined();
    expect(named(await read())).toContain('update page');
    fake.restrict(id, 'edit');
    expect(named(await read())).toEqual(['read page']);
    fake.closeSpace('SEC');
    const made = {
      type: 'page',
      title: 'New',
      space: { key: 'SEC' },
      body: { storage: { value: '', representation: 'storage' } },
    };
    expect((await ask('POST', '/rest/api/content', made)).status).toBe(403);
    expect((await ask('GET', '/rest/api/space?spaceKey=SEC')).json.results).toMatchObject([
      { key: 'SEC', name: 'Security' },
    ]);
    expect((await ask('GET', '/status')).json).toEqual({ state: 'RUNNING' });
    await fake.close();
  });
});

test.each(['cloud', 'data_center'] as const)(
  'a visitor of %s sees that there is nothing, and changes nothing',
  async (flavour) => {
    const { fake, ask } = await running({ flavour, switches: { unknownTokenAnswers: 'anonymous' } });
    const { id } = fake.createPage({ space: 'SEC', title: 'Audit', body: '' });
    const [spaces, page] =
      flavour === 'cloud' ? ['/api/v2/spaces', `/api/v2/pages/${id}`] : ['/rest/api/space', `/rest/api/content/${id}`];
    expect((await ask('GET', spaces)).json.results).toHaveLength(1);
    fake.revokeToken();
    expect((await ask('GET', '/rest/api/user/current')).json.type).toBe('anonymous');
    expect((await ask('GET', spaces)).json.results).toEqual([]);
    expect((await ask('GET', page)).status).toBe(404);
    expect((await ask('PUT', page, {})).status).toBe(404);
    await fake.close();
  },
);

test('a proxy for single sign-on answers before Confluence does', async () => {
  const { fake, ask } = await running({ switches: { signInPage: 'page' } });
  const answer = await ask('GET', '/api/v2/spaces');
  expect([answer.status, answer.headers.get('content-type'), answer.json]).toEqual([200, 'text/html', undefined]);
  await fake.close();
});
