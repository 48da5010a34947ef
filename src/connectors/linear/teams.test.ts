import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFaults } from '../../sandbox/faults.ts';
import type { Call } from '../../sandbox/http.ts';
import { startLinear, type FakeLinear } from '../../sandbox/linear/linear.ts';
import { createLinear, type CloseRequest, type CountedTeam, type Linear, type TicketQuery } from './client.ts';

const url = 'https://gitlab.example/acme/payments/-/merge_requests/7';
const sec: CountedTeam = { key: 'SEC', completedState: 'Released', auditedLabel: 'security-audited' };
const ops: CountedTeam = { key: 'OPS', completedState: null, auditedLabel: 'audited' };

let fake: FakeLinear;
let calls: Call[];

beforeEach(async () => {
  calls = [];
  fake = await startLinear({ faults: createFaults(), calls });
  for (const key of ['SEC', 'OPS', 'ENG']) fake.createTeam({ key });
  fake.createState({ team: 'SEC', name: 'Released', type: 'completed' });
});
afterEach(() => fake.close());

/** A client for which only these teams count; all of them where none is named. */
function connect(...teams: CountedTeam[]): Linear {
  return createLinear({
    url: fake.url,
    auth: { kind: 'api_key', key: fake.apiKey },
    auditedLabel: 'audited',
    teams,
    timeoutMs: 1000,
  });
}

function query(more: Partial<TicketQuery> = {}): TicketQuery {
  return { mergeRequestUrl: url, sourceBranch: 'rotate', title: 'Rotate keys', description: '', ...more };
}

function requestFor({ id }: { readonly id: string }): CloseRequest {
  return { issueId: id, attachment: { url, title: 'Security review', metadata: { record: 'SEC-0a1b' } } };
}

function writes(): string[] {
  return calls.filter(({ write }) => write).map(({ operation }) => operation);
}

test('each team has its own state and label, and every label is made once', async () => {
  const eng: CountedTeam = { key: 'eng', completedState: 'done', auditedLabel: 'Audited' };
  const issues = ['SEC', 'OPS', 'ENG'].map((team) => fake.createIssue({ team }));
  const results = await connect(sec, ops, eng).closeTickets(issues.map(requestFor));
  expect(results.map((one) => one.kind === 'closed' && [one.issue.state.name, one.issue.labels])).toEqual([
    ['Released', ['security-audited']],
    ['Done', ['audited']],
    ['Done', ['audited']],
  ]);
  expect(fake.labels().map(({ name }) => name)).toEqual(['security-audited', 'audited']);
});

test('a label of another team’s name does not count as the team’s own', async () => {
  fake.createLabel({ name: 'audited' });
  const issue = fake.createIssue({ team: 'SEC', labels: ['audited'] });
  expect(await connect(sec, ops).closeTickets([requestFor(issue)])).toMatchObject([
    { kind: 'closed', issue: { labels: expect.arrayContaining(['audited', 'security-audited']) } },
  ]);
});

test('of several completed states of one name, the first by position is taken', async () => {
  const later = fake.createState({ team: 'OPS', name: 'SHIPPED', type: 'completed', position: 300 });
  const first = fake.createState({ team: 'OPS', name: 'shipped', type: 'completed', position: 200 });
  const issue = fake.createIssue({ team: 'OPS' });
  const team = { ...ops, completedState: 'Shipped' };
  const [result] = await connect(team).closeTickets([requestFor(issue)]);
  expect(result).toMatchObject({ kind: 'closed', issue: { state: { name: first.name } } });
  expect(later.name).not.toBe(first.name);
});

test('a team without the state that is named for it is refused with the names it has', async () => {
  const issue = fake.createIssue({ team: 'OPS' });
  expect(await connect(sec, { ...ops, completedState: 'Released' }).closeTickets([requestFor(issue)])).toMatchObject([
    { kind: 'refused', message: expect.stringMatching(/OPS has no completed state "Released"; it has "Done"/) },
  ]);
  expect(fake.issue(issue.id)?.state.type).not.toBe('completed');
});

