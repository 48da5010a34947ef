import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../../testing/filled-gitlab.ts';

let filled: FilledGitLab;
const mr = { project: 'acme/payments', iid: 1 };

beforeEach(async () => {
  filled = await startFilledGitLab();
});

afterEach(() => filled.gitlab.close());

interface Asking {
  readonly token?: string | null;
  readonly variables?: object;
  readonly type?: string;
}

async function query(text: string, { token = 'reader', variables = {}, type = 'application/json' }: Asking = {}) {
  const response = await fetch(`${filled.gitlab.url}/api/graphql`, {
    method: 'POST',
    headers: { 'content-type': type, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query: text, variables }),
  });
  // Answers are looked at freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: response.status, body: (await response.json()) as any };
}

const commitsQuery = `query ($path: ID!, $iid: String!, $first: Int, $after: String) {
  project(fullPath: $path) {
    id
    fullPath
    mergeRequest(iid: $iid) {
      id
      iid
      committers { nodes { username } }
      commits(first: $first, after: $after) {
        nodes { id sha authorName authorEmail committerName committerEmail author { id username name state bot } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

const variables = { path: 'acme/payments', iid: '1' };

async function commitsOf() {
  return (await query(commitsQuery, { variables })).body.data.project.mergeRequest;
}

test('a merge request answers with its commits and the user behind each address', async () => {
  const { gitlab, ask, one } = filled;
  const { id } = gitlab.createUser({ username: 'dee', name: 'Dee', emails: ['dee@home.test'] });
  gitlab.addEmail({ username: 'dee', email: 'unproven@home.test', confirmed: false });
  const host = new URL(gitlab.url).hostname;
  gitlab.push({
    ...mr,
    by: 'ana',
    commits: [
      { title: 'One', authorName: 'D', authorEmail: 'DEE@home.test' },
      { title: 'Two', authorEmail: `${id}-former-name@users.noreply.${host}` },
      { title: 'Three', authorEmail: `${id}-dee@users.noreply.elsewhere.test` },
      { title: 'Four', authorEmail: 'unproven@home.test' },
      { title: 'Five', authorEmail: 'root@build', committer: 'bo' },
    ],
  });
  const { id: mrId, iid, commits, committers } = await commitsOf();
  const whole = (await ask(one)).body;
  expect({ mrId, iid }).toEqual({ mrId: `gid://gitlab/MergeRequest/${whole.id}`, iid: '1' });
  expect(commits.nodes[0]).toMatchObject({ sha: whole.sha, authorEmail: 'root@build', committerName: 'bo Name' });
  const authors = commits.nodes.map(({ author }: { author: { username: string } | null }) => author?.username ?? null);
  expect(authors).toEqual([null, null, null, 'dee', 'dee', 'ana']);
  expect(commits.nodes[4].author).toEqual({
    id: `gid://gitlab/User/${id}`,
    username: 'dee',
    name: 'Dee',
    state: 'active',
    bot: false,
  });
  expect(committers.nodes).toEqual([{ username: 'ana' }, { username: 'bo' }]);
});

test('commits come newest first, a hundred at most, and cursors lead through all of them', async () => {
  const commits = Array.from({ length: 154 }, (_, number) => ({ title: `Part ${number}` }));
  filled.gitlab.push({ ...mr, by: 'ana', commits });
  const page = async (first: number | null, after?: string) =>
    (await query(commitsQuery, { variables: { ...variables, first, after } })).body.data.project.mergeRequest.commits;
  const newest = await page(500);
  expect(newest.nodes).toHaveLength(100);
  const rest = await page(null, newest.pageInfo.endCursor);
  expect(rest.nodes).toHaveLength(55);
  expect([newest.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
  const shas = [...newest.nodes, ...rest.nodes].map(({ sha }) => sha as string);
  expect(new Set(shas).size).toBe(155);
  const listed = (await filled.ask(`${filled.one}/commits?per_page=100&page=2`)).body;
  expect(listed.map(({ id }: { id: string }) => id)).toEqual(shas.slice(100));
});

test('users are found by their global ids, and an id of another kind is an error', async () => {
  const { gitlab } = filled;
  const { id } = gitlab.createUser({ kind: 'service_account', name: 'Release robot' });
  const byIds = 'query ($ids: [ID!]) { users(ids: $ids) { nodes { username bot } } }';
  const found = await query(byIds, { variables: { ids: [`gid://gitlab/User/${id}`] } });
  expect(found.body.data.users.nodes).toEqual([{ username: expect.stringMatching(/^service_account_/), bot: true }]);
  const wrong = await query(byIds, { variables: { ids: ['gid://gitlab/Project/1'] } });
  expect(wrong).toMatchObject({ status: 200, body: { data: { users: null } } });
  expect(wrong.body.errors[0].message).toContain('is not a valid GitLab ID');
  const user = 'query ($id: UserID) { user(id: $id) { username } }';
  expect((await query(user, { variables: { id: `gid://gitlab/User/${id + 99}` } })).body.data).toEqual({ user: null });
});

test('what the caller may not see is null, without a word', async () => {
  for (const token of ['outsider', null]) {
    expect(await query(commitsQuery, { token, variables })).toEqual({ status: 200, body: { data: { project: null } } });
  }
  const { body } = await query(commitsQuery, { variables: { ...variables, iid: '99' } });
  expect(body.data.project).toMatchObject({ fullPath: 'acme/payments', mergeRequest: null });
});

test('a query that is wrong is answered with 200 and errors, and without data', async () => {
  for (const text of ['{', '{ project(fullPath: "acme/payments") { secrets } }', '{ project { id } }']) {
    const { status, body } = await query(text);
    expect({ text, status, data: body.data }).toEqual({ text, status: 200, data: undefined });
    expect(body.errors[0].message).toEqual(expect.any(String));
  }
  expect(await query(`{ metadata { version } } ${'#'.repeat(10_000)}`)).toMatchObject({ status: 422 });
  expect(await query('{ metadata { version } }', { type: 'text/plain' })).toMatchObject({ status: 422 });
});

test('a token needs read_api, and is refused in the words of GraphQL', async () => {
  filled.gitlab.createToken({ value: 'narrow', user: 'bo', scopes: ['read_user'] });
  filled.gitlab.createToken({ value: 'gone', user: 'bo', scopes: ['api'] });
  filled.gitlab.revokeToken({ value: 'gone' });
  for (const token of ['narrow', 'gone', 'unknown']) {
    const refused = await query('{ metadata { version } }', { token });
    expect({ token, ...refused }).toEqual({ token, status: 401, body: { errors: [{ message: 'Invalid token' }] } });
  }
  expect((await query('{ metadata { version } }')).body.data.metadata.version).toBe('19.1.2-ee');
});

test('an administrator can close the endpoint', async () => {
  filled.gitlab.setSwitch({ name: 'graphqlOffered', value: false });
  expect((await query('{ metadata { version } }')).status).toBe(404);
});

test('the call log takes a document of queries for a reading, and anything else that is posted for a write', async () => {
  await query('query { currentUser { username } }');
  await query('{ currentUser { username } }');
  await query('mutation { todosMarkAllDone(input: {}) { errors } }');
  await query('query A { currentUser { id } } mutation B { todosMarkAllDone(input: {}) { errors } }');
  await query('no document');
  expect(filled.calls.map(({ write }) => write)).toEqual([false, false, true, true, true]);
});
