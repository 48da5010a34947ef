import { afterEach, expect, test } from 'vitest';
import { createGitLab } from './client.ts';
import { base, change, fixture, startLocalServer, token, type LocalServer } from './local-server.ts';
import { Version } from './revisions.ts';

const running: LocalServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

async function start(): Promise<LocalServer> {
  const server = await startLocalServer();
  running.push(server);
  return server;
}

const sha = (name: string): string => name.repeat(40);
const version = (id: number, head: string) => ({
  id,
  head_commit_sha: sha(head),
  created_at: '2026-09-20T08:00:00.000Z',
});
const commit = (head: string) => ({ id: sha(head), author_email: `${head}@acme.example`, committer_email: '' });

/** A merge request with these heads, newest first; only the last commit is in the listing of commits. */
async function startWith(heads: readonly string[]): Promise<LocalServer> {
  const fake = await start();
  const rows = heads.map((head, at) => version(heads.length - at, head));
  fake.set(`${base}/versions`, { body: JSON.stringify(rows) });
  fake.set(`${base}/commits`, { body: JSON.stringify([commit(heads[0] ?? 'none')]) });
  for (const { id, head_commit_sha } of rows) {
    const shown = { ...version(id, ''), head_commit_sha, commits: [commit(head_commit_sha[0] ?? '')], diffs: [{}] };
    fake.set(`${base}/versions/${id}`, { body: JSON.stringify(shown) });
  }
  return fake;
}

const versionRequests = (fake: LocalServer): string[] =>
  fake.requests.map(({ path }) => path).filter((path) => path.startsWith(`${base}/versions/`));

async function read(fake: LocalServer, options = {}) {
  return createGitLab({ url: fake.url, token }).readChange(change, options);
}

test('reads no version whose head is still among the commits, and rests on the listing of versions', async () => {
  const fake = await start();
  const { earlierCommits, versions } = await read(fake);
  expect(versionRequests(fake)).toEqual([]);
  expect(earlierCommits).toEqual({ ...versions, value: [] });
});

test('reads the commits that a later push replaced', async () => {
  const fake = await start();
  const commits = JSON.parse(String(fixture('commits.json'))) as unknown[];
  fake.set(`${base}/commits`, { body: JSON.stringify(commits.slice(0, 1)) });
  fake.set(`${base}/versions/9001`, { body: fixture('version.json') });
  const evidence = await read(fake);
  const answer = evidence.answers.find(({ name }) => name === 'version.9001');
  expect(versionRequests(fake)).toEqual([`${base}/versions/9001`]);
  expect(evidence.earlierCommits).toMatchObject({
    ok: true,
    value: [
      { versionId: 9001, commits: [{ authorEmail: 'mlund@acme.example', committerEmail: 'aruiz@acme.example' }] },
    ],
    observedAt: answer?.observedAt,
    sha256: [evidence.versions.ok && evidence.versions.sha256[0], answer?.sha256],
  });
});

test('reads newest first, and none that a version already read brought along', async () => {
  const fake = await startWith(['f', 'c', 'b', 'a']);
  const shown = { ...version(3, 'c'), commits: [commit('c'), commit('b')] };
  fake.set(`${base}/versions/3`, { body: JSON.stringify(shown) });
  const { earlierCommits } = await read(fake);
  expect(versionRequests(fake)).toEqual([`${base}/versions/3`, `${base}/versions/1`]);
  expect(earlierCommits.ok && earlierCommits.value.map(({ versionId }) => versionId)).toEqual([3, 1]);
});

test('asks once for a head that was pushed twice, even where its version lists no commits', async () => {
  const fake = await startWith(['f', 'e', 'f', 'e']);
  fake.set(`${base}/versions/3`, { body: JSON.stringify({ ...version(3, 'e'), commits: [] }) });
  await read(fake);
  expect(versionRequests(fake)).toEqual([`${base}/versions/3`]);
});

const letters = (count: number): string[] => Array.from({ length: count }, (_, at) => String.fromCodePoint(0x61 + at));

test('reads up to twenty replaced versions', async () => {
  const fake = await startWith(letters(1 + 20));
  const { earlierCommits } = await read(fake);
  expect(earlierCommits.ok && earlierCommits.value).toHaveLength(20);
});

test('says of more than twenty that they are too many, and stops asking', async () => {
  const fake = await startWith(letters(1 + 22));
  const evidence = await read(fake);
  expect(evidence.earlierCommits).toEqual({ ok: false, code: 'too_many', status: null });
  expect(versionRequests(fake)).toHaveLength(20);
  expect(evidence.answers.filter(({ name }) => name.startsWith('version.'))).toHaveLength(20);
});

test.each<[string, object]>([
  ['another version', { ...version(9, 'b'), commits: [] }],
  ['a version without commits', version(1, 'b')],
  ['a commit without id', { ...version(1, 'b'), commits: [{ author_email: 'b@acme.example' }] }],
])('%s is not understood, and leaves no half of them', async (_what, shown) => {
  const fake = await startWith(['f', 'b']);
  fake.set(`${base}/versions/1`, { body: JSON.stringify(shown) });
  const evidence = await read(fake);
  expect(evidence.earlierCommits).toEqual({ ok: false, code: 'bad_response', status: 200 });
  expect(evidence.answers.map(({ name }) => name)).toContain('version.1');
});

test.each(['versions', 'commits'])('cannot be told without the %s', async (list) => {
  const fake = await startWith(['f', 'b']);
  fake.set(`${base}/${list}`, { status: 403 });
  const { earlierCommits } = await read(fake);
  expect(earlierCommits).toEqual({ ok: false, code: 'forbidden', status: 403 });
  expect(versionRequests(fake)).toEqual([]);
});

test('an outage of one version is thrown, and is an answer at the deadline', async () => {
  const fake = await startWith(['f', 'b']);
  fake.set(`${base}/versions/1`, { status: 502 });
  await expect(read(fake)).rejects.toMatchObject({ code: 'server_error' });
  const { earlierCommits } = await read(fake, { deadline: true });
  expect(earlierCommits).toEqual({ ok: false, code: 'server_error', status: 502 });
});

test('an empty patch id is none, so that no two revisions share it', () => {
  expect(Version.parse({ ...version(1, 'a'), patch_id_sha: '' }).patchId).toBeNull();
  expect(Version.parse({ ...version(1, 'a'), patch_id_sha: '9a7c' }).patchId).toBe('9a7c');
});
