import { afterEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { createGitLab } from './client.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function start(options: Parameters<typeof startFilledGitLab>[0] = {}): Promise<FilledGitLab> {
  const filled = await startFilledGitLab(options);
  running.push(filled.gitlab);
  return filled;
}

const mr = { project: 'acme/payments', iid: 1 };

function read({ gitlab }: FilledGitLab, securityReviewersGroup?: string) {
  const options = securityReviewersGroup === undefined ? {} : { securityReviewersGroup };
  return createGitLab({ url: gitlab.url, token: 'reader', ...options }).readChange({ projectId: 501, iid: 1 });
}

test('reads the commits that a push by force dropped, and who wrote them', async () => {
  const filled = await start();
  const { id: dee } = filled.gitlab.createUser({ username: 'dee', publicEmail: 'dee@work.test' });
  filled.gitlab.push({ ...mr, by: 'ana', commits: [{ title: 'By Dee', authorEmail: 'DEE@work.test' }] });
  filled.gitlab.push({ ...mr, by: 'ana', replace: true, commits: [{ title: 'By Ana alone' }] });
  const evidence = await read(filled);
  expect(evidence.versions.ok && evidence.versions.value).toHaveLength(3);
  expect(evidence.commits.ok && evidence.commits.value).toHaveLength(1);
  expect(evidence.earlierCommits.ok && evidence.earlierCommits.value.map(({ commits }) => commits.length)).toEqual([2]);
  expect(evidence.identities.ok && evidence.identities.value).toContainEqual({
    email: 'dee@work.test',
    userId: dee,
    by: 'public_email',
  });
});

test.each([true, false])(
  'takes addresses for whose they are, GraphQL being there or not: %s',
  async (graphqlOffered) => {
    const filled = await start({ switches: { graphqlOffered } });
    const { id: dee } = filled.gitlab.createUser({ username: 'dee', emails: ['dee@home.test'] });
    const mine = `${dee}-dee@users.noreply.127.0.0.1`;
    const commits = [
      { title: 'At home', authorEmail: 'dee@home.test' },
      { title: 'In private', authorEmail: mine },
      { title: 'By a stranger', authorEmail: 'stranger@else.test' },
    ];
    filled.gitlab.push({ ...mr, by: 'ana', commits });
    const { identities } = await read(filled);
    const found = new Map(identities.ok ? identities.value.map(({ email, ...rest }) => [email, rest]) : []);
    expect(found.get(mine)).toEqual({ userId: dee, by: 'private_address' });
    expect(found.get('dee@home.test')).toEqual(graphqlOffered ? { userId: dee, by: 'commit_author' } : undefined);
    expect(found.has('stranger@else.test')).toBe(false);
  },
);

test('tells a merge by a push from one by the button', async () => {
  const filled = await start();
  filled.gitlab.mergeByPush({ ...mr, by: 'mira', mergeCommit: true });
  const { stateEvents } = await read(filled);
  expect(stateEvents).toMatchObject({ ok: true, value: [{ state: 'merged', source: { kind: 'commit' } }] });
});

test('says nothing of the source of a merge where the server does not', async () => {
  const filled = await start({ switches: { stateEventSourceShown: false } });
  filled.gitlab.mergeByPush({ ...mr, by: 'mira' });
  const { stateEvents } = await read(filled);
  expect(stateEvents.ok && stateEvents.value.at(-1)).not.toHaveProperty('source');
});

test.each([
  [true, true],
  [false, null],
])('tells a service account that approved, where the server shows it: %s', async (userBotShown, bot) => {
  const filled = await start({ switches: { userBotShown } });
  const group = { group: 'acme', role: 'developer' } as const;
  const { username } = filled.gitlab.createUser({ kind: 'service_account', memberOf: [group] });
  filled.gitlab.approve({ ...mr, by: username });
  const { people } = await read(filled);
  expect(people).toMatchObject([{ details: { ok: true, value: { username, bot } } }]);
});

test('reads the members of the group of security reviewers', async () => {
  const { securityReviewers } = await read(await start(), 'acme');
  expect(securityReviewers?.ok && securityReviewers.value.length).toBeGreaterThanOrEqual(4);
});
