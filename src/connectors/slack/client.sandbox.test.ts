import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Message } from '../../domain/message.ts';
import type { Inline } from '../../domain/text.ts';
import { createFaults, type Faults } from '../../sandbox/faults.ts';
import type { Call } from '../../sandbox/http.ts';
import { startSlack, type FakeSlack } from '../../sandbox/slack/slack.ts';
import { splitLines } from './blocks.ts';
import { createSlack, type Slack } from './client.ts';

const url = 'https://gitlab.example/acme/payments/-/merge_requests/7';
const message: Message = {
  key: 'SEC-0a1b',
  lines: [
    [
      { kind: 'text', text: 'Recorded ' },
      { kind: 'link', text: 'acme/payments!7', url },
    ],
  ],
};

let fake: FakeSlack;
let faults: Faults;
let calls: Call[];
let slack: Slack;
let channel: string;
let oldest: Date;

beforeEach(async () => {
  faults = createFaults();
  calls = [];
  fake = await startSlack({ faults, calls });
  channel = fake.createChannel({ name: 'payments' }).id;
  slack = createSlack({ url: fake.url, token: fake.botToken, timeoutMs: 500, sleep: async () => undefined });
  oldest = new Date(Date.now() - 120_000);
});
afterEach(() => fake.close());

function line(...inlines: Inline[]): Message {
  return { key: 'k', lines: [inlines] };
}

test('a message is posted, found by its key, linked and removed', async () => {
  const { ts } = await slack.post({ channel, message });
  await slack.post({ channel, message: { ...message, key: 'SEC-0a1' } });
  expect(await slack.findPosted({ channel, key: 'SEC-0a1b', oldest })).toEqual([{ ts }]);
  expect(await slack.permalink({ channel, ts })).toMatch(/^https:\/\//);
  const [shown] = fake.messages(channel);
  expect(shown).toMatchObject({ ts, own: true, unfurls: false, metadata: { event_payload: { key: 'SEC-0a1b' } } });

  await slack.remove({ channel, ts });
  await slack.remove({ channel, ts });
  expect(await slack.findPosted({ channel, key: 'SEC-0a1b', oldest })).toEqual([]);
});

test('a confirmation goes into the thread where the merge request was first spoken of, and is found there', async () => {
  fake.post(channel, { text: `wrong one ${url}0` });
  const parent = fake.post(channel, { text: `please review ${url}` });
  fake.post(channel, { text: `done: ${url}`, threadTs: parent });
  fake.post(channel, { text: `merged ${url}`, app: 'gitlab' });
  const threadTs = await slack.findThread({ channel, mergeRequestUrl: url, since: oldest });
  expect(threadTs).toBe(parent);

  const { ts } = await slack.post({ channel, message, threadTs });
  expect(await slack.findPosted({ channel, key: message.key, oldest, threadTs })).toEqual([{ ts }]);
  expect(await slack.findPosted({ channel, key: message.key, oldest })).toEqual([]);
});

test('the permalink that is told is the one that Slack gives, in a thread as well', async () => {
  const parent = fake.post(channel, { text: `please review ${url}` });
  for (const threadTs of [null, parent]) {
    const place = await slack.post({ channel, message, threadTs });
    const given = await slack.permalink(place);
    expect(given).toMatch(/^https:/);
    expect(await slack.permalink({ ...place, threadTs })).toBe(given);
  }
  expect(calls.filter(({ operation }) => operation === 'chat.getPermalink')).toHaveLength(2);
});

test('our own confirmation is not taken for the start of a thread', async () => {
  await slack.post({ channel, message });
  expect(await slack.findThread({ channel, mergeRequestUrl: url, since: oldest })).toBeNull();
});

test('a parent that is gone is a refusal, and nothing is found there', async () => {
  const parent = fake.post(channel, { text: url });
  fake.deleteMessage(channel, parent);
  await expect(slack.post({ channel, message, threadTs: parent })).rejects.toMatchObject({ code: 'not_found' });
  expect(await slack.findPosted({ channel, key: message.key, oldest, threadTs: parent })).toEqual([]);
});

test('foreign text calls nobody, and hides no link', async () => {
  const hostile =
    '<!channel> <@U0MLUND> <#C1> <https://evil.example|click> @here #payments &lt;!here&gt; https://evil.example';
  await slack.post({
    channel,
    message: line({ kind: 'text', text: hostile }, { kind: 'link', text: `x>${hostile}`, url: `${url}?a=1|2&b=<>` }),
  });
  const [shown] = fake.messages(channel);
  expect(shown?.rendered.mentions).toEqual([]);
  // A bare address may become a link of its own; it can never stand behind another text.
  const disguised = shown?.rendered.links.filter((link) => link.url.includes('evil') && link.text !== link.url);
  expect(disguised).toEqual([]);
  expect(shown?.rendered.links.filter((link) => link.url.includes('gitlab'))).toHaveLength(1);
});

test('the largest part of a digest is accepted, whatever is in it', async () => {
  const lines = Array.from({ length: 300 }, (_, index): Inline[] => [
    { kind: 'link', text: `acme/payments!${index}`, url: `${url}${index}` },
    { kind: 'text', text: ` ${'&<😀'.repeat(60)}` },
  ]);
  const heading: Inline[][] = [[{ kind: 'text', text: '300 security reviews recorded', strong: true }]];
  const parts = splitLines(lines, heading);
  fake.switches.channelLimit = 'off';
  for (const part of parts) await slack.post({ channel, message: { key: 'digest', lines: [...heading, ...part] } });
  const all = fake
    .messages(channel)
    .map(({ blocks }) => JSON.stringify(blocks))
    .join('');
  expect(lines.every((_, index) => all.includes(`|acme/payments!${index}>`))).toBe(true);
});

test.each(['reset', 'error_500', 'error_503', 'wrong_type', 'wrong_json'] as const)(
  'nothing was posted, and nobody knows (%s): nothing is found',
  async (kind) => {
    faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind });
    await expect(slack.post({ channel, message })).rejects.toMatchObject({
      code: expect.stringMatching(/^(lost|server_error|bad_response)$/),
    });
    expect(await slack.findPosted({ channel, key: message.key, oldest })).toEqual([]);
  },
);

