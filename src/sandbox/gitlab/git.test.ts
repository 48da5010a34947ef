import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';

let filled: FilledGitLab;
const mr = { project: 'acme/payments', iid: 1 };
const commitsPath = '/projects/acme%2Fpayments/repository/commits';

beforeEach(async () => {
  filled = await startFilledGitLab();
});

afterEach(() => filled.gitlab.close());

interface ShownCommit {
  readonly id: string;
  readonly parent_ids: string[];
  readonly author_email: string;
  readonly committer_email: string;
}

async function read(path: string) {
  const { status, body } = await filled.ask(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
}

/** The newest version with its commits, newest first. */
async function newestVersion() {
  const [newest] = await read(`${filled.one}/versions`);
  return read(`${filled.one}/versions/${newest.id}`);
}

test('each version keeps the commits and the changes of its push', async () => {
  filled.gitlab.push({ ...mr, by: 'ana', commits: [{ title: 'More', paths: ['b.ts'] }] });
  const [second, first] = await read(`${filled.one}/versions`);
  const whole = await read(`${filled.one}/versions/${second.id}`);
  const { commits, diffs, ...rest } = whole;
  expect(rest).toEqual(second);
  expect(commits.map(({ id }: ShownCommit) => id)).toEqual([second.head_commit_sha, first.head_commit_sha]);
  expect(commits.map(({ parent_ids }: ShownCommit) => parent_ids)).toEqual([
    [first.head_commit_sha],
    [first.base_commit_sha],
  ]);
  expect(diffs.map(({ new_path }: { new_path: string }) => new_path)).toContain('b.ts');
  expect((await read(`${filled.one}/versions/${first.id}`)).commits).toHaveLength(1);
  expect((await filled.ask(`${filled.one}/versions/1`)).status).toBe(404);
});

test('the listing of commits leaves their parents out, unless the switch is turned', async () => {
  expect((await read(`${filled.one}/commits`))[0].parent_ids).toEqual([]);
  filled.gitlab.setSwitch({ name: 'commitParentsInListing', value: true });
  expect((await read(`${filled.one}/commits`))[0].parent_ids).toHaveLength(1);
});

test('after the merge only the last version keeps its files, and all keep their commits', async () => {
  const { gitlab, one } = filled;
  gitlab.push({ ...mr, by: 'ana' });
  gitlab.merge({ ...mr, by: 'mira', anyway: true });
  const [last, first] = await read(`${one}/versions`);
  expect([last.state, first.state]).toEqual(['collected', 'without_files']);
  expect(await read(`${one}/versions/${first.id}`)).toMatchObject({ diffs: [], commits: [{}] });
  gitlab.setSwitch({ name: 'olderVersionsKeepFiles', value: true });
  expect((await read(`${one}/versions/${first.id}`)).diffs).toHaveLength(1);
});

test('a commit is found by its sha, the beginning of it, or the branch that it ends', async () => {
  const { gitlab } = filled;
  const { sha, mergeCommitSha } = gitlab.merge({ ...mr, by: 'mira', anyway: true });
  const merged = await read(`${commitsPath}/${mergeCommitSha}`);
  expect(merged.parent_ids).toEqual([expect.any(String), sha]);
  expect((await read(`${commitsPath}/main`)).id).toBe(mergeCommitSha);
  expect((await read(`${commitsPath}/${sha.slice(0, 8)}`)).id).toBe(sha);
  expect((await read(`${commitsPath}/${merged.parent_ids[0]}`)).parent_ids).toEqual([]);
  const unknown = await filled.ask(`${commitsPath}/${'0'.repeat(40)}`);
  expect(unknown).toMatchObject({ status: 404, body: { message: '404 Commit Not Found' } });
  expect((await filled.ask(`${commitsPath}/${sha}`, { token: 'outsider' })).status).toBe(404);
});

test('a commit names the merge requests that hold it or landed as it', async () => {
  const { gitlab } = filled;
  const other = gitlab.createMergeRequest({ project: 'acme/payments', author: 'bo', title: 'On top', onTopOf: 1 });
  const [whole] = await read(`${filled.one}/versions`);
  const iids = async (sha: string, query = '') =>
    (await read(`${commitsPath}/${sha}/merge_requests${query}`)).map(({ iid }: { iid: number }) => iid);
  expect(await iids(whole.head_commit_sha)).toEqual([other.iid, 1]);
  expect(await iids(other.sha)).toEqual([other.iid]);
  const { mergeCommitSha } = gitlab.merge({ ...mr, by: 'mira', anyway: true });
  expect(await iids(mergeCommitSha!)).toEqual([1]);
  expect(await iids(whole.head_commit_sha, '?state=merged')).toEqual([1]);
});

test('a rebase makes its committer of whoever rebases, and authors stay', async () => {
  const { gitlab } = filled;
  gitlab.push({ ...mr, by: 'ana', commits: [{ title: 'By others', authorEmail: 'x@y.test', committer: 'bo' }] });
  const before = await newestVersion();
  gitlab.rebase({ ...mr, by: 'mira' });
  const after = await newestVersion();
  expect(after.patch_id_sha).toBe(before.patch_id_sha);
  expect(after.base_commit_sha).not.toBe(before.base_commit_sha);
  const emails = (field: 'author_email' | 'committer_email', { commits }: { commits: ShownCommit[] }) =>
    commits.map((commit) => commit[field]);
  expect(emails('author_email', after)).toEqual(emails('author_email', before));
  expect(emails('committer_email', before)).toEqual(['bo@example.test', 'ana@example.test']);
  expect(emails('committer_email', after)).toEqual(['mira@example.test', 'mira@example.test']);
  expect(after.commits.at(-1).parent_ids).toEqual([after.base_commit_sha]);
});

test('merging the target branch in keeps patch id and approvals, unless conflicts had to be edited', async () => {
  const { gitlab, one } = filled;
  gitlab.approve({ ...mr, by: 'bo' });
  const before = await newestVersion();
  gitlab.mergeTargetIntoBranch({ ...mr, by: 'ana' });
  const clean = await newestVersion();
  expect(clean.commits[0].parent_ids).toEqual([before.head_commit_sha, clean.base_commit_sha]);
  expect(clean.base_commit_sha).not.toBe(before.base_commit_sha);
  expect(clean.patch_id_sha).toBe(before.patch_id_sha);
  expect((await read(`${one}/approvals`)).approved_by).toHaveLength(1);
  gitlab.mergeTargetIntoBranch({ ...mr, by: 'ana', conflictEdits: true });
  expect((await newestVersion()).patch_id_sha).not.toBe(before.patch_id_sha);
  expect((await read(`${one}/approvals`)).approved_by).toEqual([]);
});

test('a server that does not compare patch ids resets approvals whenever the target branch is merged in', async () => {
  const { gitlab, one } = filled;
  gitlab.setSwitch({ name: 'approvalsKeptForSamePatch', value: false });
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.mergeTargetIntoBranch({ ...mr, by: 'ana' });
  expect((await read(`${one}/approvals`)).approved_by).toEqual([]);
});

test('a push by force drops what was there, and older versions still know it', async () => {
  const { gitlab, one } = filled;
  gitlab.push({ ...mr, by: 'bo', commits: [{ title: 'By bo' }] });
  gitlab.push({ ...mr, by: 'ana', commits: [{ title: 'All over' }], replace: true });
  const commits = await read(`${one}/commits`);
  expect(commits.map(({ title }: { title: string }) => title)).toEqual(['All over']);
  const [last, middle] = await read(`${one}/versions`);
  expect(last.base_commit_sha).toBe(middle.base_commit_sha);
  const dropped = (await read(`${one}/versions/${middle.id}`)).commits;
  expect(dropped).toMatchObject([{ author_email: 'bo@example.test' }, { author_email: 'ana@example.test' }]);
  expect((await read(`${commitsPath}/${dropped[0].id}`)).id).toBe(dropped[0].id);
});

test('a push back to an earlier head is a new version of the old commits, and no note tells of new ones', async () => {
  const { gitlab, one } = filled;
  const before = await newestVersion();
  gitlab.push({ ...mr, by: 'bo', commits: [{ title: 'By bo', paths: ['b.ts'] }] });
  const notes = await read(`${one}/notes`);
  gitlab.pushBack({ ...mr, by: 'ana', to: before.head_commit_sha });
  const { id, created_at, ...after } = await newestVersion();
  expect(id).toBeGreaterThan(before.id);
  expect(created_at > before.created_at).toBe(true);
  expect(before).toMatchObject(after);
  expect(await read(`${one}/notes`)).toHaveLength(notes.length);
  expect(() => gitlab.pushBack({ ...mr, by: 'ana', to: 'c0ffee' })).toThrowError(/never had/);
});
