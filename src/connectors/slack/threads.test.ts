import { expect, test } from 'vitest';
import { createSlack, type Slack } from './client.ts';
import { startServer, type TestServer } from './fixtures/server.ts';

const url = 'https://gitlab.example/acme/payments/-/merge_requests/7';

/** A channel whose history is these pages, newest first within each. */
function historyOf(...pages: object[][]) {
  return startServer(({ form }) => {
    const page = Number(form['cursor'] ?? 0);
    const next = page + 1 < pages.length ? String(page + 1) : '';
    return {
      body: { ok: true, messages: pages[page] ?? [], has_more: next !== '', response_metadata: { next_cursor: next } },
    };
  });
}

function slackAt(server: TestServer, now?: () => Date): Slack {
  const options = { url: server.url, token: 'xoxb', timeoutMs: 1000, sleep: async () => undefined };
  return createSlack({ ...options, ...(now === undefined ? {} : { now }) });
}

const since = new Date('2025-11-01T00:00:00Z');
const thread = { channel: 'C0POD', mergeRequestUrl: url, since };

test.each([
  ['in its text', { text: `please review <${url}>` }],
  ['at the end of its text', { text: url }],
  ['with a path behind it', { text: `${url}/diffs#note_1` }],
  ['with a label', { text: `<${url}|!7>` }],
  ['in a block', { text: '', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `<${url}|!7>` } }] }],
  ['in a rich text block', { blocks: [{ elements: [{ elements: [{ type: 'link', url }] }] }] }],
  ['in an attachment', { attachments: [{ title_link: url }] }],
])('the thread of a merge request starts where it was first spoken of: %s', async (_where, more) => {
  await using server = await historyOf([
    { ts: '1764000009.000100', text: `again ${url}` },
    { ts: '1764000001.000100', user: 'U9', ...more },
  ]);
  expect(await slackAt(server).findThread(thread)).toBe('1764000001.000100');
});

test.each([
  ['a longer number', { text: `${url}0` }],
  ['another project', { text: url.replace('payments', 'payments2') }],
  ['a reply in a thread', { text: url, thread_ts: '1763000000.000100' }],
  [
    'a confirmation of ours',
    { text: url, metadata: { event_type: 'countersign_confirmation', event_payload: { key: 'SEC-0a1b' } } },
  ],
  ['a deleted parent', { text: url, subtype: 'tombstone' }],
])('is not taken for the start of a thread: %s', async (_what, more) => {
  await using server = await historyOf([{ ts: '1764000001.000100', ...more }]);
  expect(await slackAt(server).findThread(thread)).toBeNull();
});

test('a parent with replies is the start of its thread', async () => {
  await using server = await historyOf([{ ts: '1764000001.000100', thread_ts: '1764000001.000100', text: url }]);
  expect(await slackAt(server).findThread(thread)).toBe('1764000001.000100');
});

test('many threads are found in one reading of two pages at most', async () => {
  const pages = [1, 2, 3, 4].map((page) => [{ ts: `176400000${9 - page}.000100`, text: `${url}${page} and ${url}` }]);
  await using server = await historyOf(...pages);
  const urls = [1, 2, 3].map((page) => `${url}${page}`);
  const found = await slackAt(server).findThreads({ channel: 'C0POD', mergeRequestUrls: [...urls, url], since });
  expect(Object.fromEntries(found)).toEqual({
    [`${url}1`]: '1764000008.000100',
    [`${url}2`]: '1764000007.000100',
    [url]: '1764000007.000100',
  });
  expect(server.asked).toHaveLength(2);
});

test.each(['not_in_channel', 'missing_scope', 'channel_not_found'])(
  'a channel that may not be read has no threads: %s',
  async (error) => {
    await using server = await startServer(() => ({ body: { ok: false, error } }));
    expect(await slackAt(server).findThread(thread)).toBeNull();
  },
);

test('an outage is not taken for "no thread"', async () => {
  await using server = await startServer(() => ({ status: 503, body: '' }));
  await expect(slackAt(server).findThread(thread)).rejects.toMatchObject({ code: 'server_error' });
});

test('a channel is read once in a minute: until then the answer is what the last reading showed', async () => {
  const messages = [{ ts: '1764000001.000100', text: url }];
  let time = new Date('2026-09-21T14:00:00Z');
  await using server = await historyOf(messages);
  const slack = slackAt(server, () => time);
  expect(await slack.findThread(thread)).toBe('1764000001.000100');

  messages.unshift({ ts: '1764000009.000100', text: `${url}1` });
  time = new Date(time.getTime() + 59_999);
  expect(await slack.findThread(thread)).toBe('1764000001.000100');
  expect(await slack.findThread({ ...thread, mergeRequestUrl: `${url}1` })).toBeNull();
  expect(server.asked).toHaveLength(1);

  await slack.findThread({ ...thread, channel: 'C0OTHER' });
  expect(server.asked).toHaveLength(2);
  time = new Date(time.getTime() + 1);
  expect(await slack.findThread({ ...thread, mergeRequestUrl: `${url}1` })).toBe('1764000009.000100');
});

test('who asks while a channel is being read shares the reading', async () => {
  await using server = await historyOf([{ ts: '1764000001.000100', text: url }]);
  const slack = slackAt(server);
  const found = await Promise.all(Array.from({ length: 5 }, () => slack.findThread(thread)));
  expect(new Set(found)).toEqual(new Set(['1764000001.000100']));
  expect(server.asked).toHaveLength(1);
});

test('what was read does not answer for an earlier time, nor with what is too old', async () => {
  await using server = await historyOf([{ ts: '1764000001.000100', text: url }]);
  const slack = slackAt(server);
  expect(await slack.findThread(thread)).toBe('1764000001.000100');
  expect(await slack.findThread({ ...thread, since: new Date(1_764_000_002_000) })).toBeNull();
  expect(server.asked).toHaveLength(1);
  await slack.findThread({ ...thread, since: new Date(since.getTime() - 1) });
  expect(server.asked).toHaveLength(2);
});

test.each(['not_in_channel', 'missing_scope'])(
  'a channel that may not be read is not asked again within the minute: %s',
  async (error) => {
    await using server = await startServer(() => ({ body: { ok: false, error } }));
    const slack = slackAt(server);
    expect(await slack.findThread(thread)).toBeNull();
    expect(await slack.findThread(thread)).toBeNull();
    expect(server.asked).toHaveLength(1);
  },
);

test('a reading that was one too many is not tried again within the minute; an outage is', async () => {
  await using limited = await startServer(() => ({ status: 429, body: { ok: false, error: 'ratelimited' } }));
  const slack = slackAt(limited);
  await expect(slack.findThread(thread)).rejects.toMatchObject({ code: 'rate_limited' });
  await expect(slack.findThread(thread)).rejects.toMatchObject({ code: 'rate_limited' });
  expect(limited.asked).toHaveLength(1);

  await using away = await startServer(() => ({ status: 503, body: '' }));
  const other = slackAt(away);
  await expect(other.findThread(thread)).rejects.toMatchObject({ code: 'server_error' });
  await expect(other.findThread(thread)).rejects.toMatchObject({ code: 'server_error' });
  expect(away.asked).toHaveLength(2);
});
