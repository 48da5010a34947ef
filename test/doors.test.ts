import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World } from './support/service.ts';

let world: World;
let hook: string;

beforeAll(async () => {
  world = await startWorld({ connectHook: false });
  hook = `${world.service.address}/webhooks/gitlab`;
});
afterAll(() => world.close());

const pipelineEvent = { object_kind: 'pipeline', project: { id: 501 } };

async function said(response: Response): Promise<[number, unknown]> {
  const body = (await response.json()) as { error?: string; result?: string };
  return [response.status, body.error ?? body.result];
}

test('a wrong signature is turned away', async () => {
  const headers = { 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` };
  expect(await said(await world.deliver(pipelineEvent, headers))).toEqual([401, 'signature_invalid']);
});

test('a request without a signature is turned away, whatever token it carries', async () => {
  const headers = { 'content-type': 'application/json', 'x-gitlab-token': 'anything' };
  expect(await said(await fetch(hook, { method: 'POST', headers, body: '{}' }))).toEqual([401, 'signature_missing']);
});

test.each([-301, 301])('a time stamp %d seconds away from our clock is turned away', async (seconds) => {
  const headers = { 'webhook-timestamp': String(Math.floor(Date.now() / 1000) + seconds) };
  expect(await said(await world.deliver(pipelineEvent, headers))).toEqual([401, 'timestamp_outside_window']);
});

test.each<[string, unknown, Record<string, string>, [number, string]]>([
  ['text that is not JSON', 'not json', {}, [400, 'not_json']],
  ['JSON of another shape', [1, 2, 3], {}, [400, 'wrong_shape']],
  ['a merge request event without its attributes', { object_kind: 'merge_request' }, {}, [400, 'wrong_shape']],
  ['another content type', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, [415, 'wrong_type']],
  ['an event that is not used', pipelineEvent, {}, [200, 'ignored']],
])('%s gets an answer of its own', async (_what, body, headers, expected) => {
  expect(await said(await world.deliver(body, headers))).toEqual(expected);
});

test('a body beyond what GitLab sends is turned away', async () => {
  // The connection may be closed while the rest is still being sent.
  const answer = await world.deliver(`{"padding":"${'x'.repeat(27 * 1024 * 1024)}"}`).then(said, () => 'closed');
  expect([[413, 'too_large'], 'closed']).toContainEqual(answer);
  expect((await fetch(`${world.service.address}/healthz`)).status).toBe(200);
});

test('an unknown address says so', async () => {
  expect(await said(await fetch(`${world.service.address}/nothing`))).toEqual([404, 'not_found']);
});

test('a label that comes after the merge is listed and never taken up', async () => {
  world.sandbox.connectHook(hook);
  const { project, iid } = openMergeRequest(world, { labels: ['backend'] });
  world.merge({ project, iid });
  world.sandbox.gitlab.addLabel({ project, iid, by: 'mlund', label: 'security::high' });
  await world.sandbox.gitlab.delivered();
  const status = await world.status();
  expect(status.attention.map(({ kind }) => kind)).toEqual(['late_label']);
  expect(status.changes).toMatchObject({ open: 0, done: 0 });
});

test('a label that goes before the merge is listed as withdrawn, until it is back', async () => {
  const { project, iid } = openMergeRequest(world, { labels: ['security::high'] });
  world.sandbox.gitlab.removeLabel({ project, iid, by: 'mlund', label: 'security::high' });
  await world.sandbox.gitlab.delivered();
  expect((await world.status()).attention.map(({ kind }) => kind)).toContain('withdrawn_label');
  world.sandbox.gitlab.addLabel({ project, iid, by: 'mlund', label: 'security::high' });
  await world.sandbox.gitlab.delivered();
  expect((await world.status()).attention.map(({ kind }) => kind)).not.toContain('withdrawn_label');
});

test('while the trigger is off nothing is taken up; sent again afterwards, it is', async () => {
  await world.service.trail.setTrigger('off');
  const before = (await world.status()).changes;
  const { project, iid } = openMergeRequest(world);
  world.merge({ project, iid });
  await world.sandbox.gitlab.delivered();
  expect((await world.status()).changes).toEqual(before);

  await world.service.trail.setTrigger('on');
  const [group] = world.sandbox.gitlab.snapshot().hooks;
  await world.sandbox.gitlab.resendDelivery({ hook: group!.id, delivery: group!.deliveries[0]!.id });
  await world.untilDone(before.done + 1);
  expect((await world.show({ project, iid }))?.change.iid).toBe(iid);
});
