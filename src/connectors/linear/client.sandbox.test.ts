import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFaults, type Faults } from '../../sandbox/faults.ts';
import type { Call } from '../../sandbox/http.ts';
import { startLinear, type FakeLinear } from '../../sandbox/linear/linear.ts';
import { createLinear, type CloseRequest, type Linear, type TicketQuery } from './client.ts';

const url = 'https://gitlab.example/acme/payments/-/merge_requests/7';

let fake: FakeLinear;
let faults: Faults;
let calls: Call[];
let linear: Linear;

beforeEach(async () => {
  faults = createFaults();
  calls = [];
  fake = await startLinear({ faults, calls });
  fake.createTeam({ key: 'SEC' });
  linear = createLinear({
    url: fake.url,
    auth: { kind: 'api_key', key: fake.apiKey },
    auditedLabel: 'audited',
    timeoutMs: 1500,
  });
});
afterEach(() => fake.close());

function query(more: Partial<TicketQuery> = {}): TicketQuery {
  return { mergeRequestUrl: url, sourceBranch: 'rotate', title: 'Rotate keys', description: '', ...more };
}

function requestFor({ id }: { readonly id: string }): CloseRequest {
  return { issueId: id, attachment: { url, title: 'Security review', metadata: { record: 'SEC-0a1b' } } };
}

function writes(): string[] {
  return calls.filter(({ write, path }) => write && path === '/graphql').map(({ operation }) => operation);
}

test('finds by attachment, branch, word and link, each in one request', async () => {
  const attached = fake.createIssue({ team: 'SEC' });
  fake.attach(attached.id, { url, title: 'MR' });
  expect(await linear.findTicket(query())).toMatchObject({
    kind: 'found',
    how: 'attachment',
    issue: { id: attached.id },
  });

  const other = fake.createIssue({ team: 'SEC' });
  const elsewhere = { mergeRequestUrl: `${url}0` };
  for (const [how, more] of [
    ['branch', { sourceBranch: other.branchName }],
    ['branch', { sourceBranch: `x/${other.identifier.toLowerCase()}-utf-8` }],
    ['magic_word', { description: `Fixes ${other.identifier}` }],
    ['issue_url', { description: other.url }],
  ] as const) {
    expect(await linear.findTicket(query({ ...elsewhere, ...more }))).toMatchObject({
      kind: 'found',
      how,
      issue: { id: other.id },
    });
  }
  expect(calls).toHaveLength(5);
});

test('tells text that neither a record nor Postgres could hold in a form that both can', async () => {
  const issue = fake.createIssue({ team: 'SEC', title: 'Tokens \ud83d of\0 others' });
  fake.attach(issue.id, { url, title: 'MR' });
  expect(await linear.findTicket(query())).toMatchObject({ issue: { title: 'Tokens \ufffd of others' } });
});

test('finds none, several, a moved issue, an archived one, and none in the trash', async () => {
  fake.createTeam({ key: 'ENG' });
  const [one, other] = [fake.createIssue({ team: 'SEC' }), fake.createIssue({ team: 'SEC' })];
  expect(await linear.findTicket(query({ title: 'UTF-8, CVE-2026-1234', description: 'Fixes SEC-999' }))).toEqual({
    kind: 'none',
  });
  expect(await linear.findTicket(query({ description: 'Fixes SEC-1 and SEC-2' }))).toEqual({
    kind: 'several',
    identifiers: ['SEC-1', 'SEC-2'],
  });

  fake.moveIssue(one.id, 'ENG');
  expect(await linear.findTicket(query({ description: 'Fixes SEC-1' }))).toMatchObject({
    kind: 'found',
    issue: { id: one.id, identifier: 'ENG-1' },
  });
  fake.archive(one.id);
  expect(await linear.findTicket(query({ description: 'Fixes ENG-1' }))).toMatchObject({
    kind: 'found',
    issue: { id: one.id },
  });
  fake.archive(other.id, { trash: true });
  expect(await linear.findTicket(query({ description: 'Fixes SEC-2' }))).toEqual({ kind: 'none' });
});

test('twenty merge requests fit into one document below the limit', async () => {
  const issues = Array.from({ length: 20 }, () => fake.createIssue({ team: 'SEC' }));
  const queries = issues.map(({ branchName }, index) =>
    query({ mergeRequestUrl: `${url}${index}`, sourceBranch: branchName }),
  );
  const findings = await linear.findTickets(queries);
  expect(findings.map((one) => (one.kind === 'found' ? one.issue.id : one.kind))).toEqual(issues.map(({ id }) => id));
  expect(calls).toHaveLength(1);
});

test('hidden identifiers and other spellings of "not found" change nothing', async () => {
  const issue = fake.createIssue({ team: 'SEC' });
  for (const changes of [
    { identifierLookup: false },
    { notFoundCode: 'ENTITY_NOT_FOUND' },
    { notFoundStatus: 400 },
  ] as const) {
    Object.assign(fake.switches, changes);
    expect(await linear.findTicket(query({ description: 'Fixes SEC-1' }))).toMatchObject({ issue: { id: issue.id } });
    expect(await linear.findTicket(query({ description: 'Fixes SEC-77' }))).toEqual({ kind: 'none' });
  }
});

test('a private team is not visible: nothing is found, and closing is refused as not found', async () => {
  fake.createTeam({ key: 'HUSH', visibility: 'private' });
  const issue = fake.createIssue({ team: 'HUSH' });
  fake.attach(issue.id, { url, title: 'MR' });
  expect(await linear.findTicket(query({ description: 'Fixes HUSH-1' }))).toEqual({ kind: 'none' });
  expect(await linear.closeTickets([requestFor(issue)])).toMatchObject([{ kind: 'refused', code: 'not_found' }]);
});

