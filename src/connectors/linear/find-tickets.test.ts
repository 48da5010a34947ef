import { expect, test } from 'vitest';
import type { TicketFinding } from '../../domain/evidence.ts';
import { createLinear, type TicketQuery } from './client.ts';
import { linearError } from './fixtures/server.ts';
import { Workspace } from './fixtures/workspace.ts';

const url = 'https://gitlab.example/acme/payments/-/merge_requests/7';

function query(more: Partial<TicketQuery> = {}): TicketQuery {
  return { mergeRequestUrl: url, sourceBranch: 'main-fix', title: 'Rotate keys', description: '', ...more };
}

function link(to: string) {
  return { url: to, title: 'MR', metadata: {} };
}

/** Runs the queries as one call, and says how many requests that took. */
async function find(workspace: Workspace, ...queries: TicketQuery[]) {
  await using server = await workspace.start();
  const linear = createLinear({ url: server.url, auth: { kind: 'api_key', key: 'k' }, auditedLabel: 'audited' });
  return { findings: await linear.findTickets(queries), requests: server.asked.length };
}

async function findOne(workspace: Workspace, more: Partial<TicketQuery> = {}) {
  const { findings, requests } = await find(workspace, query(more));
  return { ...short(findings[0]), requests };
}

function short(finding: TicketFinding | undefined) {
  if (finding?.kind === 'found') return { kind: finding.kind, how: finding.how, issue: finding.issue.identifier };
  return { ...finding };
}

test('an issue that carries the merge request as an attachment comes before everything else', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1', { links: [link(url)] });
  workspace.issue('SEC-2', { branchName: 'sec-2' });
  workspace.issue('SEC-3');
  const found = await findOne(workspace, { sourceBranch: 'sec-2', description: 'Fixes SEC-3' });
  expect(found).toEqual({ kind: 'found', how: 'attachment', issue: 'SEC-1', requests: 1 });
});

test('a found issue is told with its state, labels and dates', async () => {
  const workspace = new Workspace();
  const label = workspace.label('bug');
  workspace.issue('SEC-1', { links: [link(url)], labelIds: [label.id] });
  const { findings } = await find(workspace, query());
  expect(findings).toEqual([
    {
      kind: 'found',
      how: 'attachment',
      issue: {
        id: 'id-SEC-1',
        identifier: 'SEC-1',
        url: 'https://linear.app/acme/issue/SEC-1/slug',
        title: 'About SEC-1',
        createdAt: '2026-09-01T10:00:00.000Z',
        state: { name: 'In Progress', type: 'started' },
        labels: ['bug'],
      },
    },
  ]);
});

test.each([
  ['with a slash at the end', `${url}/`],
  ['in the form without a dash', 'https://gitlab.example/acme/payments/merge_requests/7'],
])('an attachment is found %s', async (_form, attached) => {
  const workspace = new Workspace();
  workspace.issue('SEC-1', { links: [link(attached)] });
  expect(await findOne(workspace)).toMatchObject({ how: 'attachment', issue: 'SEC-1' });
  expect(await findOne(workspace, { mergeRequestUrl: `${url}/` })).toMatchObject({ how: 'attachment' });
});

test('an attachment of another merge request is not taken for this one', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1', { links: [link(`${url}0`), link(`${url}/diffs`)] });
  expect(await findOne(workspace)).toEqual({ kind: 'none', requests: 1 });
});

test('two issues that share the merge request are several, and none is guessed', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1', { links: [link(url)] });
  workspace.issue('SEC-2', { links: [link(url)] });
  expect(await findOne(workspace, { sourceBranch: 'sec-1' })).toMatchObject({
    kind: 'several',
    identifiers: ['SEC-1', 'SEC-2'],
  });
});

test('one issue that carries the merge request twice is one', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1', { links: [link(url), link(`${url}/`)] });
  expect(await findOne(workspace)).toMatchObject({ kind: 'found', issue: 'SEC-1' });
});

test("the branch is asked of Linear first, and read for identifiers if Linear doesn't know it", async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1', { branchName: 'rotate' });
  workspace.issue('SEC-2');
  expect(await findOne(workspace, { sourceBranch: 'rotate' })).toMatchObject({ how: 'branch', issue: 'SEC-1' });
  const named = { sourceBranch: 'mlund/sec-2-utf-8-fix' };
  expect(await findOne(workspace, named)).toEqual({ kind: 'found', how: 'branch', issue: 'SEC-2', requests: 1 });
});

