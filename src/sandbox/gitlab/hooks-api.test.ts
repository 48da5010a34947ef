import { afterEach, beforeEach, expect, test } from 'vitest';
import { signingToken, startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';
import { startReceiver, type Receiver } from '../testing/receiver.ts';

let filled: FilledGitLab;
let receiver: Receiver;
const hooks = '/groups/acme/hooks';

beforeEach(async () => {
  receiver = await startReceiver();
  filled = await startFilledGitLab();
});

afterEach(async () => {
  await filled.gitlab.close();
  await receiver.close();
});

function keep(path: string, method = 'GET', json?: unknown) {
  return filled.ask(path, { token: 'keeper', method, ...(json === undefined ? {} : { json }) });
}

test('a hook is created, read, changed and deleted, and never shows its secrets', async () => {
  const json = { url: receiver.url, token: 'plain', signing_token: signingToken, merge_requests_events: true };
  const created = await keep(hooks, 'POST', { ...json, push_events: false, name: 'Countersign' });
  expect(created).toMatchObject({
    status: 201,
    body: {
      name: 'Countersign',
      merge_requests_events: true,
      push_events: false,
      token_present: true,
      signing_token_present: true,
      alert_status: 'executable',
      group_id: 88,
    },
  });
  expect(created.text).not.toContain('whsec_');
  expect(created.text).not.toContain('plain');
  const one = `${hooks}/${created.body.id}`;
  expect((await keep(one)).body).toEqual(created.body);
  expect((await keep(hooks)).body).toEqual([created.body]);

  const moved = await keep(one, 'PUT', { url: `${receiver.url}/elsewhere`, note_events: 'true' });
  expect(moved.body).toMatchObject({ token_present: false, signing_token_present: true, note_events: true });
  expect((await keep(one, 'DELETE')).status).toBe(204);
  expect((await keep(one)).status).toBe(404);
});

test('a new hook hears of pushes only', async () => {
  const { body } = await keep('/projects/acme%2Fpayments/hooks', 'POST', { url: receiver.url });
  expect(body).toMatchObject({ push_events: true, merge_requests_events: false, project_id: 501 });
  filled.gitlab.approve({ project: 'acme/payments', iid: 1, by: 'bo' });
  await filled.gitlab.delivered();
  expect(receiver.received).toEqual([]);
});

test('fields that make no sense are refused', async () => {
  const cases: [number, unknown][] = [
    [400, {}],
    [422, { url: 'not an address' }],
    [422, { url: 'ftp://example.test' }],
    [422, { url: receiver.url, signing_token: 'whsec_short' }],
    [400, { url: receiver.url, merge_requests_events: 'perhaps' }],
    [400, { url: receiver.url, branch_filter_strategy: 'some' }],
    [400, { url: receiver.url, custom_headers: [{ key: 'X-Bad', value: 'a\r\nb' }] }],
    [400, { url: 17 }],
    [400, []],
  ];
  for (const [status, json] of cases) {
    expect([(await keep(hooks, 'POST', json)).status, json]).toEqual([status, json]);
  }
  expect((await keep(hooks)).body).toEqual([]);
});

test('servers before 19.0 take no notice of a signing token', async () => {
  const older = await startFilledGitLab({ version: '18.11.0-ee' });
  const { body } = await older.ask(hooks, {
    method: 'POST',
    token: 'keeper',
    json: { url: receiver.url, signing_token: signingToken },
  });
  expect(body).not.toHaveProperty('signing_token_present');
  await older.gitlab.close();
});

test('custom headers and secret parts of the address are sent, and cannot replace the headers of GitLab', async () => {
  const { body } = await keep(hooks, 'POST', {
    url: receiver.url.replace('/hook', '/{part}'),
    merge_requests_events: true,
  });
  const one = `${hooks}/${body.id}`;
  expect((await keep(`${one}/url_variables/part`, 'PUT', { value: 'secret' })).status).toBe(204);
  await keep(`${one}/custom_headers/X-Team`, 'PUT', { value: 'security' });
  await keep(`${one}/custom_headers/X-Gitlab-Event`, 'PUT', { value: 'Push Hook' });
  expect((await keep(one)).body.url_variables).toEqual([{ key: 'part' }]);
  filled.gitlab.approve({ project: 'acme/payments', iid: 1, by: 'bo' });
  await filled.gitlab.delivered();
  expect(receiver.received[0]!.headers).toMatchObject({
    'x-team': 'security',
    'x-gitlab-event': 'Merge Request Hook',
  });
  expect((await keep(`${one}/custom_headers/X-Team`, 'DELETE')).status).toBe(204);
  expect((await keep(`${one}/custom_headers/X-Team`, 'DELETE')).status).toBe(404);
});

test('the delivery log keeps what was sent and answered for seven days, filtered by status', async () => {
  const { body } = await keep(hooks, 'POST', { url: receiver.url, token: 'plain', merge_requests_events: true });
  const events = `${hooks}/${body.id}/events`;
  const { gitlab, advance } = filled;
  gitlab.approve({ project: 'acme/payments', iid: 1, by: 'bo' });
  await gitlab.delivered();
  receiver.answer = 401;
  gitlab.approve({ project: 'acme/payments', iid: 1, by: 'cy' });
  await gitlab.delivered();

  const all = await keep(events);
  expect(all.text).not.toContain('plain');
  expect(all.body).toMatchObject([
    { response_status: '401', trigger: 'merge_request_hooks' },
    {
      response_status: '200',
      response_body: '{"result":"accepted"}',
      request_data: { object_attributes: { action: 'approval' } },
      request_headers: { 'X-Gitlab-Event': 'Merge Request Hook' },
    },
  ]);
  expect((await keep(`${events}?status=successful`)).body).toHaveLength(1);
  expect((await keep(`${events}?status=client_failure`)).body).toHaveLength(1);
  expect((await keep(`${events}?status=401`)).body).toHaveLength(1);
  advance(8 * 24 * 3600 * 1000);
  expect((await keep(events)).body).toEqual([]);
});
