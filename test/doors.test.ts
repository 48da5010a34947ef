import { randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, startWorld, type World } from './support/service.ts';

const oldToken = `whsec_${randomBytes(32).toString('base64')}`;
const newToken = `whsec_${randomBytes(32).toString('base64')}`;
const plainToken = randomBytes(16).toString('hex');

let signed: World;
let plain: World;
let database: Client;
let iids = 0;

beforeAll(async () => {
  signed = await startWorld({
    connectHook: false,
    environment: { GITLAB_SIGNING_TOKEN: `${oldToken},${newToken}`, GITLAB_WEBHOOK_TOKEN: plainToken },
  });
  plain = await startWorld({
    connectHook: false,
    sandbox: { gitlabVersion: '17.11.0' },
    environment: { GITLAB_WEBHOOK_TOKEN: plainToken },
  });
  database = new Client({ connectionString: signed.databaseUrl });
  await database.connect();
});

afterAll(async () => {
  await database.end();
  await signed.close();
  await plain.close();
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  for (const secret of [oldToken, newToken, plainToken, 'postgres://']) expect(text).not.toContain(secret);
  const body: Record<string, unknown> = JSON.parse(text);
  const members = response.ok ? ['result'] : ['error', 'message'];
  expect(Object.keys(body)).toEqual(expect.arrayContaining(members));
  return { status: response.status, body };
}

async function send(body: unknown, headers: Record<string, string> = {}, token = oldToken): Promise<Answer> {
  return answerOf(await deliver(hookOf(signed), token, body, headers));
}

async function sendPlain(world: World, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(hookOf(world), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-gitlab-event': 'Merge Request Hook', ...headers },
    body: JSON.stringify(body),
  });
  return answerOf(response);
}

function hookOf({ service }: World): string {
  return `${service.address}/webhooks/gitlab`;
}

function mergeEvent(over: { project?: string; attributes?: object; rest?: object } = {}): object {
  iids++;
  return {
    object_kind: 'merge_request',
    event_type: 'merge_request',
    project: { id: 999, path_with_namespace: over.project ?? 'acme/unknown', web_url: 'https://gitlab.example/u' },
    object_attributes: {
      id: iids,
      iid: iids,
      action: 'merge',
      state: 'merged',
      target_branch: 'main',
      ...over.attributes,
    },
    labels: [{ title: 'security::payments' }],
    ...over.rest,
  };
}

async function count(table: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return rows[0]!.count;
}

async function kept(): Promise<number[]> {
  const counts: number[] = [];
  for (const table of ['delivery', 'journal', 'change']) counts.push(await count(`countersign.${table}`));
  return counts;
}

function secondsFromNow(seconds: number): string {
  return String(Math.floor(Date.now() / 1000) + seconds);
}

test.each([
  ['another signature', { 'webhook-signature': `v1,${randomBytes(32).toString('base64')}` }, 'signature_invalid'],
  ['a time of ten minutes ago', { 'webhook-timestamp': secondsFromNow(-600) }, 'timestamp_outside_window'],
  ['a time in ten minutes', { 'webhook-timestamp': secondsFromNow(600) }, 'timestamp_outside_window'],
  ['a time that is none', { 'webhook-timestamp': 'noon' }, 'timestamp_missing'],
  ['an empty signature', { 'webhook-signature': '' }, 'signature_missing'],
])('turns away %s with 401 and keeps nothing', async (_what, headers, error) => {
  const before = await kept();
  expect(await send(mergeEvent(), headers)).toMatchObject({ status: 401, body: { error } });
  expect(await kept()).toEqual(before);
});

test('turns away a signature made with a token that is not ours', async () => {
  const foreign = `whsec_${randomBytes(32).toString('base64')}`;
  expect(await send(mergeEvent(), {}, foreign)).toMatchObject({ status: 401, body: { error: 'signature_invalid' } });
});

test('a plain token does not count where a signing token is set', async () => {
  const answer = await sendPlain(signed, mergeEvent(), { 'x-gitlab-token': plainToken });
  expect(answer).toMatchObject({ status: 401, body: { error: 'signature_missing' } });
});

test('a plain token counts where no signing token is set, and only the right one', async () => {
  const wrong = await sendPlain(plain, mergeEvent(), { 'x-gitlab-token': 'another' });
  expect(wrong).toMatchObject({ status: 401, body: { error: 'token_invalid' } });
  expect(await sendPlain(plain, mergeEvent())).toMatchObject({ status: 401, body: { error: 'token_missing' } });
  const right = await sendPlain(plain, mergeEvent(), { 'x-gitlab-token': plainToken });
  expect(right).toMatchObject({ status: 200, body: { result: 'accepted' } });
});

