import { afterEach, expect, test } from 'vitest';
import { createGitLab, type GitLab, type ReadOptions } from './client.ts';
import {
  base,
  change,
  fixture,
  graphqlPath,
  startLocalServer,
  token,
  userOf,
  usersPath,
  type Answering,
  type LocalServer,
  type Reply,
} from './local-server.ts';

const running: LocalServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

const sha = (at: number): string => String(at).padStart(40, '0');

interface Written {
  readonly by: string;
  readonly committedBy?: string;
}

/** A merge request of commits by these addresses, whose authors GraphQL does not know and a search does not find. */
async function startWith(commits: readonly (string | Written)[]): Promise<LocalServer> {
  const fake = await startLocalServer();
  running.push(fake);
  const rows = commits
    .map((one) => (typeof one === 'string' ? { by: one } : one))
    .map(({ by, committedBy = by }, at) => ({ id: sha(at), author_email: by, committer_email: committedBy }));
  fake.set(`${base}/versions`, { body: '[]' });
  fake.set(`${base}/commits`, { body: JSON.stringify(rows) });
  fake.set(graphqlPath, authors([]));
  return fake;
}

/** An author of the commit at this place, as GraphQL shows one. */
function authored(at: number, authorEmail: string | null, id: number | string | null) {
  const gid = typeof id === 'number' ? `gid://gitlab/User/${id}` : id;
  return { sha: sha(at), authorEmail, author: gid === null ? null : { id: gid, username: 'someone' } };
}

function authors(nodes: unknown, endCursor: string | null = null): Reply {
  const commits = { nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor } };
  return { body: JSON.stringify({ data: { project: { mergeRequest: { commits } } } }) };
}

const connect = (fake: LocalServer): GitLab => createGitLab({ url: fake.url, token });

async function identitiesOf(gitlab: GitLab, options: ReadOptions = {}) {
  const { identities } = await gitlab.readChange(change, options);
  return identities.ok ? identities.value : identities.code;
}

const asked = (fake: LocalServer, path: string) => fake.requests.filter((request) => request.path === path);
const searches = (fake: LocalServer): (string | null)[] =>
  asked(fake, usersPath).map(({ query }) => new URLSearchParams(query).get('search'));

test('a private commit address says by itself whose it is', async () => {
  const fake = await startWith(['12-ARuiz@users.noreply.127.0.0.1', '13-bchen@users.noreply.127.0.0.1']);
  expect(await identitiesOf(connect(fake))).toEqual([
    { email: '12-aruiz@users.noreply.127.0.0.1', userId: 12, by: 'private_address' },
    { email: '13-bchen@users.noreply.127.0.0.1', userId: 13, by: 'private_address' },
  ]);
  expect([asked(fake, graphqlPath), searches(fake)]).toEqual([[], []]);
});

test.each([
  '12-aruiz@users.noreply.gitlab.com',
  '12-aruiz@users.noreply.127.0.0.1.evil.example',
  '12-aruiz@evil@users.noreply.127.0.0.1',
  '0-ghost@users.noreply.127.0.0.1',
  'x12-aruiz@users.noreply.127.0.0.1',
  '12@users.noreply.127.0.0.1',
  '1234567890123456-aruiz@users.noreply.127.0.0.1',
])('%s is no private commit address of this instance', async (email) => {
  expect(await identitiesOf(connect(await startWith([email])))).toEqual([]);
});

test('an address that some answer showed in public is that account’s', async () => {
  const fake = await startWith([{ by: 'Bo@Chen.example', committedBy: 'mira@lund.example' }]);
  fake.set(`${usersPath}/13`, { body: userOf(13, { public_email: 'bo@chen.example' }) });
  const shown = JSON.parse(String(fixture('merge-request-19.json'))) as { merge_user: object };
  const merge_user = { ...shown.merge_user, public_email: 'Mira@lund.example' };
  fake.set(base, { body: JSON.stringify({ ...shown, merge_user }) });

  const evidence = await connect(fake).readChange(change);
  expect(evidence.identities).toMatchObject({
    ok: true,
    value: expect.arrayContaining([
      { email: 'bo@chen.example', userId: 13, by: 'public_email' },
      { email: 'mira@lund.example', userId: 11, by: 'public_email' },
    ]),
  });
  const shownBy = evidence.answers.filter(({ name }) => name === 'user.13' || name === 'merge_request');
  expect(evidence.identities.ok && evidence.identities.sha256).toEqual(
    expect.arrayContaining(shownBy.map(({ sha256 }) => sha256)),
  );
  expect(evidence.answers.filter(({ name }) => name === 'user.13')).toHaveLength(1);
  expect([asked(fake, graphqlPath), searches(fake)]).toEqual([[], []]);
});

