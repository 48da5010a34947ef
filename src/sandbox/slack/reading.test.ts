import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCalling, type Calling } from './calling.ts';

const metadata = { event_type: 'review_recorded', event_payload: { key: 'SEC-0a1b' } };

function texts(body: { messages: { text: string }[] }): string[] {
  return body.messages.map(({ text }) => text);
}

describe('reading back', () => {
  let sandbox: Calling;
  let time: number;

  beforeEach(async () => {
    time = Date.parse('2026-05-04T09:00:00Z');
    sandbox = await startCalling({ now: () => new Date(time) });
    sandbox.slack.createChannel({ name: 'payments', id: 'C0PAY' });
  });
  afterEach(() => sandbox.slack.close());

  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever they asked for
  async function history(given: Readonly<Record<string, unknown>> = {}): Promise<any> {
    return (await sandbox.call('conversations.history', { channel: 'C0PAY', ...given })).body;
  }

  it('gives the newest first, in pages with a cursor', async () => {
    const { slack } = sandbox;
    for (const text of ['1', '2', '3', '4', '5']) slack.post('C0PAY', { text });
    const first = await history({ limit: 2 });
    expect(texts(first)).toEqual(['5', '4']);
    expect(first.has_more).toBe(true);
    const second = await history({ limit: 2, cursor: first.response_metadata.next_cursor });
    expect(texts(second)).toEqual(['3', '2']);
    const third = await history({ limit: 2, cursor: second.response_metadata.next_cursor });
    expect(third).toMatchObject({ has_more: false, messages: [{ text: '1' }] });
    expect(third.response_metadata).toBeUndefined();
    expect((await history({ cursor: 'nonsense' })).error).toBe('invalid_cursor');
  });

  it('gives what is between oldest and latest, the ends only when inclusive', async () => {
    const { slack } = sandbox;
    const [one, , three] = ['1', '2', '3'].map((text) => slack.post('C0PAY', { text }));
    expect(texts(await history({ oldest: one, latest: three }))).toEqual(['2']);
    expect(texts(await history({ oldest: one, latest: three, inclusive: true }))).toEqual(['3', '2', '1']);
    expect((await history({ oldest: 'yesterday' })).error).toBe('invalid_ts_oldest');
    expect((await history({ latest: 'now' })).error).toBe('invalid_ts_latest');
  });

  it('shows the payload of metadata only to those who ask for all of it', async () => {
    const { call, slack } = sandbox;
    await call('chat.postMessage', { channel: 'C0PAY', text: 'x', metadata });
    expect((await history()).messages[0].metadata).toEqual({ event_type: 'review_recorded' });
    const [message] = (await history({ include_all_metadata: true })).messages;
    expect(message).toMatchObject({ metadata, bot_id: slack.botId, app_id: slack.appId });
    expect(sandbox.calls.at(-1)?.fact).toBe('slack 5 include_all_metadata');
  });

  it('may need a scope for that', async () => {
    const { call, slack } = sandbox;
    await call('chat.postMessage', { channel: 'C0PAY', text: 'x', metadata });
    slack.switches.metadataScope = 'stripped_without';
    expect((await history({ include_all_metadata: true })).messages[0].metadata.event_payload).toBeUndefined();
    slack.switches.metadataScope = 'refused_without';
    expect(await history({ include_all_metadata: true })).toMatchObject({
      error: 'missing_scope',
      needed: 'metadata.message:read',
    });
    slack.setScopes(['channels:history', 'metadata.message:read']);
    expect((await history({ include_all_metadata: true })).messages[0].metadata).toEqual(metadata);
  });

  it('has replies in their thread and not in history, unless they were broadcast', async () => {
    const { call, slack } = sandbox;
    const parent = slack.post('C0PAY', { text: 'Deploy?' });
    await call('chat.postMessage', { channel: 'C0PAY', text: 'Yes', thread_ts: parent, metadata });
    await call('chat.postMessage', { channel: 'C0PAY', text: 'Done', thread_ts: parent, reply_broadcast: true });
    const { messages } = await history();
    expect(messages).toMatchObject([
      { text: 'Done', subtype: 'thread_broadcast', thread_ts: parent },
      { text: 'Deploy?', thread_ts: parent, reply_count: 2 },
    ]);
    const thread = (await call('conversations.replies', { channel: 'C0PAY', ts: parent, include_all_metadata: true }))
      .body;
    expect(texts(thread)).toEqual(['Deploy?', 'Yes', 'Done']);
    expect(thread.messages[1].metadata).toEqual(metadata);
    const page = (await call('conversations.replies', { channel: 'C0PAY', ts: parent, limit: 2 })).body;
    expect(page.has_more).toBe(true);
    const rest = { channel: 'C0PAY', ts: parent, cursor: page.response_metadata.next_cursor };
    expect(texts((await call('conversations.replies', rest)).body)).toEqual(['Done']);
    expect((await call('conversations.replies', { channel: 'C0PAY', ts: '1.000000' })).body.error).toBe(
      'thread_not_found',
    );
  });

  it('leaves a tombstone where a parent was deleted', async () => {
    const { call, slack } = sandbox;
    const { ts } = (await call('chat.postMessage', { channel: 'C0PAY', text: 'Parent' })).body;
    slack.post('C0PAY', { text: 'Reply', threadTs: ts });
    slack.deleteMessage('C0PAY', ts);
    expect((await history()).messages).toMatchObject([{ subtype: 'tombstone', text: 'This message was deleted.' }]);
    expect(slack.deleted('C0PAY')).toMatchObject([{ text: 'Parent' }]);
  });

  it('may miss a message for a while', async () => {
    const { call, slack } = sandbox;
    slack.switches.historyDelayMs = 5000;
    await call('chat.postMessage', { channel: 'C0PAY', text: 'x' });
    expect(texts(await history())).toEqual([]);
    expect(slack.messages('C0PAY')).toHaveLength(1);
    time += 5000;
    expect(texts(await history())).toEqual(['x']);
  });

  it('gives 15 messages a minute to apps distributed by themselves', async () => {
    const { call, slack } = sandbox;
    slack.switches.limitedHistory = true;
    for (let index = 0; index < 20; index++) slack.post('C0PAY', { text: String(index) });
    const page = await history({ limit: 100 });
    expect(page.messages).toHaveLength(15);
    expect(page.has_more).toBe(true);
    const refused = await call('conversations.history', { channel: 'C0PAY' });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(sandbox.calls.at(-1)?.fact).toBe('slack 5 one request a minute, 15 messages');
    time += 60_000;
    expect((await history()).messages).toHaveLength(15);
  });

  it('gives 100 at a time unless asked, at most 999', async () => {
    const { slack } = sandbox;
    for (let index = 0; index < 1001; index++) slack.post('C0PAY', { text: String(index) });
    expect((await history()).messages).toHaveLength(100);
    expect((await history({ limit: 5000 })).messages).toHaveLength(999);
    expect((await history({ limit: 0 })).error).toBe('invalid_limit');
  });

  it('keeps the limits by method and minute where it is told to', async () => {
    const { call, slack } = sandbox;
    slack.switches.tiers = true;
    for (let index = 0; index < 20; index++) expect((await call('conversations.list')).status).toBe(200);
    const refused = await call('conversations.list');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('3');
    expect((await call('conversations.info', { channel: 'C0PAY' })).status).toBe(200);
  });

  it('describes a channel; a private one without the bot is not there', async () => {
    const { call, slack } = sandbox;
    slack.createChannel({ name: 'closed', id: 'G0CLOSED', private: true, member: false });
    slack.createChannel({ name: 'open', id: 'C0OPEN', member: false, archived: true });
    const info = async (channel: string): Promise<Record<string, unknown>> =>
      (await call('conversations.info', { channel })).body;
    expect((await info('C0PAY'))['channel']).toMatchObject({ name: 'payments', is_member: true, is_archived: false });
    expect((await info('C0OPEN'))['channel']).toMatchObject({ is_member: false, is_archived: true, is_private: false });
    expect((await info('G0CLOSED'))['error']).toBe('channel_not_found');
    slack.createChannel({ name: 'partners', id: 'C0EXT', external: true });
    expect((await info('C0EXT'))['channel']).toMatchObject({ is_ext_shared: true, is_shared: true });
    expect((await info('C0PAY'))['channel']).toMatchObject({ is_ext_shared: false });
    slack.setMember('G0CLOSED', true);
    expect((await info('G0CLOSED'))['channel']).toMatchObject({ is_private: true, is_member: true });
    slack.setScopes(['channels:read']);
    expect(await info('G0CLOSED')).toMatchObject({
      error: 'missing_scope',
      needed: 'groups:read',
      provided: 'channels:read',
    });
  });

  it('lists channels by type, in pages', async () => {
    const { call, slack } = sandbox;
    slack.createChannel({ name: 'closed', private: true });
    slack.createChannel({ name: 'hidden', private: true, member: false });
    slack.createChannel({ name: 'old', archived: true, member: false });
    const list = async (given: Record<string, unknown>): Promise<string[]> =>
      (await call('conversations.list', given)).body.channels.map(({ name }: { name: string }) => name);
    expect(await list({})).toEqual(['payments', 'old']);
    expect(await list({ exclude_archived: true })).toEqual(['payments']);
    expect(await list({ types: 'public_channel,private_channel' })).toEqual(['payments', 'closed', 'old']);
    const page = (await call('conversations.list', { limit: 1 })).body;
    expect(await list({ limit: 1, cursor: page.response_metadata.next_cursor })).toEqual(['old']);
    expect((await call('conversations.list', { limit: 1000 })).body.error).toBe('invalid_limit');
    expect((await call('conversations.list', { types: 'secret' })).body.error).toBe('invalid_types');
    slack.setScopes(['channels:read']);
    expect((await call('conversations.list', { types: 'private_channel' })).body.needed).toBe('groups:read');
  });

  it('joins public channels only', async () => {
    const { call, slack } = sandbox;
    slack.createChannel({ name: 'open', id: 'C0OPEN', member: false });
    slack.createChannel({ name: 'closed', id: 'G0CLOSED', private: true });
    expect((await call('conversations.join', { channel: 'C0OPEN' })).body).toMatchObject({
      error: 'missing_scope',
      needed: 'channels:join',
    });
    slack.setScopes(['channels:join', 'chat:write', 'channels:history']);
    expect((await call('conversations.join', { channel: 'C0OPEN' })).body.channel.is_member).toBe(true);
    expect((await call('conversations.join', { channel: 'C0OPEN' })).body.warning).toBe('already_in_channel');
    const [joined] = (await history({ channel: 'C0OPEN' })).messages;
    expect(joined.subtype).toBe('channel_join');
    const reply = await call('chat.postMessage', { channel: 'C0OPEN', text: 'x', thread_ts: joined.ts });
    expect(reply.body.error).toBe('cannot_reply_to_message');
    expect((await call('conversations.join', { channel: 'G0CLOSED' })).body.error).toBe(
      'method_not_supported_for_channel_type',
    );
    slack.setArchived('C0OPEN', true);
    expect((await call('conversations.join', { channel: 'C0OPEN' })).body.error).toBe('is_archived');
  });
});