test.each([
  ['a closing word', { description: 'Fixes SEC-1' }, 'magic_word'],
  ['a linking word', { description: 'Part of SEC-1.' }, 'magic_word'],
  ['the title', { title: 'SEC-1: rotate' }, 'magic_word'],
  ['a closing word before a link', { description: 'Closes https://linear.app/acme/issue/SEC-1' }, 'magic_word'],
  ['a link', { description: 'https://linear.app/acme/issue/SEC-1/x' }, 'issue_url'],
  ['a link by an old name of the workspace', { description: 'https://linear.app/Acme-Old/issue/sec-1' }, 'issue_url'],
])('finds the issue by %s', async (_what, more, how) => {
  const workspace = new Workspace();
  workspace.issue('SEC-1');
  expect(await findOne(workspace, more)).toEqual({ kind: 'found', how, issue: 'SEC-1', requests: 1 });
});

test.each([
  ['a bare identifier in the description', { description: 'like SEC-1' }],
  ['a link to another workspace', { description: 'Fixes https://linear.app/other/issue/SEC-1' }],
  ['"skip" for the identifier of the branch', { sourceBranch: 'sec-1-x', description: 'skip SEC-1' }],
  ['"ignore" for the branch that Linear knows', { sourceBranch: 'someone/sec-1-about', description: 'ignore SEC-1' }],
])('finds none by %s', async (_what, more) => {
  const workspace = new Workspace();
  workspace.issue('SEC-1');
  expect(await findOne(workspace, more)).toEqual({ kind: 'none', requests: 1 });
});

test('several issues after one word are several', async () => {
  const workspace = new Workspace();
  for (const name of ['SEC-1', 'SEC-2', 'SEC-3']) workspace.issue(name);
  expect(await findOne(workspace, { description: 'Fixes SEC-1, SEC-2 and SEC-3' })).toMatchObject({
    kind: 'several',
    identifiers: ['SEC-1', 'SEC-2', 'SEC-3'],
  });
});

test('what the author closes comes before what the author only mentions', async () => {
  const workspace = new Workspace();
  for (const name of ['SEC-1', 'SEC-2']) workspace.issue(name);
  expect(await findOne(workspace, { description: 'Relates to SEC-2\nFixes SEC-1' })).toMatchObject({ issue: 'SEC-1' });
});

test('what looks like an identifier but belongs to no team is none, and costs no request', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1');
  const text = { title: 'UTF-8 and SHA-256 for CVE-2026', description: 'Fixes ISO-9001, SEC-1' };
  expect(await findOne(workspace, text)).toEqual({ kind: 'found', how: 'magic_word', issue: 'SEC-1', requests: 1 });
});

test('an issue that moved to another team is found by its old identifier', async () => {
  const workspace = new Workspace();
  workspace.team('OLD');
  workspace.issue('SEC-40', { previousIdentifiers: ['OLD-5'] });
  expect(await findOne(workspace, { sourceBranch: 'old-5-x' })).toEqual({
    kind: 'found',
    how: 'branch',
    issue: 'SEC-40',
    requests: 2,
  });
});

test('an answer for another identifier than asked for is not believed', async () => {
  const workspace = new Workspace();
  workspace.team('OLD');
  workspace.issue('SEC-40', { previousIdentifiers: ['OLD-5'] });
  workspace.before = (name) =>
    name === 'issue'
      ? { ...workspace.issues[0], previousIdentifiers: [], state: workspace.states[0], labels: { nodes: [] } }
      : undefined;
  expect(await findOne(workspace, { sourceBranch: 'old-5-x' })).toMatchObject({ kind: 'none' });
});

test.each([
  ['as an error', () => linearError('Entity not found: Issue', 'ENTITY_NOT_FOUND')],
  ['as an error without a code', () => new Error('Entity not found: Issue - Could not find referenced Issue.')],
])('a number that its team never had is none: told %s', async (_how, error) => {
  const workspace = new Workspace();
  workspace.team('SEC');
  workspace.before = (name) => (name === 'issue' ? error() : undefined);
  expect(await findOne(workspace, { description: 'Fixes SEC-9' })).toMatchObject({ kind: 'none', requests: 2 });
});

