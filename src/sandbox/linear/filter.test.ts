import { isInputObjectType } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAsking, type Asking } from './asking.ts';
import { filterNames, type Kind } from './filter.ts';
import { createSchema } from './schema/schema.ts';

describe('filters and pages', () => {
  let sandbox: Asking;
  let time: number;

  beforeEach(async () => {
    time = Date.parse('2026-05-04T09:00:00Z');
    sandbox = await startAsking({ now: () => new Date(time) });
    const { linear } = sandbox;
    linear.createTeam({ key: 'SEC' });
    linear.createTeam({ key: 'OPS' });
    linear.createIssue({ team: 'SEC', title: 'Escape user names', labels: ['bug', 'web'] });
    time += 86_400_000;
    linear.createIssue({ team: 'SEC', title: 'Rotate keys', state: 'Done', description: 'Café' });
    linear.createIssue({ team: 'OPS', title: 'escape room', parent: 'SEC-1', labels: ['bug'] });
    linear.attach('OPS-1', { url: 'https://acme.example/1', title: 'Link' });
  });
  afterEach(() => sandbox.linear.close());

  async function found(filter: Readonly<Record<string, unknown>>): Promise<string[]> {
    const query =
      'query($f: IssueFilter) { issues(filter: $f, sort: [{ title: { order: Ascending } }]) { nodes { identifier } } }';
    const { data, errors } = await sandbox.ask(query, { f: filter });
    expect(errors).toEqual([]);
    return data.issues.nodes.map(({ identifier }: { identifier: string }) => identifier).toSorted();
  }

  it.each([
    [{ number: { eq: 2 } }, ['SEC-2']],
    [{ number: { gt: 1 } }, ['SEC-2']],
    [{ title: { contains: 'scape' } }, ['OPS-1', 'SEC-1']],
    [{ title: { startsWith: 'Escape' } }, ['SEC-1']],
    [{ title: { startsWithIgnoreCase: 'ESCAPE' } }, ['OPS-1', 'SEC-1']],
    [{ title: { eqIgnoreCase: 'ROTATE keys' } }, ['SEC-2']],
    [{ title: { in: ['Rotate keys', 'nothing'] } }, ['SEC-2']],
    [{ title: { nin: ['Rotate keys'] } }, ['OPS-1', 'SEC-1']],
    [{ title: { endsWith: 'keys', notContains: 'user' } }, ['SEC-2']],
    [{ description: { containsIgnoreCaseAndAccent: 'CAFE' } }, ['SEC-2']],
    [{ description: { null: true } }, ['OPS-1', 'SEC-1']],
    [{ completedAt: { null: false } }, ['SEC-2']],
    [{ createdAt: { lt: '2026-05-05T00:00:00Z' } }, ['SEC-1']],
    [{ createdAt: { gte: '-PT1H' } }, ['OPS-1', 'SEC-2']],
    [{ state: { type: { in: ['completed', 'canceled'] } } }, ['SEC-2']],
    [{ team: { key: { eq: 'OPS' } } }, ['OPS-1']],
    [{ labels: { name: { eq: 'web' } } }, ['SEC-1']],
    [{ labels: { some: { name: { eq: 'bug' } } } }, ['OPS-1', 'SEC-1']],
    [{ labels: { every: { name: { eq: 'bug' } }, length: { gt: 0 } } }, ['OPS-1']],
    [{ attachments: { url: { eq: 'https://acme.example/1' } } }, ['OPS-1']],
    [{ parent: { null: true } }, ['SEC-1', 'SEC-2']],
    [{ parent: { number: { eq: 1 } } }, ['OPS-1']],
    [{ children: { length: { eq: 1 } } }, ['SEC-1']],
    [{ assignee: { null: true } }, ['OPS-1', 'SEC-1', 'SEC-2']],
    [{ or: [{ number: { eq: 2 } }, { team: { key: { eq: 'OPS' } } }] }, ['OPS-1', 'SEC-2']],
    [{ team: { key: { eq: 'SEC' } }, or: [{ number: { eq: 2 } }, { number: { eq: 3 } }] }, ['SEC-2']],
    [{ and: [{ number: { eq: 1 } }, { title: { contains: 'user' } }] }, ['SEC-1']],
    [{ searchableContent: { contains: 'keys' } }, ['SEC-2']],
    [{}, ['OPS-1', 'SEC-1', 'SEC-2']],
  ])('%j', async (filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  it('take an identifier for an id only where the workspace does', async () => {
    const { linear } = sandbox;
    expect(await found({ id: { eq: linear.issue('SEC-2')?.id } })).toEqual(['SEC-2']);
    expect(await found({ id: { eq: 'SEC-2' } })).toEqual([]);
    linear.switches.filterTakesIdentifier = true;
    expect(await found({ id: { in: ['SEC-2'] } })).toEqual(['SEC-2']);
  });

  it.each([
    ['issue', 'IssueFilter'],
    ['team', 'TeamFilter'],
    ['state', 'WorkflowStateFilter'],
    ['label', 'IssueLabelFilter'],
    ['attachment', 'AttachmentFilter'],
    ['user', 'UserFilter'],
    ['comment', 'CommentFilter'],
  ] as const)('of kind %s know every name of %s', (kind: Kind, name) => {
    const type = createSchema().getType(name);
    const names = isInputObjectType(type) ? Object.keys(type.getFields()) : [];
    expect(filterNames(kind).toSorted()).toEqual(names.filter((each) => each !== 'and' && each !== 'or').toSorted());
  });

  it('give 50 at a time unless asked otherwise, at most 250, newest first', async () => {
    const { ask, linear } = sandbox;
    for (let number = 10; number < 70; number++) linear.createIssue({ team: 'SEC', number });
    const query = `query($first: Int, $after: String) {
      issues(first: $first, after: $after) { nodes { identifier } edges { cursor } pageInfo { hasNextPage endCursor } }
    }`;
    const page = (await ask(query)).data.issues;
    expect(page.nodes).toHaveLength(50);
    expect(page.nodes[0].identifier).toBe('SEC-69');
    expect(page.pageInfo).toEqual({ hasNextPage: true, endCursor: page.edges[49].cursor });
    const rest = (await ask(query, { after: page.pageInfo.endCursor })).data.issues;
    expect(rest.nodes).toHaveLength(13);
    expect(rest.pageInfo.hasNextPage).toBe(false);
    for (const first of [0, 251]) {
      expect((await ask(query, { first })).errors[0]?.extensions['code']).toBe('INVALID_INPUT');
    }
    expect((await ask(query, { after: 'nowhere' })).errors).toHaveLength(1);
    linear.switches.newestFirst = false;
    expect((await ask(query)).data.issues.nodes[0].identifier).toBe('SEC-1');
  });

  it('go backwards with last and before', async () => {
    const { ask } = sandbox;
    const query = `query($before: String) { issues(last: 1, before: $before) {
      nodes { identifier } pageInfo { startCursor hasPreviousPage }
    } }`;
    const oldest = (await ask(query)).data.issues;
    expect(oldest.nodes).toEqual([{ identifier: 'SEC-1' }]);
    const { data } = await ask(query, { before: oldest.pageInfo.startCursor });
    expect(data.issues.nodes).toEqual([{ identifier: 'SEC-2' }]);
  });
});
