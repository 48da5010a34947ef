import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCalling, type Calling } from './calling.ts';

const metadata = { event_type: 'review_recorded', event_payload: { key: 'SEC-0a1b', attempt: 1 } };

function section(text: string): unknown {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

describe('posting', () => {
  let sandbox: Calling;
  let time: number;

  beforeEach(async () => {
    time = Date.parse('2026-05-04T09:00:00Z');
    sandbox = await startCalling({ now: () => new Date(time) });
    sandbox.slack.createChannel({ name: 'payments', id: 'C0PAY' });
  });
  afterEach(() => sandbox.slack.close());

  async function errorOf(given: Readonly<Record<string, unknown>>): Promise<string> {
    const { status, body } = await sandbox.call('chat.postMessage', { channel: 'C0PAY', ...given });
    expect(status).toBe(200);
    return body.error;
  }

  it('takes a form with structures as JSON strings, and answers channel, ts and message', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*Merged*' } }];
    const { status, body } = await sandbox.call('chat.postMessage', {
      channel: 'C0PAY',
      text: 'Merged',
      blocks,
      metadata,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: true,
      channel: 'C0PAY',
      ts: '1777885200.000000',
      message: { type: 'message', bot_id: sandbox.slack.botId, app_id: 'A0REVIEWAPP', text: 'Merged', metadata },
    });
    expect(body.message.blocks[0]).toMatchObject({ block_id: expect.any(String), text: { verbatim: false } });
    expect(sandbox.slack.messages('C0PAY')).toMatchObject([{ text: 'Merged', own: true, metadata }]);
    expect(sandbox.calls).toMatchObject([{ operation: 'chat.postMessage', write: true, fact: 'slack 2 postMessage' }]);
  });

  it('takes JSON too, with structures as they are or as strings, and warns of a missing charset', async () => {
    const { callJson, slack } = sandbox;
    expect((await callJson('chat.postMessage', { channel: 'C0PAY', text: 'One', metadata })).body.ok).toBe(true);
    const strings = { channel: 'C0PAY', text: 'Two', metadata: JSON.stringify(metadata) };
    expect((await callJson('chat.postMessage', strings)).body.message.metadata).toEqual(metadata);
    const response = await fetch(`${slack.url}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: 'C0PAY', text: 'Three' }),
    });
    expect(await response.json()).toMatchObject({ ok: true, warning: 'missing_charset' });
  });

  it('refuses bodies it cannot read', async () => {
    const { slack } = sandbox;
    const post = async (type: string, body: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': type };
      const response = await fetch(`${slack.url}chat.postMessage`, { method: 'POST', headers, body });
      return ((await response.json()) as { error: string }).error;
    };
    expect(await post('application/json', '{')).toBe('invalid_json');
    expect(await post('application/json', '[]')).toBe('json_not_object');
    expect(await post('text/plain', 'channel=C0PAY')).toBe('invalid_post_type');
    expect(await post('application/x-www-form-urlencoded', '1x=2')).toBe('invalid_arg_name');
  });

  it('may answer without metadata and app', async () => {
    sandbox.slack.switches.metadataEchoed = false;
    const { body } = await sandbox.call('chat.postMessage', { channel: 'C0PAY', text: 'Merged', metadata });
    expect(Object.keys(body.message)).not.toEqual(expect.arrayContaining(['metadata']));
    expect(Object.keys(body.message)).not.toEqual(expect.arrayContaining(['app_id']));
  });

  it('gives every message a larger ts than all before, as a string', async () => {
    sandbox.slack.switches.channelLimit = 'off';
    const stamps: string[] = [];
    for (let index = 0; index < 20; index++) {
      const { body } = await sandbox.call('chat.postMessage', { channel: 'C0PAY', text: String(index) });
      stamps.push(body.ts);
    }
    expect(new Set(stamps).size).toBe(20);
    expect(stamps.toSorted()).toEqual(stamps);
    for (const ts of stamps) expect(ts).toMatch(/^\d{10}\.\d{6}$/);
  });

  it('ignores client_msg_id: the same again is another message', async () => {
    const given = { channel: 'C0PAY', text: 'Once', client_msg_id: '11111111-1111-4111-8111-111111111111' };
    await sandbox.call('chat.postMessage', given);
    await sandbox.call('chat.postMessage', given);
    expect(sandbox.slack.messages('C0PAY')).toHaveLength(2);
    expect(sandbox.calls.at(-1)?.fact).toBe('slack 6 client_msg_id is ignored');
  });

  it('needs the bot in a private channel, and in a public one unless chat:write.public', async () => {
    const { call, slack } = sandbox;
    slack.createChannel({ name: 'open', id: 'C0OPEN', member: false });
    slack.createChannel({ name: 'closed', id: 'G0CLOSED', member: false, private: true });
    const post = async (channel: string): Promise<string | undefined> =>
      (await call('chat.postMessage', { channel, text: 'x' })).body.error;
    expect(await post('C0OPEN')).toBe('not_in_channel');
    expect(await post('G0CLOSED')).toBe('channel_not_found');
    expect(await post('C0NOWHERE')).toBe('channel_not_found');
    slack.setScopes(['chat:write', 'chat:write.public', 'channels:history']);
    expect(await post('C0OPEN')).toBeUndefined();
    expect(await post('G0CLOSED')).toBe('channel_not_found');
    expect((await call('conversations.history', { channel: 'C0OPEN' })).body.error).toBe('not_in_channel');
    expect(sandbox.calls.at(-1)?.fact).toBe('slack 2 chat:write.public does not help reading');
    slack.setMember('G0CLOSED', true);
    expect(await post('G0CLOSED')).toBeUndefined();
  });

  it('refuses an archived channel', async () => {
    sandbox.slack.setArchived('C0PAY', true);
    expect(await errorOf({ text: 'x' })).toBe('is_archived');
  });

  it('finds a channel by name, but not for an organisation', async () => {
    const { call, slack } = sandbox;
    expect((await call('chat.postMessage', { channel: '#payments', text: 'x' })).body.channel).toBe('C0PAY');
    slack.switches.orgWideToken = true;
    expect((await call('chat.postMessage', { channel: 'payments', text: 'x' })).body.error).toBe('team_not_found');
  });

  it('needs something to say', async () => {
    expect(await errorOf({})).toBe('no_text');
    expect(await errorOf({ text: '  ' })).toBe('no_text');
    expect(await errorOf({ blocks: [] })).toBe('no_text');
    expect(await errorOf({ blocks: [{ type: 'divider' }] })).toBeUndefined();
  });

  it('cuts a text after 40,000 characters', async () => {
    const { body } = await sandbox.call('chat.postMessage', { channel: 'C0PAY', text: 'x'.repeat(40_001) });
    expect(body.message.text).toHaveLength(40_000);
    expect(sandbox.calls.at(-1)?.fact).toBe('slack 3 text over 40,000 is truncated');
  });

  it('takes markdown_text of up to 12,000 characters, and nothing beside it', async () => {
    expect(await errorOf({ markdown_text: '**x**', text: 'x' })).toBe('markdown_text_conflict');
    expect(await errorOf({ markdown_text: 'x'.repeat(12_001) })).toBe('msg_too_long');
    expect(await errorOf({ markdown_text: '**x**' })).toBeUndefined();
  });

  it.each([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    ['a section of 3,001 characters', [section('x'.repeat(3001))]],
    ['an empty section', [section('')]],
    ['a section without text', [{ type: 'section' }]],
    ['11 fields', [{ type: 'section', fields: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' })) }]],
    ['a field of 2,001 characters', [{ type: 'section', fields: [{ type: 'mrkdwn', text: 'x'.repeat(2001) }] }]],
    ['a header of 151 characters', [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }]],
    ['a header in markup', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }]],
    ['a block of no known type', [{ type: 'paragraph', text: 'x' }]],
    ['an unknown property', [{ type: 'divider', text: 'x' }]],
    ['an unknown property of a text', [{ type: 'section', text: { type: 'mrkdwn', text: 'x', emoji: true } }]],
    [
      'a block id twice',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
    ],
    ['an image without a description', [{ type: 'image', image_url: 'https://acme.example/a.png' }]],
    ['markdown of 12,001 characters', [{ type: 'markdown', text: 'x'.repeat(12_001) }]],
    ['a string', ['x']],
  ])('refuses %s as invalid_blocks, and says where', async (_what, blocks) => {
    const { body } = await sandbox.call('chat.postMessage', { channel: 'C0PAY', text: 'x', blocks });
    expect(body).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(body.response_metadata.messages[0]).toMatch(/^\[ERROR\] .+ \[json-pointer:\/blocks/);
    expect(sandbox.slack.messages('C0PAY')).toEqual([]);
  });

  it('takes what is just within the limits', async () => {
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(150), emoji: true } },
      section('x'.repeat(3000)),
      { type: 'context', elements: [{ type: 'mrkdwn', text: 'x' }] },
      ...Array.from({ length: 47 }, () => ({ type: 'divider' })),
    ];
    expect(await errorOf({ text: 'x', blocks })).toBeUndefined();
  });

  it('refuses blocks that are no list, and too many characters in all', async () => {
    expect(await errorOf({ text: 'x', blocks: '{' })).toBe('invalid_blocks_format');
    expect(await errorOf({ text: 'x', blocks: { type: 'divider' } })).toBe('invalid_blocks_format');
    const long = Array.from({ length: 5 }, () => section('x'.repeat(2640)));
    expect(await errorOf({ text: 'x', blocks: long })).toBe('msg_blocks_too_long');
    sandbox.slack.switches.blocksCharacterLimit = 20_000;
    expect(await errorOf({ text: 'x', blocks: long })).toBeUndefined();
  });

  it.each([
    ['invalid_metadata_format', '{'],
    ['invalid_metadata_format', ['x']],
    ['invalid_metadata_schema', { event_type: 'x' }],
    ['invalid_metadata_schema', { event_type: '', event_payload: {} }],
    ['invalid_metadata_schema', { event_type: 'x', event_payload: { a: null } }],
    ['invalid_metadata_schema', { event_type: 'x', event_payload: { a: { b: { c: 1 } } } }],
    ['metadata_too_large', { event_type: 'x', event_payload: { a: 'x'.repeat(20_000) } }],
  ])('answers %s to metadata %#', async (error, given) => {
    expect(await errorOf({ text: 'x', metadata: given })).toBe(error);
  });

  it('takes metadata with flat objects and lists of them', async () => {
    const payload = { a: 'x', b: 1, c: true, d: { e: 'f' }, g: [{ h: 1 }, 'i'] };
    const given = { text: 'x', metadata: { event_type: 'x', event_payload: payload } };
    expect(await errorOf(given)).toBeUndefined();
    sandbox.slack.switches.metadataByteLimit = 64;
    expect(await errorOf(given)).toBe('metadata_too_large');
  });

  it('refuses more than 100 attachments', async () => {
    const attachments = Array.from({ length: 101 }, () => ({ text: 'x' }));
    expect(await errorOf({ text: 'x', attachments })).toBe('too_many_attachments');
  });

  it('lets five through at once and then one a second, each channel on its own', async () => {
    const { call, slack, calls } = sandbox;
    slack.createChannel({ name: 'other', id: 'C0OTHER' });
    const post = (channel: string): ReturnType<typeof call> => call('chat.postMessage', { channel, text: 'x' });
    for (let index = 0; index < 5; index++) expect((await post('C0PAY')).status).toBe(200);
    const refused = await post('C0PAY');
    expect(refused).toMatchObject({ status: 429, body: { ok: false, error: 'ratelimited' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(calls.at(-1)?.fact).toBe('slack 2 about one message a second and channel');
    expect((await post('C0OTHER')).status).toBe(200);
    time += 1000;
    expect((await post('C0PAY')).status).toBe(200);
    expect((await post('C0PAY')).status).toBe(429);
    expect(slack.messages('C0PAY')).toHaveLength(6);
  });

  it('can be stricter, answer with HTTP 200, or have a ceiling for the workspace', async () => {
    const { call, slack } = sandbox;
    slack.createChannel({ name: 'other', id: 'C0OTHER' });
    slack.switches.channelLimit = 'strict';
    slack.switches.limitedAnswers = 'ok_false';
    await call('chat.postMessage', { channel: 'C0PAY', text: 'x' });
    const refused = await call('chat.postMessage', { channel: 'C0PAY', text: 'x' });
    expect(refused).toMatchObject({ status: 200, body: { ok: false, error: 'rate_limited' } });
    slack.switches.channelLimit = 'off';
    slack.switches.workspaceMessagesPerMinute = 1;
    await call('chat.postMessage', { channel: 'C0PAY', text: 'x' });
    expect((await call('chat.postMessage', { channel: 'C0OTHER', text: 'x' })).body.error).toBe('rate_limited');
  });

  it('replies to a parent, which must be there and be no reply', async () => {
    const { call, slack } = sandbox;
    const parent = slack.post('C0PAY', { text: 'Deploy?' });
    const first = await call('chat.postMessage', { channel: 'C0PAY', text: 'Yes', thread_ts: parent });
    expect(first.body.message).toMatchObject({ thread_ts: parent, parent_user_id: 'U0MLUND' });
    expect(await errorOf({ text: 'x', thread_ts: '1777885200.999999' })).toBe('thread_not_found');
    expect(await errorOf({ text: 'x', thread_ts: first.body.ts })).toBe('thread_not_found');
    expect(await errorOf({ text: 'x', thread_ts: String(Number(parent)) })).toBe('thread_not_found');
    slack.switches.replyToReply = 'orphaned';
    expect(await errorOf({ text: 'x', thread_ts: first.body.ts })).toBeUndefined();
    const { messages } = (await call('conversations.replies', { channel: 'C0PAY', ts: parent })).body;
    expect(messages).toHaveLength(2);
  });

  it('posts later what is scheduled', async () => {
    const { call, slack } = sandbox;
    const at = (postAt: number): ReturnType<typeof call> =>
      call('chat.scheduleMessage', { channel: 'C0PAY', text: 'Later', post_at: postAt });
    const now = time / 1000;
    expect((await at(now)).body.error).toBe('time_in_past');
    expect((await at(now + 121 * 86_400)).body.error).toBe('time_too_far');
    expect((await at(now + 60)).body).toMatchObject({
      ok: true,
      scheduled_message_id: expect.stringMatching(/^Q\d+$/),
      post_at: now + 60,
    });
    expect(slack.messages('C0PAY')).toEqual([]);
    time += 61_000;
    expect(slack.messages('C0PAY')).toMatchObject([{ text: 'Later', own: true }]);
  });

  it('updates and deletes its own messages only', async () => {
    const { call, slack } = sandbox;
    const foreign = slack.post('C0PAY', { text: 'Mine' });
    const { body } = await call('chat.postMessage', { channel: 'C0PAY', text: 'Before', metadata });
    const own = { channel: 'C0PAY', ts: body.ts };
    expect((await call('chat.update', { ...own, text: 'After' })).body).toMatchObject({ ok: true, text: 'After' });
    expect(slack.messages('C0PAY').at(-1)).toMatchObject({ text: 'After', edited: true, metadata });
    expect((await call('chat.update', { ...own, text: 'x'.repeat(4001) })).body.error).toBe('msg_too_long');
    for (const [method, error] of [
      ['chat.update', 'cant_update_message'],
      ['chat.delete', 'cant_delete_message'],
    ] as const) {
      expect((await call(method, { channel: 'C0PAY', ts: foreign, text: 'x' })).body.error).toBe(error);
      expect((await call(method, { channel: 'C0PAY', ts: '1.000000', text: 'x' })).body.error).toBe(
        'message_not_found',
      );
    }
    expect((await call('chat.delete', own)).body).toMatchObject({ ok: true, ts: body.ts });
    expect((await call('chat.delete', own)).body.error).toBe('message_not_found');
    expect(slack.messages('C0PAY')).toHaveLength(1);
    expect(slack.deleted('C0PAY')).toMatchObject([{ text: 'After' }]);
  });

  it('gives the link to a message and to a reply', async () => {
    const { call, slack } = sandbox;
    const parent = slack.post('C0PAY', { text: 'Deploy?' });
    const reply = slack.post('C0PAY', { text: 'Yes', threadTs: parent });
    const link = async (ts: string): Promise<string> =>
      (await call('chat.getPermalink', { channel: 'C0PAY', message_ts: ts })).body.permalink;
    expect(await link(parent)).toBe('https://acme.slack.com/archives/C0PAY/p1777885200000000');
    expect(await link(reply)).toBe(
      `https://acme.slack.com/archives/C0PAY/p1777885200000001?thread_ts=${parent}&cid=C0PAY`,
    );
    const missing = await call('chat.getPermalink', { channel: 'C0PAY', message_ts: '1.000000' });
    expect(missing.body.error).toBe('message_not_found');
  });
});