test('an address that two accounts show in public is neither’s', async () => {
  const fake = await startWith(['bo@chen.example']);
  for (const id of [13, 14]) fake.set(`${usersPath}/${id}`, { body: userOf(id, { public_email: 'bo@chen.example' }) });
  expect(await identitiesOf(connect(fake))).toEqual([]);
});

test('a trailer that poses as an account is not one', async () => {
  const fake = await startWith([]);
  const extended_trailers = { id: 13, username: 'bchen', public_email: 'ana@ruiz.example' };
  fake.set(`${base}/commits`, {
    body: JSON.stringify([{ id: sha(0), author_email: 'ana@ruiz.example', committer_email: '', extended_trailers }]),
  });
  expect(await identitiesOf(connect(fake))).toEqual([]);
});

test('asks GraphQL once for the authors of what remains, under the path that GitLab gave', async () => {
  const fake = await startWith(['Ana@ruiz.example', 'mira@lund.example', '13-bchen@users.noreply.127.0.0.1']);
  fake.set(graphqlPath, authors([authored(0, 'ana@RUIZ.example', 12), authored(1, 'mira@lund.example', 11)]));
  expect(await identitiesOf(connect(fake))).toEqual([
    { email: '13-bchen@users.noreply.127.0.0.1', userId: 13, by: 'private_address' },
    { email: 'ana@ruiz.example', userId: 12, by: 'commit_author' },
    { email: 'mira@lund.example', userId: 11, by: 'commit_author' },
  ]);
  const [request, ...others] = asked(fake, graphqlPath);
  expect(others).toEqual([]);
  const { query, variables } = JSON.parse(request?.body ?? '');
  expect(variables).toEqual({ path: 'acme/payments', iid: '7', after: null });
  expect(query.replaceAll(/\s+/g, ' ')).toContain('nodes { sha authorEmail author { id } }');
});

test('takes the author of a commit whose address only REST shows', async () => {
  const fake = await startWith(['ana@ruiz.example']);
  fake.set(graphqlPath, authors([authored(0, null, 12)]));
  expect(await identitiesOf(connect(fake))).toEqual([{ email: 'ana@ruiz.example', userId: 12, by: 'commit_author' }]);
});

test('reads the authors of many commits page by page', async () => {
  const fake = await startWith(['ana@ruiz.example', 'mira@lund.example']);
  fake.set(graphqlPath, (_query, body) =>
    JSON.parse(body).variables.after === 'MTAw'
      ? authors([authored(1, 'mira@lund.example', 11)])
      : authors([authored(0, 'ana@ruiz.example', 12)], 'MTAw'),
  );
  const { identities, answers } = await connect(fake).readChange(change);
  expect(identities.ok && identities.value.map(({ userId }) => userId)).toEqual([12, 11]);
  const names = answers.map(({ name }) => name).filter((name) => name.startsWith('commit_authors'));
  expect(names).toEqual(['commit_authors', 'commit_authors.2']);
});

test.each<[string, Answering]>([
  ['that is of another commit', authors([authored(1, 'ana@ruiz.example', 12)])],
  ['whose address is another', authors([authored(0, 'other@ruiz.example', 12)])],
  ['whom GitLab does not know', authors([authored(0, 'ana@ruiz.example', null)])],
  ['who would be two people', authors([authored(0, 'ana@ruiz.example', 12), authored(0, 'ana@ruiz.example', 13)])],
  ['who is no user', authors([authored(0, 'ana@ruiz.example', 'gid://gitlab/Group/12')])],
  ['whose id is no number', authors([authored(0, 'ana@ruiz.example', 'gid://gitlab/User/12/13')])],
  ['on a page that has no end', authors([authored(0, 'ana@ruiz.example', 12)], 'MTAw')],
])('does not take an author for the owner of an address %s', async (_what, answering) => {
  const fake = await startWith(['ana@ruiz.example']);
  fake.set(graphqlPath, answering);
  expect(await identitiesOf(connect(fake))).toEqual([]);
});

