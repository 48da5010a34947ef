import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signingToken, startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';
import { startReceiver, type Receiver } from '../testing/receiver.ts';

let receiver: Receiver;
let filled: FilledGitLab | undefined;

const mr = { project: 'acme/payments', iid: 1 };
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const hookTime = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC$/;

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  await filled?.gitlab.close();
  await receiver.close();
});

async function start(options: Parameters<typeof startFilledGitLab>[0] = {}): Promise<FilledGitLab> {
  filled = await startFilledGitLab(options);
  return filled;
}

async function mergeApproved({ gitlab }: FilledGitLab): Promise<void> {
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.approve({ ...mr, by: 'cy' });
  gitlab.merge({ ...mr, by: 'mira' });
  await gitlab.delivered();
}

test('a server of version 19 sends both generations of headers and a signature that verifies', async () => {
  const { gitlab } = await start();
  gitlab.createHook({ group: 'acme', url: receiver.url, token: 'plain', signingToken });
  gitlab.addLabel({ ...mr, by: 'ana', label: 'security::high' });
  await gitlab.delivered();

  const { headers, raw } = receiver.received[0]!;
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'GitLab/19.1.2-ee',
    'x-gitlab-event': 'Merge Request Hook',
    'x-gitlab-token': 'plain',
    'x-gitlab-instance': gitlab.url,
    'webhook-timestamp': String(Math.floor(Date.parse('2026-09-20T08:00:00Z') / 1000)),
  });
  expect(headers['webhook-id']).toMatch(uuid);
  expect(headers['idempotency-key']).toBe(headers['webhook-id']);
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw.toString('utf8')}`;
  const key = Buffer.from(signingToken.slice(6), 'base64');
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
});

test('a server of version 17 sends the plain token and an idempotency key, an older one the token alone', async () => {
  const { gitlab } = await start({ version: '17.11.3-ee' });
  gitlab.createHook({ project: 'acme/payments', url: receiver.url, token: 'plain', signingToken });
  gitlab.approve({ ...mr, by: 'bo' });
  await gitlab.delivered();
  const { headers } = receiver.received[0]!;
  expect(headers['x-gitlab-token']).toBe('plain');
  expect(headers['idempotency-key']).toMatch(uuid);
  expect(headers['webhook-id'] ?? headers['webhook-signature'] ?? headers['webhook-timestamp']).toBeUndefined();
  expect(receiver.received[0]!.json.object_attributes.actioned_at).toBeUndefined();
  await gitlab.close();

  const older = await start({ version: '16.1.0-ee' });
  older.gitlab.createHook({ project: 'acme/payments', url: receiver.url, token: 'plain' });
  older.gitlab.approve({ ...mr, by: 'bo' });
  await older.gitlab.delivered();
  expect(receiver.received[1]!.headers['idempotency-key']).toBeUndefined();
  expect(receiver.received[1]!.headers['x-gitlab-webhook-uuid']).toBeUndefined();
});

test('a merge sends one event whose payload has the traps of the real one', async () => {
  const started = await start();
  started.gitlab.createHook({ group: 'acme', url: receiver.url, signingToken });
  started.gitlab.addLabel({ ...mr, by: 'ana', label: 'security::high' });
  await mergeApproved(started);

  const merges = receiver.received.filter(({ json }) => json.object_attributes.action === 'merge');
  expect(merges).toHaveLength(1);
  const { json } = merges[0]!;
  expect(json).toMatchObject({
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: { username: 'mira', email: '[REDACTED]' },
    project: { path_with_namespace: 'acme/payments', visibility_level: 0, default_branch: 'main' },
    object_attributes: {
      iid: 1,
      state: 'merged',
      state_id: 3,
      merge_user_id: null,
      detailed_merge_status: 'not_open',
      system: false,
      merge_params: { force_remove_source_branch: '1' },
    },
    changes: { state_id: { previous: 4, current: 3 } },
  });
  expect(json.object_attributes.actioned_at).toMatch(hookTime);
  expect(json.object_attributes.updated_at).toMatch(hookTime);
  expect(json.object_attributes.last_commit.timestamp).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00$/);
  expect(json.object_attributes.merge_commit_sha).toMatch(/^[0-9a-f]{40}$/);
  expect(json.object_attributes).not.toHaveProperty('squash_commit_sha');
  expect(json.object_attributes).not.toHaveProperty('merged_at');
  expect(json.labels).toEqual(json.object_attributes.labels);
  expect(json.labels.map(({ title, type }: { title: string; type: string }) => [title, type])).toEqual([
    ['backend', 'GroupLabel'],
    ['security::high', 'GroupLabel'],
  ]);
  expect(json.reviewers).toMatchObject([
    { username: 'bo', state: 'approved', re_requested: false, email: '[REDACTED]' },
    { username: 'cy', state: 'approved' },
  ]);
  expect(json.object_attributes.approval_rules).toMatchObject([{ name: 'Security' }, { rule_type: 'any_approver' }]);
});

test('approvals are told as approval until nothing is missing, then as approved', async () => {
  const started = await start();
  started.gitlab.createHook({ group: 'acme', url: receiver.url });
  started.gitlab.holdDeliveries({});
  started.gitlab.approve({ ...mr, by: 'bo' });
  started.gitlab.approve({ ...mr, by: 'cy' });
  started.gitlab.unapprove({ ...mr, by: 'cy' });
  started.gitlab.unapprove({ ...mr, by: 'bo' });
  await started.gitlab.releaseDeliveries({});
  const actions = receiver.received.map(({ json }) => json.object_attributes.action);
  expect(actions).toEqual(['approval', 'approved', 'unapproved', 'unapproval']);
});

test('a push is told with the old head, and the approvals it removes with a system action', async () => {
  const { gitlab } = await start();
  gitlab.createHook({ group: 'acme', url: receiver.url, pushes: true });
  gitlab.approve({ ...mr, by: 'bo' });
  await gitlab.delivered();
  gitlab.holdDeliveries({});
  const before = receiver.received[0]!.json.object_attributes.last_commit.id;
  gitlab.push({ ...mr, by: 'ana' });
  await gitlab.releaseDeliveries({ order: 'kept' });
  const [pushed, updated, reset] = receiver.received.slice(1);
  expect(pushed!.headers['x-gitlab-event']).toBe('Push Hook');
  expect(updated!.json.object_attributes).toMatchObject({ action: 'update', oldrev: before, system: false });
  expect(reset!.json).toMatchObject({
    user: { username: 'ana' },
    object_attributes: { action: 'unapproval', system: true, system_action: 'approvals_reset_on_push' },
  });
});

test('a label added after the merge is an update that says what changed', async () => {
  const started = await start();
  await mergeApproved(started);
  started.gitlab.createHook({ group: 'acme', url: receiver.url });
  started.gitlab.addLabel({ ...mr, by: 'mira', label: 'security::low' });
  await started.gitlab.delivered();
  expect(receiver.received[0]!.json).toMatchObject({
    object_attributes: { action: 'update', state: 'merged' },
    changes: {
      labels: { previous: [{ title: 'backend' }], current: [{ title: 'backend' }, { title: 'security::low' }] },
    },
  });
});

test('a project hook, its group hook and a system hook all fire for one event, under ids of their own', async () => {
  const { gitlab } = await start({ switches: { systemHookHasAction: false, systemHookLabelsNull: true } });
  gitlab.createHook({ group: 'acme', url: receiver.url });
  gitlab.createHook({ project: 'acme/payments', url: receiver.url });
  gitlab.createHook({ project: 'acme/web', url: receiver.url });
  gitlab.createSystemHook({ url: receiver.url });
  gitlab.approve({ ...mr, by: 'bo' });
  await gitlab.delivered();
  expect(receiver.received).toHaveLength(3);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  expect(new Set(receiver.received.map(({ headers }) => headers['x-gitlab-event-uuid'])).size).toBe(1);
  const system = receiver.received.find(({ headers }) => headers['x-gitlab-event'] === 'System Hook');
  expect(system!.json.object_attributes).not.toHaveProperty('action');
  expect(system!.json.labels).toBeNull();
});

test('on Free group hooks are silent and every approval is told as approved', async () => {
  const { gitlab } = await start({ tier: 'free' });
  expect(() => gitlab.createHook({ group: 'acme', url: receiver.url })).toThrow(/Free/);
  gitlab.createHook({ project: 'acme/payments', url: receiver.url });
  gitlab.approve({ ...mr, by: 'bo' });
  await gitlab.delivered();
  expect(receiver.received[0]!.json.object_attributes.action).toBe('approved');
  expect(receiver.received[0]!.json.object_attributes).not.toHaveProperty('approval_rules');
});

test('what was held back can be released in another order, or lost', async () => {
  const { gitlab } = await start();
  gitlab.createHook({ group: 'acme', url: receiver.url });
  gitlab.holdDeliveries({});
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.approve({ ...mr, by: 'cy' });
  gitlab.merge({ ...mr, by: 'mira' });
  expect(gitlab.snapshot().held).toHaveLength(3);
  await gitlab.releaseDeliveries({ order: [2, 1] });
  expect(receiver.received.map(({ json }) => json.object_attributes.action)).toEqual(['merge', 'approved']);
});

test('empty reviewers may be left out, and a review asked for again has changes of another shape', async () => {
  const { gitlab } = await start({ switches: { reviewersFieldOmittedWhenEmpty: true } });
  gitlab.createHook({ group: 'acme', url: receiver.url });
  gitlab.requestReviewAgain({ ...mr, by: 'ana', reviewer: 'bo' });
  await gitlab.delivered();
  const { changes } = receiver.received[0]!.json;
  expect(changes.reviewers).toHaveLength(2);
  expect(changes.reviewers[1]).toMatchObject([{ username: 'bo', re_requested: true }, { username: 'cy' }]);

  gitlab.setReviewers({ ...mr, by: 'ana', reviewers: [] });
  await gitlab.delivered();
  expect(receiver.received[1]!.json).not.toHaveProperty('reviewers');
  expect(receiver.received[1]!.json.changes.reviewers).toMatchObject({ previous: [{}, {}], current: [] });
});

test('a custom payload replaces the body and reaches no member of an array', async () => {
  const { gitlab, ask } = await start();
  const template = '{"mr":"{{object_attributes.title}}","label":"{{labels.0.title}}"}';
  const json = { url: receiver.url, merge_requests_events: true, custom_webhook_template: template };
  await ask('/projects/acme%2Fpayments/hooks', { method: 'POST', token: 'keeper', json });
  gitlab.updateMergeRequest({ ...mr, by: 'ana', title: 'Say "no"' });
  await gitlab.delivered();
  expect(receiver.received[0]!.json).toEqual({ mr: 'Say "no"', label: '' });
});
