import { afterEach, expect, test } from 'vitest';
import { createGitLab } from './client.ts';
import {
  base,
  change,
  fixture,
  graphqlPath,
  startLocalServer,
  token,
  usersPath,
  type LocalServer,
} from './local-server.ts';

const running: LocalServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

async function start(): Promise<LocalServer> {
  const server = await startLocalServer();
  running.push(server);
  return server;
}

const ana = { id: 12, username: 'aruiz', name: 'Ana Ruiz' };
const bo = { id: 13, username: 'bchen', name: 'Bo Chen' };
const mira = { id: 11, username: 'mlund', name: 'Mira Lund' };

/** One author, one approver, one push: nothing to read twice, and nobody to look for. */
async function startOrdinary(approvals: string, merger: object = bo): Promise<LocalServer> {
  const fake = await start();
  const rows = (name: string): unknown[] => JSON.parse(String(fixture(name)));
  const shown = JSON.parse(String(fixture('merge-request-19.json'))) as object;
  fake.set(base, { body: JSON.stringify({ ...shown, author: ana, merge_user: merger }) });
  fake.set(`${base}/approvals`, { body: fixture(approvals) });
  fake.set(`${base}/versions`, { body: JSON.stringify(rows('versions.json').slice(0, 1)) });
  fake.set(`${base}/commits`, { body: JSON.stringify(rows('commits.json').slice(0, 1)) });
  return fake;
}

test.each<[string, string, object, number]>([
  ['Premium, merged by the approver', 'approvals-premium-17.json', bo, 12],
  ['Premium, merged by the author', 'approvals-premium-17.json', ana, 12],
  ['Premium, merged by a third person', 'approvals-premium-17.json', mira, 12],
  ['Free, merged by the approver', 'approvals-free.json', bo, 10],
  ['Free, merged by the author', 'approvals-free.json', ana, 10],
  ['Free, merged by a third person', 'approvals-free.json', mira, 10],
])('reads an ordinary merge request, nothing being known yet: %s', async (_what, approvals, merger, requests) => {
  const fake = await startOrdinary(approvals, merger);
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);
  expect(evidence.identities).toMatchObject({ ok: true, value: [{ email: 'aruiz@acme.example', userId: 12 }] });
  expect(fake.requests).toHaveLength(requests);
  expect(evidence.answers).toHaveLength(requests);
});

test.each([
  ['Premium', 'approvals-premium-17.json', 9],
  ['Free', 'approvals-free.json', 8],
])(
  'asks for nothing but the review once settings, people and addresses are known: %s',
  async (_what, name, requests) => {
    const fake = await startOrdinary(name);
    const gitlab = createGitLab({ url: fake.url, token });
    const first = await gitlab.readChange(change);
    fake.requests.length = 0;
    const second = await gitlab.readChange(change);
    expect(fake.requests).toHaveLength(requests);
    // What was remembered is as well founded as what was asked: its answers belong to both.
    expect(second.answers.map(({ name, sha256 }) => [name, sha256])).toEqual(
      first.answers.map(({ name, sha256 }) => [name, sha256]),
    );
    expect(second.people).toEqual(first.people);
    expect(second.identities).toMatchObject({ ok: true, value: first.identities.ok && first.identities.value });
  },
);

test('asks for people and addresses again after five minutes', async () => {
  const fake = await startOrdinary('approvals-premium-17.json');
  let now = new Date('2026-09-21T14:00:00Z');
  const gitlab = createGitLab({ url: fake.url, token, now: () => now });
  const asked = (path: string): number => fake.requests.filter((request) => request.path === path).length;
  await gitlab.readChange(change);
  now = new Date('2026-09-21T14:04:59.999Z');
  const second = await gitlab.readChange(change);
  expect([asked(`${usersPath}/13`), asked(graphqlPath)]).toEqual([1, 1]);
  for (const name of ['user.13', 'commit_authors']) {
    expect(second.answers.find((answer) => answer.name === name)?.observedAt).toBe('2026-09-21T14:00:00.000Z');
  }
  now = new Date('2026-09-21T14:05:00Z');
  await gitlab.readChange(change);
  expect([asked(`${usersPath}/13`), asked(graphqlPath)]).toEqual([2, 2]);
});