test('a delivery that has only an Idempotency-Key is known again by it', async () => {
  const headers = { 'x-gitlab-token': plainToken, 'idempotency-key': randomUUID() };
  const event = mergeEvent();
  expect((await sendPlain(plain, event, headers)).body['result']).toBe('accepted');
  expect((await sendPlain(plain, event, headers)).body['result']).toBe('duplicate');
});

test.each([
  ['old', oldToken],
  ['new', newToken],
])('the %s token counts while both are set', async (_which, token) => {
  expect(await send(mergeEvent(), {}, token)).toMatchObject({ status: 200, body: { result: 'accepted' } });
});

test.each<[string, unknown, Record<string, string>, number, string]>([
  ['another content type', mergeEvent(), { 'content-type': 'text/plain' }, 415, 'wrong_type'],
  ['a form', mergeEvent(), { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'wrong_type'],
  ['no JSON', 'merged!', {}, 400, 'not_json'],
  ['an empty body', '', {}, 400, 'not_json'],
  ['a list', [], {}, 400, 'wrong_shape'],
  ['an object of another shape', { hello: 'world' }, {}, 400, 'wrong_shape'],
  ['a merge without a number', mergeEvent({ attributes: { iid: 'one' } }), {}, 400, 'wrong_shape'],
])('turns away %s', async (_what, body, headers, status, error) => {
  const answer = await send(body, headers);
  expect({ status: answer.status, error: answer.body['error'] }).toEqual({ status, error });
});

test('turns away a body that is announced as too large before it is sent', async () => {
  const { hostname, port, pathname } = new URL(hookOf(signed));
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': 27 * 1024 * 1024 };
    const call = request({ hostname, port, path: pathname, method: 'POST', headers }, (response) => {
      resolve(response.statusCode);
      call.destroy();
    });
    call.on('error', reject);
    call.flushHeaders();
  });
  expect(status).toBe(413);
});

test('there is nothing at other addresses', async () => {
  const answer = await answerOf(await fetch(`${signed.service.address}/webhooks/github`, { method: 'POST' }));
  expect(answer).toMatchObject({ status: 404, body: { error: 'not_found' } });
});

test.each([
  ['event', { object_kind: 'push' }],
  ['project', mergeEvent({ project: 'elsewhere/payments' })],
  ['label', mergeEvent({ rest: { labels: [{ title: 'backend' }] } })],
])('ignores what is out of scope by its %s without keeping it', async (reason, body) => {
  const before = await kept();
  expect(await send(body)).toEqual({ status: 200, body: { result: 'ignored', reason } });
  expect(await kept()).toEqual(before);
});

test('the same webhook-id twice is a duplicate and starts nothing', async () => {
  const event = mergeEvent();
  const headers = { 'webhook-id': randomUUID() };
  expect((await send(event, headers)).body['result']).toBe('accepted');
  const before = await kept();
  expect((await send(event, headers)).body['result']).toBe('duplicate');
  expect(await kept()).toEqual(before);
});

test('takes a merge from a system hook, which may leave the action out', async () => {
  const event = mergeEvent({
    attributes: { action: undefined },
    rest: { changes: { state_id: { previous: 1, current: 3 } } },
  });
  const answer = await send(event, { 'x-gitlab-event': 'System Hook' });
  expect(answer).toMatchObject({ status: 200, body: { result: 'accepted' } });
});

test('an accepted merge stands in the database, with its work, when the answer arrives', async () => {
  const event = mergeEvent();
  const { body } = await send(event);
  const { rows } = await database.query(
    `select o.stage from countersign.change c
       join countersign.journal j on j.project_id = c.project_id and j.iid = c.iid
       join countersign.delivery d on d.id = j.delivery
       join countersign.outcome o on o.change_id = c.id
       join pgboss.job w on w.name = o.stage and w.singleton_key = c.id::text
     where c.key = $1 and o.stage = 'capture'`,
    [body['change']],
  );
  expect(rows).toHaveLength(1);
});

test('nothing is acknowledged while it cannot be stored', async () => {
  await database.query('begin');
  await database.query('lock table countersign.delivery in access exclusive mode');
  let answered = false;
  const sent = send(mergeEvent()).finally(() => (answered = true));
  const waiting = "select from pg_locks where relation = 'countersign.delivery'::regclass and not granted";
  while ((await database.query(waiting)).rowCount === 0);
  expect(answered).toBe(false);
  await database.query('rollback');
  expect(await sent).toMatchObject({ status: 200, body: { result: 'accepted' } });
});