test.each<[string, Reply]>([
  ['404', { status: 404, body: '{}' }],
  ['403', { status: 403, body: '{}' }],
  ['a project that is hidden', { body: fixture('error-graphql-hidden.json') }],
  ['a field that is not there', { body: fixture('error-graphql-field.json') }],
  [
    'an error beside its data',
    {
      body: JSON.stringify({
        errors: [{}],
        ...JSON.parse(String(authors([authored(0, 'ana@ruiz.example', 12)]).body)),
      }),
    },
  ],
  ['another shape', { body: '{"unexpected":["shape"]}' }],
])('what GraphQL does not tell is searched for, and no failure: %s', async (_what, reply) => {
  const fake = await startWith(['ana@ruiz.example', '13-bchen@users.noreply.127.0.0.1']);
  fake.set(graphqlPath, reply);
  fake.set(usersPath, { body: '[{"id":12,"username":"aruiz","public_email":"ana@ruiz.example"}]' });
  const evidence = await connect(fake).readChange(change);
  expect(evidence.identities.ok && evidence.identities.value.map(({ userId }) => userId)).toEqual([13, 12]);
  expect(evidence.answers.map(({ name }) => name)).toContain('commit_authors');
});

test('without its path a merge request cannot be asked for by GraphQL', async () => {
  const fake = await startWith(['ana@ruiz.example']);
  fake.set(base, { body: fixture('merge-request-12.json') });
  await identitiesOf(connect(fake));
  expect([asked(fake, graphqlPath), searches(fake)]).toEqual([[], ['ana@ruiz.example']]);
});

test('committers who wrote nothing are searched for, and GraphQL is not asked in vain', async () => {
  const fake = await startWith([{ by: '12-aruiz@users.noreply.127.0.0.1', committedBy: 'dana@rey.example' }]);
  fake.set(usersPath, { body: fixture('users-search.json') });
  const evidence = await connect(fake).readChange(change);
  expect(evidence.identities).toMatchObject({
    ok: true,
    value: [{ userId: 12 }, { email: 'dana@rey.example', userId: 15, by: 'public_email' }],
  });
  expect(evidence.answers.at(-1)?.name).toBe('user_search');
  expect([asked(fake, graphqlPath), searches(fake)]).toEqual([[], ['dana@rey.example']]);
});

test('those whose commits were replaced are searched for too', async () => {
  const fake = await startWith(['12-aruiz@users.noreply.127.0.0.1']);
  fake.set(`${base}/versions`, { body: fixture('versions.json') });
  const shown = JSON.parse(String(fixture('version.json'))) as object;
  const body = JSON.stringify({ ...shown, commits: [{ id: sha(9), author_email: 'dana@rey.example' }] });
  fake.set(`${base}/versions/9002`, { body: JSON.stringify({ id: 9002, commits: [] }) });
  fake.set(`${base}/versions/9001`, { body });
  fake.set(usersPath, { body: fixture('users-search.json') });
  expect(await identitiesOf(connect(fake))).toMatchObject([{ userId: 12 }, { userId: 15 }]);
});

const dana = { id: 15, username: 'drey', public_email: 'dana@rey.example' };

test.each<[string, unknown, number | null]>([
  ['shows it in public', [dana], 15],
  ['shows it in other letters', [{ ...dana, public_email: 'Dana@Rey.example' }], 15],
  ['comes beside others who do not', [{ id: 16, username: 'x', public_email: 'adana@rey.example' }, dana], 15],
  ['shows it to administrators', JSON.parse(String(fixture('users-search-by-administrator.json'))), 15],
  ['has yet to confirm it', [{ id: 15, email: 'dana@rey.example', confirmed_at: null }], null],
  ['shows another', [{ ...dana, public_email: 'dana@rey.example.org' }], null],
  ['shows none', [{ id: 15, username: 'drey' }], null],
  ['is not alone', [dana, { ...dana, id: 16 }], null],
  ['may not be alone', [dana, ...Array.from({ length: 99 }, (_, at) => ({ id: 100 + at }))], null],
  ['has no id', [{ public_email: 'dana@rey.example' }], null],
  ['is nobody', [], null],
])('an address is found where the one account %s', async (_what, users, userId) => {
  const fake = await startWith([{ by: '12-aruiz@users.noreply.127.0.0.1', committedBy: 'dana@rey.example' }]);
  fake.set(usersPath, { body: JSON.stringify(users) });
  const found = await identitiesOf(connect(fake));
  expect(found).toHaveLength(userId === null ? 1 : 2);
  expect(found[1] ?? null).toEqual(userId && { email: 'dana@rey.example', userId, by: 'public_email' });
});