test('issues in the trash are passed by; archived ones are found', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1', { trashed: true, archivedAt: '2026-09-01T00:00:00Z', links: [link(url)] });
  workspace.issue('SEC-2', { archivedAt: '2026-09-01T00:00:00Z' });
  expect(await findOne(workspace, { description: 'Fixes SEC-2' })).toMatchObject({ how: 'magic_word', issue: 'SEC-2' });
});

test('many merge requests share requests, and each gets its own answer', async () => {
  const workspace = new Workspace();
  const queries = Array.from({ length: 45 }, (_, index) => {
    const one = `https://gitlab.example/acme/payments/-/merge_requests/${index}`;
    if (index % 3 === 0) workspace.issue(`SEC-${index + 1}`, { links: [link(one)] });
    if (index % 3 === 1) workspace.issue(`SEC-${index + 1}`);
    return query({ mergeRequestUrl: one, sourceBranch: `x/sec-${index + 1}`, title: 'SEC-900: shared' });
  });
  const { findings, requests } = await find(workspace, ...queries);
  expect(findings.map(short).map((one) => ('issue' in one ? one.issue : one.kind))).toEqual(
    queries.map((_, index) => (index % 3 === 2 ? 'none' : `SEC-${index + 1}`)),
  );
  // Three documents, and one look-up for each number that nobody has.
  expect(workspace.calls.filter(({ name }) => name === 'issue').length).toBeLessThanOrEqual(30);
  expect(requests).toBeLessThanOrEqual(3 + 30);
});

test('twenty merge requests that name two issues each still share one document', async () => {
  const workspace = new Workspace();
  for (let number = 1; number <= 40; number++) workspace.issue(`SEC-${number}`);
  const queries = Array.from({ length: 20 }, (_, index) =>
    query({
      mergeRequestUrl: `https://gitlab.example/acme/payments/-/merge_requests/${index}`,
      sourceBranch: `x/sec-${index + 1}`,
      title: `SEC-${index + 21}: keys`,
    }),
  );
  expect((await find(workspace, ...queries)).requests).toBe(1);
});

test('no merge requests, no request', async () => {
  expect(await find(new Workspace())).toEqual({ findings: [], requests: 0 });
});

test('an error for one merge request spoils no other, though it takes the whole data with it', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1', { links: [link(url)] });
  workspace.before = (name, args) =>
    name === 'attachmentsForURL' && args['url'].includes('bad')
      ? linearError('No', 'FORBIDDEN', 'forbidden')
      : undefined;
  const { findings } = await find(workspace, query({ mergeRequestUrl: 'https://gitlab.example/bad' }), query());
  expect(findings.map(short)).toEqual([
    { kind: 'unreadable', code: 'forbidden' },
    { kind: 'found', how: 'attachment', issue: 'SEC-1' },
  ]);
});

test('data and errors may come together: what was answered is used', async () => {
  const workspace = new Workspace();
  workspace.issue('SEC-1', { links: [link(url)] });
  workspace.before = (name) =>
    name === 'issueVcsBranchSearch' ? linearError('Oops', 'INTERNAL_ERROR', 'internal error') : undefined;
  const other = query({ mergeRequestUrl: 'https://gitlab.example/x/-/merge_requests/8', sourceBranch: 'other' });
  const { findings, requests } = await find(workspace, query(), other);
  expect(findings.map(short)).toEqual([
    { kind: 'found', how: 'attachment', issue: 'SEC-1' },
    { kind: 'unreadable', code: 'server_error' },
  ]);
  expect(requests).toBe(1);
});

test('an outage is thrown, and never read as "no issue"', async () => {
  const workspace = new Workspace();
  workspace.before = (name) => (name === 'attachmentsForURL' ? linearError('Oops', 'INTERNAL_ERROR') : undefined);
  await expect(find(workspace, query())).rejects.toMatchObject({ code: 'server_error' });
});

test('an answer without one of its fields is thrown, and never read as "no issue"', async () => {
  const workspace = new Workspace();
  workspace.answer = () => ({ body: { data: { unexpected: [] } } });
  await expect(find(workspace, query())).rejects.toMatchObject({ code: 'bad_response' });
});
