import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';
import { startReceiver, type Receiver } from '../testing/receiver.ts';

let filled: FilledGitLab;
let receiver: Receiver;
const mr = { project: 'acme/payments', iid: 1 };

beforeEach(async () => {
  filled = await startFilledGitLab();
  receiver = await startReceiver();
  filled.gitlab.createHook({ project: 'acme/payments', url: receiver.url, pushes: true });
});

afterEach(async () => {
  await filled.gitlab.close();
  await receiver.close();
});

async function read(path: string) {
  return (await filled.ask(path)).body;
}

async function hooksOf(kind: string) {
  await filled.gitlab.delivered();
  return receiver.received.map(({ json }) => json).filter(({ object_kind }) => object_kind === kind);
}

async function mergedEvent(path = filled.one) {
  const events = await read(`${path}/resource_state_events`);
  return events.find(({ state }: { state: string }) => state === 'merged');
}

test.each([false, true])('a push to the target branch merges without approvals; merged by hand: %s', async (by) => {
  const { gitlab, one } = filled;
  const { sha } = gitlab.mergeByPush({ ...mr, by: 'ana', mergeCommit: by });
  const whole = await read(one);
  expect(whole).toMatchObject({ state: 'merged', merge_user: { username: 'ana' }, sha });
  expect(whole.merge_commit_sha === sha).toBe(!by);
  expect(await mergedEvent()).toMatchObject({
    user: { username: 'ana' },
    source_commit: whole.merge_commit_sha,
    source_merge_request_id: null,
  });
  expect((await read(`${one}/approvals`)).approved_by).toEqual([]);
  const merge = (await hooksOf('merge_request')).find(({ object_attributes }) => object_attributes.action === 'merge');
  // No lock: nobody pressed the button.
  expect(merge.changes.state_id).toEqual({ previous: 1, current: 3 });
  const [push] = await hooksOf('push');
  expect(push).toMatchObject({ ref: 'refs/heads/main', after: whole.merge_commit_sha, user_username: 'ana' });
  const landed = await read(`/projects/acme%2Fpayments/repository/commits/${whole.merge_commit_sha}`);
  expect(landed.parent_ids).toEqual(by ? [push.before, sha] : [push.before]);
});

test('only who may write to the project pushes to its target branch', () => {
  expect(() => filled.gitlab.mergeByPush({ ...mr, by: 'eve' })).toThrow(/may not merge/);
  filled.gitlab.closeMergeRequest({ ...mr, by: 'ana' });
  expect(() => filled.gitlab.mergeByPush({ ...mr, by: 'ana' })).toThrow(/closed/);
});

test('a merge request that another one carries is merged with it, and names it', async () => {
  const { gitlab, one } = filled;
  const carrier = gitlab.createMergeRequest({ project: 'acme/payments', author: 'bo', title: 'Both', onTopOf: 1 });
  gitlab.approve({ ...mr, iid: carrier.iid, by: 'cy' });
  expect(() => gitlab.mergeThrough({ ...mr, by: 'mira', carrier: carrier.iid })).toThrow(/not_approved/);
  gitlab.setApprovalRules({ project: 'acme/payments', rules: [] });
  expect(gitlab.mergeThrough({ ...mr, by: 'mira', carrier: carrier.iid }).state).toBe('merged');
  const carried = await read(`/projects/acme%2Fpayments/merge_requests/${carrier.iid}`);
  expect(await read(one)).toMatchObject({ state: 'merged', merge_commit_sha: carried.merge_commit_sha });
  expect(await mergedEvent()).toMatchObject({ source_commit: null, source_merge_request_id: carrier.id });
  expect(await mergedEvent(`/projects/acme%2Fpayments/merge_requests/${carrier.iid}`)).toMatchObject({
    source_commit: null,
    source_merge_request_id: null,
  });
  const merges = (await hooksOf('merge_request')).filter(
    ({ object_attributes }) => object_attributes.action === 'merge',
  );
  const locks = merges.map(({ object_attributes, changes }) => [object_attributes.iid, changes.state_id.previous]);
  expect(new Map(locks as [number, number][])).toEqual(
    new Map([
      [carrier.iid, 4],
      [1, 1],
    ]),
  );
});

