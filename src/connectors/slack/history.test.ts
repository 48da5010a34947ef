import { expect, test } from 'vitest';
import { createSlack, type Slack } from './client.ts';
import { startServer, type Reply, type TestServer } from './fixtures/server.ts';

const oldest = new Date('2026-09-21T14:00:00.5Z');
const search = { channel: 'C0POD', key: 'SEC-0a1b', oldest };

function confirmation(ts: string, more: object = {}): object {
  const metadata = { event_type: 'countersign_confirmation', event_payload: { key: 'SEC-0a1b' } };
  return { type: 'message', ts, bot_id: 'B1', text: 'Recorded', metadata, ...more };
}

/** A workspace whose history is these pages, newest first within each. */
function historyOf(...pages: object[][]) {
  return startServer(({ path, form }): Reply => {
    if (path === '/api/auth.test') return { body: { ok: true, user_id: 'U1', bot_id: 'B1', team: 'acme' } };
    const page = Number(form['cursor'] ?? 0);
    const next = page + 1 < pages.length ? String(page + 1) : '';
    return {
      body: { ok: true, messages: pages[page] ?? [], has_more: next !== '', response_metadata: { next_cursor: next } },
    };
  });
}

function slackAt(server: TestServer): Slack {
  return createSlack({ url: server.url, token: 'xoxb', timeoutMs: 1000, sleep: async () => undefined });
}

test('our own messages with the key are found, on every page, the oldest first', async () => {
  await using server = await historyOf(
    [confirmation('1764000009.000100'), { ts: '1764000008.000100', text: 'hello' }],
    [confirmation('1764000007.000200'), confirmation('1764000007.000100')],
  );
  expect(await slackAt(server).findPosted(search)).toEqual([
    { ts: '1764000007.000100' },
    { ts: '1764000007.000200' },
    { ts: '1764000009.000100' },
  ]);
  expect(server.asked[1]).toMatchObject({
    path: '/api/conversations.history',
    form: { channel: 'C0POD', oldest: '1789999200.500000', inclusive: 'true', include_all_metadata: 'true' },
  });
});

test.each([
  ['of another app', { bot_id: 'B2' }],
  ['of nobody', { bot_id: undefined }],
  ['with another key', { metadata: { event_type: 'countersign_confirmation', event_payload: { key: 'SEC-0a1' } } }],
  ['of another kind', { metadata: { event_type: 'other', event_payload: { key: 'SEC-0a1b' } } }],
  ['with metadata of a strange shape', { metadata: 'SEC-0a1b' }],
  ['with the key only in its text', { metadata: undefined, text: 'SEC-0a1b' }],
])('a message %s is not ours', async (_what, more) => {
  await using server = await historyOf([confirmation('1764000009.000100', more)]);
  expect(await slackAt(server).findPosted(search)).toEqual([]);
});

test.each([
  ['left out', { event_type: 'countersign_confirmation' }],
  ['emptied', { event_type: 'countersign_confirmation', event_payload: {} }],
])('keys that Slack hides are an error and never "nothing found": %s', async (_how, metadata) => {
  await using server = await historyOf([confirmation('1764000009.000100', { metadata })]);
  await expect(slackAt(server).findPosted(search)).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('metadata.message:read'),
  });
});

test('in a thread that is gone nothing is found', async () => {
  await using server = await startServer(({ path }) =>
    path === '/api/auth.test'
      ? { body: { ok: true, bot_id: 'B1' } }
      : { body: { ok: false, error: 'thread_not_found' } },
  );
  expect(await slackAt(server).findPosted({ ...search, threadTs: '1764000001.000100' })).toEqual([]);
});

test('the bot is known by its user where a message names no bot', async () => {
  await using server = await historyOf([confirmation('1764000009.000100', { bot_id: undefined, user: 'U1' })]);
  expect(await slackAt(server).findPosted(search)).toHaveLength(1);
});

test('a message in a thread is looked for among its replies', async () => {
  await using server = await historyOf([confirmation('1764000009.000100', { thread_ts: '1764000001.000100' })]);
  expect(await slackAt(server).findPosted({ ...search, threadTs: '1764000001.000100' })).toHaveLength(1);
  expect(server.asked[1]).toMatchObject({ path: '/api/conversations.replies', form: { ts: '1764000001.000100' } });
});

test('who we are is asked once', async () => {
  await using server = await historyOf([]);
  const slack = slackAt(server);
  await slack.findPosted(search);
  await slack.findPosted({ ...search, threadTs: null });
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/api/auth.test',
    '/api/conversations.history',
    '/api/conversations.history',
  ]);
});

test.each([
  ['missing_scope', { needed: 'channels:history' }, 'forbidden'],
  ['not_in_channel', {}, 'forbidden'],
  ['channel_not_found', {}, 'not_found'],
  ['internal_error', {}, 'server_error'],
])('a history that may not be read is an error and never "nothing found": %s', async (error, more, code) => {
  await using server = await startServer(({ path }) =>
    path === '/api/auth.test' ? { body: { ok: true, bot_id: 'B1' } } : { body: { ok: false, error, ...more } },
  );
  await expect(slackAt(server).findPosted(search)).rejects.toMatchObject({ code, vendorCode: error });
});

test.each([
  ['says that there is more but not where', { has_more: true }],
  ['leads back to itself', { has_more: true, response_metadata: { next_cursor: 'again' } }],
])('a history that %s is an error, not an end', async (_what, more) => {
  await using server = await startServer(({ path }) =>
    path === '/api/auth.test' ? { body: { ok: true, bot_id: 'B1' } } : { body: { ok: true, messages: [], ...more } },
  );
  await expect(slackAt(server).findPosted(search)).rejects.toMatchObject({ code: 'bad_response' });
});
