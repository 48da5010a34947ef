import { expect, test } from 'vitest';
import type { Message } from '../../domain/message.ts';
import { createSlack, type Slack } from './client.ts';
import { startServer, type Reply, type TestServer } from './fixtures/server.ts';

const message: Message = { key: 'SEC-0a1b', lines: [[{ kind: 'text', text: 'Recorded' }]] };
const sent: Reply = { body: { ok: true, channel: 'C0POD', ts: '1764000000.000100', message: { text: 'Recorded' } } };

function slackAt(server: TestServer, timeoutMs = 300): Slack {
  return createSlack({ url: server.url, token: 'xoxb-secret', timeoutMs, sleep: async () => undefined });
}

function post(slack: Slack, threadTs?: string | null) {
  return slack.post({ channel: 'C0POD', message, ...(threadTs === undefined ? {} : { threadTs }) });
}

function no(error: string, more: object = {}): Reply {
  return { body: { ok: false, error, ...more } };
}

test('a message goes as a form: blocks, fallback, the key in its metadata, nothing unfurled', async () => {
  await using server = await startServer(() => sent);
  expect(await post(slackAt(server), null)).toEqual({ channel: 'C0POD', ts: '1764000000.000100' });
  const [asked] = server.asked;
  expect(asked).toMatchObject({ path: '/api/chat.postMessage' });
  expect(asked?.headers).toMatchObject({
    authorization: 'Bearer xoxb-secret',
    'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
  });
  expect(asked?.form).toEqual({
    channel: 'C0POD',
    text: 'Recorded',
    blocks: JSON.stringify([{ type: 'section', text: { type: 'mrkdwn', text: 'Recorded', verbatim: true } }]),
    metadata: JSON.stringify({ event_type: 'countersign_confirmation', event_payload: { key: 'SEC-0a1b' } }),
    unfurl_links: 'false',
    unfurl_media: 'false',
  });
});

test("a reply names its thread's first message", async () => {
  await using server = await startServer(() => sent);
  await post(slackAt(server), '1764000000.000001');
  expect(server.asked[0]?.form['thread_ts']).toBe('1764000000.000001');
});

test.each<[string, Reply, object]>([
  ['no such channel', no('channel_not_found'), { code: 'not_found', vendorCode: 'channel_not_found' }],
  [
    'not a member',
    no('not_in_channel'),
    { code: 'forbidden', vendorCode: 'not_in_channel', message: expect.stringContaining('invite') },
  ],
  ['an archived channel', no('is_archived'), { code: 'unsuitable' }],
  ['too long', no('msg_too_long'), { code: 'too_large' }],
  ['blocks too long', no('msg_blocks_too_long'), { code: 'too_large' }],
  ['blocks that are not valid', no('invalid_blocks'), { code: 'refused' }],
  ['a channel for threads only', no('restricted_action_thread_only_channel'), { code: 'forbidden' }],
  ['a parent that takes no replies', no('cannot_reply_to_message'), { code: 'refused' }],
  ['a parent that is gone', no('thread_not_found'), { code: 'not_found' }],
  ['a bad token', no('invalid_auth'), { code: 'unauthorized' }],
  ['a revoked token', no('token_revoked'), { code: 'unauthorized' }],
  [
    'a missing scope',
    no('missing_scope', { needed: 'chat:write', provided: 'x' }),
    { code: 'forbidden', message: expect.stringContaining('chat:write') },
  ],
  [
    'a limit with its time',
    { status: 429, headers: { 'retry-after': '7' }, body: { ok: false, error: 'ratelimited' } },
    { code: 'rate_limited', status: 429, retryAfterSeconds: 7 },
  ],
  [
    'a limit without a time',
    { status: 429, headers: { 'content-type': 'text/plain' }, body: 'Retry later' },
    { code: 'rate_limited', retryAfterSeconds: undefined },
  ],
  ['a limit with 200', no('ratelimited'), { code: 'rate_limited' }],
  ['a limit with 200, spelled otherwise', no('rate_limited'), { code: 'rate_limited' }],
  ['a limit of the workspace', no('message_limit_exceeded'), { code: 'rate_limited' }],
])('certainly not posted: %s', async (_what, reply, expected) => {
  await using server = await startServer(() => reply);
  await expect(post(slackAt(server))).rejects.toMatchObject({ name: 'ConnectorError', vendor: 'slack', ...expected });
  expect(server.asked).toHaveLength(1);
});