test.each<[string, (issue: ReturnType<FakeLinear['createIssue']>) => Partial<TicketQuery>]>([
  [
    'an attachment',
    ({ id }) => {
      fake.attach(id, { url, title: 'MR' });
      return {};
    },
  ],
  ['the branch that Linear gave it', ({ branchName }) => ({ sourceBranch: branchName })],
  ['its identifier in the branch', ({ identifier }) => ({ sourceBranch: `fix/${identifier.toLowerCase()}-keys` })],
  ['a closing word', ({ identifier }) => ({ description: `Fixes ${identifier}` })],
  ['a link', ({ url: link }) => ({ description: link })],
])('an issue of a team that does not count is no ticket, linked by %s', async (_how, linkBy) => {
  const issue = fake.createIssue({ team: 'ENG' });
  const linked = query(linkBy(issue));
  expect(await connect(sec, ops).findTicket(linked)).toEqual({ kind: 'none' });
  expect(await connect().findTicket(linked)).toMatchObject({ kind: 'found', issue: { id: issue.id } });
});

test('an issue that counts is found beside others that do not, and after them', async () => {
  const others = Array.from({ length: 5 }, () => fake.createIssue({ team: 'ENG' }));
  const issue = fake.createIssue({ team: 'SEC' });
  for (const { id } of [...others, issue]) fake.attach(id, { url, title: 'MR' });
  expect(await connect(sec).findTicket(query())).toMatchObject({
    kind: 'found',
    how: 'attachment',
    issue: { id: issue.id },
  });

  const elsewhere = { mergeRequestUrl: `${url}0` };
  const named = query({ ...elsewhere, sourceBranch: others[0]!.branchName, description: `Fixes ${issue.identifier}` });
  expect(await connect(sec).findTicket(named)).toMatchObject({
    kind: 'found',
    how: 'magic_word',
    issue: { id: issue.id },
  });
  const both = query({ ...elsewhere, description: `Fixes ENG-1 and ${issue.identifier}` });
  expect(await connect(sec).findTicket(both)).toMatchObject({ kind: 'found', issue: { id: issue.id } });
});

test('an issue that moved counts by the team that it is in now, whatever it is called by', async () => {
  const [came, went] = [fake.createIssue({ team: 'ENG' }), fake.createIssue({ team: 'SEC' })];
  fake.moveIssue(came.id, 'SEC');
  fake.moveIssue(went.id, 'ENG');
  expect(await connect(sec).findTicket(query({ description: `Fixes ${came.identifier}` }))).toMatchObject({
    kind: 'found',
    issue: { id: came.id },
  });
  expect(await connect(sec).findTicket(query({ description: `Fixes ${went.identifier}` }))).toEqual({ kind: 'none' });
});

test('an issue whose team does not count is refused and left as it is; the message names the teams that do', async () => {
  const issue = fake.createIssue({ team: 'ENG' });
  const own = fake.createIssue({ team: 'OPS' });
  const results = await connect(sec, ops).closeTickets([requestFor(issue), requestFor(own)]);
  expect(results).toMatchObject([
    { kind: 'refused', code: 'refused', message: expect.stringMatching(/ENG-1 is in .* ENG, .* names SEC, OPS$/) },
    { kind: 'closed' },
  ]);
  expect(fake.issue(issue.id)).toMatchObject({ state: { name: 'Backlog' }, labels: [], attachments: [] });
});

test('with teams named, twenty merge requests still fit below the limit of a document, in few of them', async () => {
  const issues = Array.from({ length: 20 }, () => fake.createIssue({ team: 'SEC' }));
  const queries = issues.map(({ branchName }, index) =>
    query({ mergeRequestUrl: `${url}${index}`, sourceBranch: branchName }),
  );
  const findings = await connect(sec).findTickets(queries);
  expect(findings.map((one) => (one.kind === 'found' ? one.issue.id : one.kind))).toEqual(issues.map(({ id }) => id));
  expect(calls.length).toBeLessThanOrEqual(3);
  expect(writes()).toEqual([]);
});