test('what does not hold the commits, or squashes them, carries nothing', () => {
  const { gitlab } = filled;
  const apart = gitlab.createMergeRequest({ project: 'acme/payments', author: 'bo', title: 'Apart' });
  expect(() => gitlab.mergeThrough({ ...mr, by: 'mira', carrier: apart.iid })).toThrow(/does not hold/);
  expect(() => gitlab.mergeThrough({ ...mr, by: 'mira', carrier: 1 })).toThrow(/does not hold/);
  const squashing = gitlab.createMergeRequest({ project: 'acme/payments', author: 'bo', title: 'Squash', onTopOf: 1 });
  const through = { ...mr, by: 'mira', carrier: squashing.iid, squash: true, anyway: true };
  expect(() => gitlab.mergeThrough(through)).toThrow(/squash/);
});

test('older servers do not say what a merge was found in', async () => {
  filled.gitlab.setSwitch({ name: 'stateEventSourceShown', value: false });
  filled.gitlab.mergeByPush({ ...mr, by: 'ana' });
  const event = await mergedEvent();
  expect(event).not.toHaveProperty('source_commit');
  expect(event).not.toHaveProperty('source_merge_request_id');
});

test('a squash is a commit by the author, committed by who merges, and sha may name it', async () => {
  const { gitlab, one } = filled;
  const { sha } = gitlab.merge({ ...mr, by: 'mira', squash: true, anyway: true });
  const whole = await read(one);
  expect(whole.sha).toBe(sha);
  const commit = async (id: string) => read(`/projects/acme%2Fpayments/repository/commits/${id}`);
  expect(await commit(whole.squash_commit_sha)).toMatchObject({
    parent_ids: [whole.diff_refs.base_sha],
    author_email: 'ana@example.test',
    committer_email: 'mira@example.test',
  });
  expect((await commit(whole.merge_commit_sha)).parent_ids[1]).toBe(whole.squash_commit_sha);
  gitlab.setSwitch({ name: 'shaOfSquash', value: 'squash' });
  expect((await read(one)).sha).toBe(whole.squash_commit_sha);
});

test('whoever sets a merge request to merge by itself is its merge user, whoever carries it out', async () => {
  const { gitlab, one } = filled;
  const { username: robot } = gitlab.createUser({
    kind: 'project_bot',
    memberOf: [{ project: 'acme/payments', role: 'maintainer' }],
  });
  gitlab.armAutoMerge({ ...mr, by: 'cy' });
  expect(() => gitlab.armAutoMerge({ ...mr, by: 'bo' })).toThrow(/already/);
  expect(await read(one)).toMatchObject({
    merge_when_pipeline_succeeds: true,
    merge_user: { username: 'cy' },
    merged_by: null,
  });
  gitlab.push({ ...mr, by: 'ana' });
  expect(await read(one)).toMatchObject({ merge_when_pipeline_succeeds: false, merge_user: null });
  gitlab.armAutoMerge({ ...mr, by: 'cy' });
  expect(() => gitlab.merge({ ...mr, by: robot })).toThrow(/not_approved/);
  gitlab.setApprovalRules({ project: 'acme/payments', rules: [] });
  gitlab.merge({ ...mr, by: robot });
  expect(await read(one)).toMatchObject({ state: 'merged', merge_user: { username: 'cy' } });
  expect(await mergedEvent()).toMatchObject({ user: { username: robot } });
});

test('merge_user may as well be who carried the automatic merge out', async () => {
  const { gitlab, one } = filled;
  gitlab.setSwitch({ name: 'mergeUserOfAutoMerge', value: 'merged' });
  gitlab.armAutoMerge({ ...mr, by: 'cy' });
  gitlab.merge({ ...mr, by: 'mira', anyway: true });
  expect((await read(one)).merge_user.username).toBe('mira');
});
