import { afterEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';

let filled: FilledGitLab | undefined;

const mr = { project: 'acme/payments', iid: 1 };
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

afterEach(async () => {
  await filled?.gitlab.close();
});

async function start(options: Parameters<typeof startFilledGitLab>[0] = {}): Promise<FilledGitLab> {
  filled = await startFilledGitLab(options);
  return filled;
}

async function reviewAndMerge({ gitlab, advance }: FilledGitLab): Promise<void> {
  const steps = [
    () => gitlab.addLabel({ ...mr, by: 'ana', label: 'security::low' }),
    () => gitlab.addLabel({ ...mr, by: 'mira', label: 'security::high' }),
    () => gitlab.approve({ ...mr, by: 'bo' }),
    () => gitlab.push({ ...mr, by: 'ana', commits: [{ title: 'Check audience' }] }),
    () => gitlab.note({ ...mr, by: 'cy', body: 'approved this merge request' }),
    () => gitlab.approve({ ...mr, by: 'bo' }),
    () => gitlab.approve({ ...mr, by: 'cy' }),
    () => gitlab.merge({ ...mr, by: 'mira' }),
  ];
  for (const step of steps) {
    step();
    advance(60_000);
  }
}

test('after a review and a merge, all answers about it agree', async () => {
  const started = await start();
  await reviewAndMerge(started);
  const { ask, one } = started;

  const { body: whole } = await ask(one);
  expect(whole).toMatchObject({
    iid: 1,
    state: 'merged',
    detailed_merge_status: 'not_open',
    merge_user: { username: 'mira', state: 'active' },
    author: { username: 'ana' },
    reviewers: [
      { username: 'bo', state: 'active' },
      { username: 'cy', state: 'active' },
    ],
    labels: ['backend', 'security::high'],
    references: { short: '!1', full: 'acme/payments!1' },
    changes_count: '1',
    head_pipeline: { status: 'success', sha: whole.sha },
    diff_refs: { head_sha: whole.sha },
    squash_commit_sha: null,
  });
  expect(whole.merged_at).toMatch(iso);
  expect(whole.merge_commit_sha).toMatch(/^[0-9a-f]{40}$/);

  const { body: approvals } = await ask(`${one}/approvals`);
  expect(approvals).toMatchObject({ approved: true, approvals_required: 3, approvals_left: 0, state: 'merged' });
  const approvedAt = approvals.approved_by.map((entry: { approved_at: string }) => entry.approved_at);
  expect(approvedAt).toHaveLength(2);
  expect(approvedAt.every((time: string) => time < whole.merged_at)).toBe(true);

  const { body: state } = await ask(`${one}/approval_state`);
  expect(state.approval_rules_overwritten).toBe(false);
  expect(state.rules[0]).toMatchObject({ name: 'Security', approved: true, approved_by: [{ username: 'bo' }] });
  expect(JSON.stringify(state)).not.toContain('approved_at');

  const { body: versions } = await ask(`${one}/versions`);
  expect(versions).toHaveLength(2);
  expect(versions[0]).toMatchObject({ head_commit_sha: whole.sha, merge_request_id: whole.id, real_size: '1' });
  expect(versions[0].created_at < approvedAt[0]).toBe(true);
  const { body: commits } = await ask(`${one}/commits`);
  expect(commits[0]).toMatchObject({ id: whole.sha, title: 'Check audience', parent_ids: [] });

  const { body: labelEvents } = await ask(`${one}/resource_label_events`);
  expect(
    labelEvents.map(({ action, label, user }: never) => [
      action,
      (label as { name: string }).name,
      (user as { username: string }).username,
    ]),
  ).toEqual([
    ['add', 'backend', 'ana'],
    ['add', 'security::low', 'ana'],
    ['add', 'security::high', 'mira'],
    ['remove', 'security::low', 'mira'],
  ]);
  const { body: stateEvents } = await ask(`${one}/resource_state_events`);
  expect(stateEvents).toMatchObject([{ state: 'merged', created_at: whole.merged_at, user: { username: 'mira' } }]);

  const { body: notes } = await ask(`${one}/notes?sort=asc&order_by=created_at`);
  const approvalNotes = notes.filter(({ body, system }: never) => system && body === 'approved this merge request');
  expect(approvalNotes.map(({ created_at }: { created_at: string }) => created_at).slice(1)).toEqual(approvedAt);
  expect(notes.filter(({ system }: { system: boolean }) => !system)).toHaveLength(1);
  expect(notes.map(({ body }: { body: string }) => body)).toContain(
    'reset approvals from @bo by pushing to the branch',
  );
  expect((await ask(`${one}/notes`)).body[0].id).toBe(notes.at(-1).id);

  expect((await ask(`${one}/reviewers`)).body).toMatchObject([
    { user: { username: 'bo' }, state: 'approved' },
    { user: { username: 'cy' }, state: 'approved' },
  ]);
  expect((await ask(`${one}/participants`)).body).toHaveLength(4);
  expect((await ask(`${one}/discussions`)).body).toHaveLength(notes.length);
  expect((await ask(`${one}/pipelines`)).body[0]).toMatchObject({ sha: whole.sha, ref: 'refs/merge-requests/1/head' });
  expect((await ask(`${one}/diffs`)).body).toHaveLength(1);
  expect((await ask(`${one}/closes_issues`)).body).toEqual([]);
  started.gitlab.setProjectSettings({ project: 'acme/payments', externalTracker: true });
  expect((await ask(`${one}/closes_issues`)).body).toMatchObject([{ id: 'SEC-123' }]);

  const { body: list } = await ask('/groups/acme/merge_requests?state=merged&scope=all');
  expect(list).toHaveLength(1);
  for (const key of ['id', 'sha', 'merged_at', 'labels', 'merge_user']) expect(list[0][key]).toEqual(whole[key]);
  expect(list[0]).not.toHaveProperty('diff_refs');
});

test('a project is found by number and by path, and every answer names its fact', async () => {
  const { ask, calls, one } = await start();
  const { body } = await ask('/projects/acme%2Fpayments');
  expect((await ask(`/projects/${body.id}/merge_requests/1`)).body).toEqual((await ask(one)).body);
  await ask(`${one}/approvals`);
  expect(calls.at(-1)).toMatchObject({
    operation: 'GET /api/v4/projects/:id/merge_requests/:iid/approvals',
    fact: 'gitlab 4.3 approved_at',
  });
  expect(calls.every(({ fact }) => fact?.startsWith('gitlab '))).toBe(true);
});

test('Free answers approvals in a reduced form and has no endpoint that needs a licence', async () => {
  const { gitlab, ask, one } = await start({ tier: 'free' });
  gitlab.approve({ ...mr, by: 'bo' });
  const { body } = await ask(`${one}/approvals`);
  expect(Object.keys(body).toSorted()).toEqual(['approved', 'approved_by', 'user_can_approve', 'user_has_approved']);
  for (const path of [
    `${one}/approval_state`,
    `${one}/approval_rules`,
    '/projects/acme%2Fpayments/approvals',
    '/projects/acme%2Fpayments/merge_request_approval_setting',
    '/groups/acme/hooks',
  ]) {
    const { status, body } = await ask(path, { token: 'keeper' });
    expect({ path, status, body }).toEqual({ path, status: 404, body: { error: '404 Not Found' } });
  }
  expect((await ask('/metadata')).body).toMatchObject({ enterprise: false, version: '19.1.2' });

  gitlab.addLabel({ ...mr, by: 'ana', label: 'security::low' });
  gitlab.addLabel({ ...mr, by: 'ana', label: 'security::high' });
  expect((await ask(one)).body.labels).toEqual(['backend', 'security::high', 'security::low']);
  expect((await ask('/groups/acme/merge_requests?labels=security::*')).body).toEqual([]);
});

test('an older licensed server does not say when somebody approved', async () => {
  const { gitlab, ask, one } = await start({ tier: 'premium-old' });
  gitlab.approve({ ...mr, by: 'bo' });
  const { body } = await ask(`${one}/approvals`);
  expect(body.approved_by).toEqual([{ user: expect.objectContaining({ username: 'bo' }) }]);
  expect(body.approvals_required).toBe(3);
});

test('merge methods leave the commits that they leave', async () => {
  const { gitlab, ask } = await start();
  const make = (title: string, squash: boolean) =>
    gitlab.createMergeRequest({ project: 'acme/web', author: 'ana', title, squash }).iid;
  const plain = make('Plain', false);
  const squashed = make('Squashed', true);
  for (const iid of [plain, squashed]) gitlab.merge({ project: 'acme/web', iid, by: 'mira' });
  const read = async (iid: number) => (await ask(`/projects/acme%2Fweb/merge_requests/${iid}`)).body;
  expect(await read(plain)).toMatchObject({ merge_commit_sha: null, squash_commit_sha: null });
  expect(await read(squashed)).toMatchObject({ merge_commit_sha: null, squash_commit_sha: expect.any(String) });

  gitlab.merge({ ...mr, by: 'mira', squash: true, anyway: true });
  const both = (await ask('/projects/acme%2Fpayments/merge_requests/1')).body;
  expect([both.merge_commit_sha, both.squash_commit_sha]).toEqual([expect.any(String), expect.any(String)]);
  expect((await ask('/projects/acme%2Fweb/merge_requests/1/approvals')).body).toMatchObject({
    approvals_required: 0,
    approved_by: [],
    state: 'merged',
  });
});

test('a rebase keeps the patch id and the approvals, a push changes both', async () => {
  const { gitlab, ask, one } = await start();
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.rebase({ ...mr, by: 'ana' });
  const [rebased, first] = (await ask(`${one}/versions`)).body;
  expect(rebased.patch_id_sha).toBe(first.patch_id_sha);
  expect(rebased.head_commit_sha).not.toBe(first.head_commit_sha);
  expect((await ask(`${one}/approvals`)).body.approved_by).toHaveLength(1);
  gitlab.push({ ...mr, by: 'ana' });
  expect((await ask(`${one}/versions`)).body[0].patch_id_sha).not.toBe(first.patch_id_sha);
  expect((await ask(`${one}/approvals`)).body.approved_by).toEqual([]);
});

test('settings have twins of which some say the opposite', async () => {
  const { gitlab, ask } = await start();
  gitlab.setProjectSettings({ project: 'acme/payments', committersMayApprove: false, resetOnPush: false });
  gitlab.lockGroupSettings({ group: 'acme', authorMayApprove: false });
  expect((await ask('/projects/acme%2Fpayments/approvals')).body).toMatchObject({
    merge_requests_author_approval: false,
    merge_requests_disable_committers_approval: true,
    reset_approvals_on_push: false,
  });
  const path = '/projects/acme%2Fpayments/merge_request_approval_setting';
  expect((await ask(path)).status).toBe(403);
  expect((await ask(path, { token: 'keeper' })).body).toMatchObject({
    allow_author_approval: { value: false, locked: true, inherited_from: 'group' },
    allow_committer_approval: { value: false, locked: false, inherited_from: null },
    retain_approvals_on_push: { value: true },
  });
  expect(() => gitlab.approve({ ...mr, by: 'ana' })).toThrow(/Authors/);
});

test('approvals can vanish after the merge, and labels of events become null', async () => {
  const { gitlab, ask, one } = await start();
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.merge({ ...mr, by: 'mira', anyway: true });
  gitlab.eraseApproval({ ...mr, by: 'mira', approver: 'bo' });
  gitlab.deleteLabel({ group: 'acme', title: 'backend' });
  expect((await ask(`${one}/approvals`)).body.approved_by).toEqual([]);
  expect((await ask(`${one}/resource_label_events`)).body).toMatchObject([{ action: 'add', label: null }]);
  expect((await ask(one)).body.labels).toEqual([]);
});

test('the web address of a merge request leads to a page in which everything is escaped', async () => {
  const { gitlab } = await start();
  const { webUrl } = gitlab.updateMergeRequest({ ...mr, by: 'ana', title: '<script>alert(1)</script>' });
  const page = await (await fetch(webUrl)).text();
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toContain('<script>');
  expect((await fetch(`${gitlab.url}/acme/payments/-/merge_requests/99`)).status).toBe(404);
});
