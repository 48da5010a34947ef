import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';
import { startReceiver, type Receiver } from '../testing/receiver.ts';

let receiver: Receiver;
let filled: FilledGitLab;
let hook: number;

const mr = { project: 'acme/payments', iid: 1, by: 'ana' };
const minute = 60_000;

beforeEach(async () => {
  receiver = await startReceiver();
  filled = await startFilledGitLab({ hookTimeoutMs: 100 });
  hook = filled.gitlab.createHook({ group: 'acme', url: receiver.url, token: 'secret' }).id;
});

afterEach(async () => {
  await filled.gitlab.close();
  await receiver.close();
});

let turn = 0;
async function send(): Promise<number> {
  const before = receiver.received.length;
  filled.gitlab.updateMergeRequest({ ...mr, title: `Title ${turn++}` });
  await filled.gitlab.delivered();
  return receiver.received.length - before;
}

async function read() {
  return (await filled.ask(`/groups/acme/hooks/${hook}`, { token: 'keeper' })).body;
}

test('four failures in a row pause a hook for a minute, and each further one doubles the pause', async () => {
  receiver.answer = 500;
  for (let i = 0; i < 4; i++) expect(await send()).toBe(1);
  expect(await read()).toMatchObject({ alert_status: 'temporarily_disabled' });

  expect(await send()).toBe(0);
  filled.advance(minute + 1);
  expect(await read()).toMatchObject({ alert_status: 'executable' });
  expect(await send()).toBe(1);

  filled.advance(minute + 1);
  expect(await send()).toBe(0);
  filled.advance(minute);
  receiver.answer = 200;
  expect(await send()).toBe(1);
  expect(await read()).toMatchObject({ alert_status: 'executable', disabled_until: null });
  expect(filled.gitlab.snapshot().hooks[0]!.failures).toBe(0);
});

test('a hook that never answers fails after the time-out, and is logged as an internal error', async () => {
  receiver.answer = 'silence';
  await send();
  const { body } = await filled.ask(`/groups/acme/hooks/${hook}/events?status=server_failure`, { token: 'keeper' });
  expect(body).toMatchObject([
    { response_status: 'internal error', request_headers: { 'X-Gitlab-Token': '[REDACTED]' } },
  ]);
});

test('forty failures in a row disable a hook until a test request gets through', async () => {
  receiver.answer = 404;
  for (let i = 0; i < 40; i++) {
    expect(await send()).toBe(1);
    filled.advance(24 * 60 * minute + 1);
  }
  expect(await read()).toMatchObject({ alert_status: 'disabled' });
  expect(await send()).toBe(0);

  const test = `/groups/acme/hooks/${hook}/test/merge_requests_events`;
  expect(await filled.ask(test, { method: 'POST', token: 'keeper' })).toMatchObject({ status: 422 });
  expect(await read()).toMatchObject({ alert_status: 'disabled' });
  receiver.answer = 200;
  expect(await filled.ask(test, { method: 'POST', token: 'keeper' })).toMatchObject({
    status: 201,
    body: { message: '201 Created' },
  });
  expect(receiver.received.at(-1)!.json.object_attributes).not.toHaveProperty('action');
  expect(await read()).toMatchObject({ alert_status: 'executable' });
});

test('a redirect counts as delivered; where hooks are never disabled, failures change nothing', async () => {
  receiver.answer = 302;
  await send();
  expect(filled.gitlab.snapshot().hooks[0]!.failures).toBe(0);

  filled.gitlab.setSwitch({ name: 'autoDisable', value: false });
  receiver.answer = 500;
  for (let i = 0; i < 6; i++) expect(await send()).toBe(1);
});

test('events above the limit of a minute are dropped, and none are sent in silent mode', async () => {
  filled.gitlab.setSwitch({ name: 'deliveriesPerMinute', value: 1 });
  expect(await send()).toBe(1);
  expect(await send()).toBe(0);
  filled.advance(minute);
  expect(await send()).toBe(1);
  filled.advance(minute);
  filled.gitlab.setSwitch({ name: 'silentMode', value: true });
  expect(await send()).toBe(0);
});

test('a re-send has the same body and id under a new timestamp, until the address changes', async () => {
  await send();
  filled.advance(90_000);
  const events = await filled.ask(`/groups/acme/hooks/${hook}/events`, { token: 'keeper' });
  const resend = `/groups/acme/hooks/${hook}/events/${events.body[0].id}/resend`;
  const answer = await filled.ask(resend, { method: 'POST', token: 'keeper' });
  expect(answer.body).toEqual({ response_status: 200 });
  const [first, second] = receiver.received;
  expect(second!.raw.equals(first!.raw)).toBe(true);
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  expect(Number(second!.headers['webhook-timestamp'])).toBe(Number(first!.headers['webhook-timestamp']) + 90);

  filled.gitlab.setSwitch({ name: 'hookResendKeepsTimestamp', value: true });
  await filled.ask(resend, { method: 'POST', token: 'keeper' });
  expect(receiver.received[2]!.headers['webhook-timestamp']).toBe(first!.headers['webhook-timestamp']);

  await filled.ask(`/groups/acme/hooks/${hook}`, {
    method: 'PUT',
    token: 'keeper',
    json: { url: `${receiver.url}/2` },
  });
  expect((await filled.ask(resend, { method: 'POST', token: 'keeper' })).status).toBe(422);
  expect(await read()).toMatchObject({ token_present: false });
});

test('a sixth test within a minute is refused without any rate-limit header of its own', async () => {
  const test = `/groups/acme/hooks/${hook}/test/merge_requests_events`;
  for (let i = 0; i < 5; i++) expect((await filled.ask(test, { method: 'POST', token: 'keeper' })).status).toBe(201);
  const sixth = await filled.ask(test, { method: 'POST', token: 'keeper' });
  expect(sixth).toMatchObject({ status: 429, body: { message: { error: expect.stringContaining('too many times') } } });
  expect(sixth.headers.has('retry-after')).toBe(false);
});