test('searches for five addresses at most, and for none that no account can have', async () => {
  const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const fake = await startWith([
    '',
    'root',
    'no one@acme.example',
    `${'x'.repeat(255)}@acme.example`,
    ...letters.map((letter) => `${letter}@acme.example`),
  ]);
  expect(await identitiesOf(connect(fake))).toEqual([]);
  expect(searches(fake)).toEqual(letters.slice(0, 5).map((letter) => `${letter}@acme.example`));
});

test('GitLab’s own address is nobody’s, and not searched for', async () => {
  const fake = await startWith(['noreply@127.0.0.1', 'noreply@acme.example']);
  await identitiesOf(connect(fake));
  expect(searches(fake)).toEqual(['noreply@acme.example']);
});

test('an address is searched for as it stands', async () => {
  const fake = await startWith(['a&admins=true#+@acme.example']);
  await identitiesOf(connect(fake));
  expect(searches(fake)).toEqual(['a&admins=true#+@acme.example']);
});

test('a search that is refused is no failure, and not tried again for the next address', async () => {
  const fake = await startWith(['a@acme.example', 'b@acme.example', '13-bchen@users.noreply.127.0.0.1']);
  fake.set(usersPath, { status: 403, body: fixture('error-403.json') });
  expect(await identitiesOf(connect(fake))).toMatchObject([{ userId: 13 }]);
  expect(searches(fake)).toHaveLength(1);
});

test.each([graphqlPath, usersPath])('an outage of %s is thrown, and is an answer at the deadline', async (path) => {
  const fake = await startWith(['a@acme.example', '13-bchen@users.noreply.127.0.0.1']);
  for (const reply of [{ status: 502 }, { status: 429 }, { body: fixture('error-502.html') }]) {
    fake.set(path, reply);
    const code = reply.status === 429 ? 'rate_limited' : 'server_error';
    await expect(identitiesOf(connect(fake))).rejects.toMatchObject({ code });
    expect(await identitiesOf(connect(fake), { deadline: true })).toBe(code);
  }
});

test('remembers whose an address is, and by what, but not that it is nobody’s', async () => {
  const fake = await startWith(['ana@ruiz.example', { by: 'x@acme.example', committedBy: 'dana@rey.example' }]);
  fake.set(graphqlPath, authors([authored(0, 'ana@ruiz.example', 12)]));
  fake.set(usersPath, (query) => ({
    body: query.get('search') === 'dana@rey.example' ? JSON.stringify([dana]) : '[]',
  }));
  const gitlab = connect(fake);
  const known = [
    { email: 'ana@ruiz.example', userId: 12, by: 'commit_author' },
    { email: 'dana@rey.example', userId: 15, by: 'public_email' },
  ];
  expect(await identitiesOf(gitlab)).toEqual(known);
  fake.requests.length = 0;
  const second = await gitlab.readChange(change);
  expect(second.identities).toMatchObject({ ok: true, value: known });
  // Asked anew for the one that is still open; beside it stand the answers that told of the others.
  expect(searches(fake)).toEqual(['x@acme.example']);
  const named = (name: string): boolean => /^(?:commit_authors|user_search)/.test(name);
  expect(second.answers.map(({ name }) => name).filter(named)).toEqual([
    'commit_authors',
    'user_search',
    'commit_authors',
    'user_search.2',
  ]);
});

test('where there are no commits to tell of, nobody is looked for', async () => {
  const fake = await startWith([]);
  fake.set(`${base}/commits`, { status: 403 });
  expect(await identitiesOf(connect(fake))).toEqual([]);
  expect([asked(fake, graphqlPath), searches(fake)]).toEqual([[], []]);
});