test.each<[string, Reply, string]>([
  ['an internal error', no('internal_error'), 'server_error'],
  ['a fatal error', no('fatal_error'), 'server_error'],
  ['service_unavailable', no('service_unavailable'), 'server_error'],
  ['request_timeout', no('request_timeout'), 'timeout'],
  ['an error that nobody knows', no('brand_new_error'), 'bad_response'],
  ['an error of another method', no('message_not_found'), 'bad_response'],
  ['an error that is no word', no('<html>secret</html>'), 'bad_response'],
  ['no error at all', { body: { ok: false } }, 'bad_response'],
  ['HTTP 500', { status: 500, body: { ok: false, error: 'channel_not_found' } }, 'server_error'],
  ['HTTP 503 with a page', { status: 503, body: '<html>secret' }, 'server_error'],
  ['HTTP 408', { status: 408, body: '' }, 'timeout'],
  ["a proxy's page with 200", { body: '<html>secret</html>' }, 'bad_response'],
  ["a proxy's page with 403", { status: 403, body: '<html>secret</html>' }, 'bad_response'],
  ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example' }, body: '' }, 'bad_response'],
  ['JSON of another shape', { body: { unexpected: [] } }, 'bad_response'],
  ['success without a name for the message', { body: { ok: true, channel: 'C0POD' } }, 'bad_response'],
  ['a number for a name', { body: { ok: true, channel: 'C0POD', ts: 1_764_000_000.0001 } }, 'bad_response'],
  ['success with 502', { ...sent, status: 502 }, 'server_error'],
  ['a reset connection', { ending: 'reset' }, 'lost'],
  ['silence', { ending: 'silence' }, 'timeout'],
  ['an answer cut in the middle', { ...sent, ending: 'half' }, 'lost'],
  ['an answer that stalls', { ...sent, ending: 'stall' }, 'timeout'],
])('perhaps posted, so the outcome is unknown: %s', async (_what, reply, code) => {
  await using server = await startServer(() => reply);
  const error: unknown = await post(slackAt(server)).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ vendor: 'slack', code });
  expect(String(error)).not.toMatch(/secret|Recorded/);
  // Never a second request: that would be a second message.
  expect(server.asked).toHaveLength(1);
});

test('nobody there is "unreachable": nothing was posted', async () => {
  const server = await startServer(() => sent);
  await server[Symbol.asyncDispose]();
  await expect(post(slackAt(server))).rejects.toMatchObject({ code: 'unreachable' });
});

test('beyond a short burst, messages for one channel are kept a second apart', async () => {
  await using server = await startServer(() => sent);
  const slept: number[] = [];
  const slack = createSlack({
    url: `${server.url}/`,
    token: 'x',
    now: () => new Date(0),
    sleep: async (milliseconds) => void slept.push(milliseconds),
  });
  await Promise.all(Array.from({ length: 5 }, () => post(slack)));
  expect(slept).toEqual([1_050, 2_100]);
});

test('a channel that refused a message takes them a second apart from then on', async () => {
  await using server = await startServer((_asked, count) => (count === 1 ? no('ratelimited') : sent));
  const slept: number[] = [];
  const slack = createSlack({
    url: `${server.url}/`,
    token: 'x',
    now: () => new Date(0),
    sleep: async (milliseconds) => void slept.push(milliseconds),
  });
  await expect(post(slack)).rejects.toMatchObject({ code: 'rate_limited' });
  await post(slack);
  expect(slept).toEqual([1_050]);
});

test('deleting what is gone is no error; deleting what is not ours is', async () => {
  await using server = await startServer(
    (_asked, count) => [{ body: { ok: true } }, no('message_not_found'), no('cant_delete_message')][count - 1]!,
  );
  const slack = slackAt(server);
  await slack.remove({ channel: 'C0POD', ts: '1.000002' });
  await slack.remove({ channel: 'C0POD', ts: '1.000002' });
  await expect(slack.remove({ channel: 'C0POD', ts: '1.000002' })).rejects.toMatchObject({ code: 'forbidden' });
  expect(server.asked[0]).toMatchObject({ path: '/api/chat.delete', form: { channel: 'C0POD', ts: '1.000002' } });
});

test.each<[string, Reply, string | null]>([
  [
    'given',
    { body: { ok: true, channel: 'C0POD', permalink: 'https://acme.slack.com/archives/C0POD/p1' } },
    'https://acme.slack.com/archives/C0POD/p1',
  ],
  ['not given', no('message_not_found'), null],
  ['no address of the web', { body: { ok: true, permalink: 'javascript:alert(1)' } }, null],
  ['not to be had', { status: 503, body: '' }, null],
])('a permalink is a convenience: %s', async (_what, reply, expected) => {
  await using server = await startServer(() => reply);
  expect(await slackAt(server).permalink({ channel: 'C0POD', ts: '1.000001' })).toBe(expected);
});

const workspace = { ok: true, url: 'https://acme.slack.com/', user_id: 'U1' };
const asked: Reply = { body: { ok: true, permalink: 'https://acme.slack.com/asked' } };

test('a permalink is told and not asked for; the workspace is asked for once', async () => {
  await using server = await startServer(() => ({ body: workspace }));
  const slack = slackAt(server);
  expect(await slack.permalink({ channel: 'C0POD', ts: '1764000000.000100', threadTs: null })).toBe(
    'https://acme.slack.com/archives/C0POD/p1764000000000100',
  );
  expect(await slack.permalink({ channel: 'C0POD', ts: '1764000001.000100', threadTs: '1764000000.000100' })).toBe(
    'https://acme.slack.com/archives/C0POD/p1764000001000100?thread_ts=1764000000.000100&cid=C0POD',
  );
  expect(server.asked.map(({ path }) => path)).toEqual(['/api/auth.test']);
});

test.each<[string, Reply, string]>([
  ['the workspace has no address', { body: { ok: true } }, 'C0POD'],
  ['its address is none of the web', { body: { ...workspace, url: 'javascript:alert(1)' } }, 'C0POD'],
  ['the token is an organisation’s', { body: { ...workspace, is_enterprise_install: true } }, 'C0POD'],
  ['the workspace is not told', { status: 503, body: '' }, 'C0POD'],
  ['the channel is told by its name', { body: workspace }, '#security'],
])('a permalink is asked for where %s', async (_where, self, channel) => {
  await using server = await startServer(({ path }) => (path === '/api/auth.test' ? self : asked));
  expect(await slackAt(server).permalink({ channel, ts: '1764000000.000100', threadTs: null })).toBe(
    'https://acme.slack.com/asked',
  );
});