test('closes, labels, links, keeps other labels, and writes nothing the second time', async () => {
  const issue = fake.createIssue({ team: 'SEC', labels: ['bug'] });
  const [first] = await linear.closeTickets([requestFor(issue)]);
  expect(first).toMatchObject({
    kind: 'closed',
    changed: true,
    issue: { identifier: 'SEC-1', state: { type: 'completed' } },
  });
  expect(first).toHaveProperty('issue.labels', expect.arrayContaining(['bug', 'audited']));
  expect(fake.issue(issue.id)).toMatchObject({ state: { type: 'completed' } });

  const before = writes().length;
  const [second] = await linear.closeTickets([requestFor(issue)]);
  expect(second).toMatchObject({ kind: 'closed', changed: false });
  expect(writes()).toHaveLength(before);
});

test("what Linear's own integration has closed keeps its date and its link", async () => {
  const issue = fake.createIssue({ team: 'SEC' });
  const { completedAt } = fake.closeByIntegration(issue.id, url);
  expect(await linear.closeTickets([requestFor(issue)])).toMatchObject([{ kind: 'closed', issue: { completedAt } }]);
});

test('canceled and duplicate issues are refused', async () => {
  const issue = fake.createIssue({ team: 'SEC', state: 'Canceled' });
  expect(await linear.closeTickets([requestFor(issue)])).toMatchObject([{ kind: 'refused', code: 'unsuitable' }]);
  expect(writes()).toEqual([]);
});

test('a label that only admins may make is refused; made by hand, it is used', async () => {
  const issue = fake.createIssue({ team: 'SEC' });
  fake.restrictLabels(true);
  expect(await linear.closeTickets([requestFor(issue)])).toMatchObject([
    { kind: 'refused', message: expect.stringContaining('by hand') },
  ]);
  fake.createLabel({ name: 'Audited' });
  expect(await linear.closeTickets([requestFor(issue)])).toMatchObject([{ kind: 'closed' }]);
});

test("a team's own label, a retired one and a group are told apart", async () => {
  fake.createLabel({ name: 'audited', team: 'SEC' });
  fake.createTeam({ key: 'ENG' });
  const [own, other] = [fake.createIssue({ team: 'SEC' }), fake.createIssue({ team: 'ENG' })];
  expect(await linear.closeTickets([requestFor(own), requestFor(other)])).toMatchObject([
    { kind: 'closed' },
    { kind: 'closed' },
  ]);

  fake.createTeam({ key: 'OPS' });
  fake.createLabel({ name: 'audited', team: 'OPS', retired: true });
  const third = fake.createIssue({ team: 'OPS' });
  expect(await linear.closeTickets([requestFor(third)])).toMatchObject([{ kind: 'refused', code: 'unsuitable' }]);
});

test('a credential without the scope to write is refused', async () => {
  const issue = fake.createIssue({ team: 'SEC' });
  fake.createLabel({ name: 'audited' });
  fake.setScopes(['read']);
  for (const forbiddenStatus of [200, 403] as const) {
    fake.switches.forbiddenStatus = forbiddenStatus;
    expect(await linear.closeTickets([requestFor(issue)])).toMatchObject([{ kind: 'refused', code: 'forbidden' }]);
  }
});

test.each([
  'limit',
  'error_500',
  'error_503',
  'reset',
  'wrong_type',
  'wrong_json',
  'commit_then_reset',
  'commit_then_500',
  'commit_then_silence',
  'commit_then_half',
  'commit_then_wrong_type',
] as const)('a closing write that ends in %s is settled by repeating: one state, one label, one link', async (kind) => {
  const issues = [fake.createIssue({ team: 'SEC' }), fake.createIssue({ team: 'SEC' })];
  fake.createLabel({ name: 'audited' });
  faults.add({ vendor: 'linear', operation: 'issueUpdate', kind });
  const requests = issues.map(requestFor);
  const first: unknown = await linear.closeTickets(requests).catch((error: unknown) => error);
  expect(first).toMatchObject({
    vendor: 'linear',
    code: expect.stringMatching(/^(rate_limited|server_error|lost|bad_response|timeout)$/),
  });
  expect(await linear.closeTickets(requests)).toMatchObject([{ kind: 'closed' }, { kind: 'closed' }]);
  for (const { id } of issues) {
    expect(fake.issue(id)).toMatchObject({ state: { type: 'completed' } });
    expect(fake.issue(id)?.labels).toHaveLength(1);
    expect(fake.issue(id)?.attachments).toHaveLength(1);
  }
});

test('an error of one field spoils no other issue', async () => {
  const issues = Array.from({ length: 4 }, () => fake.createIssue({ team: 'SEC' }));
  fake.createLabel({ name: 'audited' });
  fake.failNext({ field: 'issueUpdate', code: 'FORBIDDEN', type: 'forbidden' });
  const results = await linear.closeTickets(issues.map(requestFor));
  expect(results.map(({ kind }) => kind).toSorted()).toEqual(['closed', 'closed', 'closed', 'refused']);
});

test('a used-up quota says how long to wait', async () => {
  fake.limitNext(1);
  await expect(linear.findTicket(query())).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterSeconds: expect.any(Number),
  });
});

test('client credentials: a token that has ended is fetched anew', async () => {
  const app = createLinear({
    url: fake.url,
    auth: { kind: 'client_credentials', clientId: fake.clientId, clientSecret: fake.clientSecret },
    auditedLabel: 'audited',
  });
  const issue = fake.createIssue({ team: 'SEC' });
  expect(await app.findTicket(query({ description: 'Fixes SEC-1' }))).toMatchObject({ kind: 'found' });
  fake.expireTokens();
  expect(await app.closeTickets([requestFor(issue)])).toMatchObject([{ kind: 'closed' }]);
  expect(calls.filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
});