test.each([
  'commit_then_reset',
  'commit_then_500',
  'commit_then_silence',
  'commit_then_half',
  'commit_then_wrong_type',
] as const)('it was posted, and nobody knows (%s): exactly one is found', async (kind) => {
  faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind });
  await expect(slack.post({ channel, message })).rejects.toMatchObject({
    code: expect.stringMatching(/^(lost|server_error|bad_response|timeout)$/),
  });
  expect(await slack.findPosted({ channel, key: message.key, oldest })).toHaveLength(1);
  expect(fake.messages(channel)).toHaveLength(1);
});

test('an internal error may have posted: it is unknown, and the message is found', async () => {
  fake.failNext({ method: 'chat.postMessage', error: 'internal_error', committed: true });
  await expect(slack.post({ channel, message })).rejects.toMatchObject({ code: 'server_error' });
  expect(await slack.findPosted({ channel, key: message.key, oldest })).toHaveLength(1);
});

test.each([
  ['http_429', { code: 'rate_limited', retryAfterSeconds: 1 }],
  ['ok_false', { code: 'rate_limited' }],
] as const)("a channel's limit is told: %s", async (limitedAnswers, expected) => {
  Object.assign(fake.switches, { channelLimit: 'strict', limitedAnswers });
  await slack.post({ channel, message });
  await expect(slack.post({ channel, message })).rejects.toMatchObject(expected);
});

test.each(['limit', 'limit_bare', 'limit_text'] as const)(
  'a limit is "not posted", in whatever form: %s',
  async (kind) => {
    faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind });
    await expect(slack.post({ channel, message })).rejects.toMatchObject({ code: 'rate_limited' });
    expect(fake.messages(channel)).toEqual([]);
  },
);

test('refusals have their codes', async () => {
  const outside = fake.createChannel({ name: 'outside', member: false }).id;
  const hidden = fake.createChannel({ name: 'hidden', member: false, private: true }).id;
  const old = fake.createChannel({ name: 'old', archived: true }).id;
  await expect(slack.post({ channel: outside, message })).rejects.toMatchObject({
    code: 'forbidden',
    vendorCode: 'not_in_channel',
  });
  await expect(slack.post({ channel: hidden, message })).rejects.toMatchObject({ code: 'not_found' });
  await expect(slack.post({ channel: old, message })).rejects.toMatchObject({ code: 'unsuitable' });
  expect(await slack.findThread({ channel: outside, mergeRequestUrl: url, since: oldest })).toBeNull();
  fake.setScopes(['chat:write']);
  await expect(slack.findPosted({ channel, key: 'k', oldest })).rejects.toMatchObject({
    code: 'forbidden',
    vendorCode: 'missing_scope',
  });
  expect(await slack.findThread({ channel, mergeRequestUrl: url, since: oldest })).toBeNull();
  fake.revokeToken('token_expired');
  await expect(slack.post({ channel, message })).rejects.toMatchObject({ code: 'unauthorized' });
});

test('metadata that needs a scope of its own is an error and never "nothing found"', async () => {
  await slack.post({ channel, message });
  for (const metadataScope of ['stripped_without', 'refused_without'] as const) {
    fake.switches.metadataScope = metadataScope;
    await expect(slack.findPosted({ channel, key: message.key, oldest })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('metadata.message:read'),
    });
  }
});

test('a message is found among hundreds, over several pages', async () => {
  const { ts } = await slack.post({ channel, message });
  for (let count = 0; count < 450; count++) fake.post(channel, { text: 'chatter' });
  expect(await slack.findPosted({ channel, key: message.key, oldest })).toEqual([{ ts }]);
  expect(calls.filter(({ operation }) => operation === 'conversations.history')).toHaveLength(3);
});
