// oxlint-disable unicorn/require-post-message-target-origin -- Slack's method, not the window's
import { LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCalling, type Calling } from './calling.ts';

describe('the official client', () => {
  let sandbox: Calling;
  let client: WebClient;

  beforeEach(async () => {
    sandbox = await startCalling();
    const { slack } = sandbox;
    slack.createChannel({ name: 'payments', id: 'C0PAY' });
    client = new WebClient(slack.botToken, {
      slackApiUrl: slack.url,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logLevel: LogLevel.ERROR,
    });
  });
  afterEach(() => sandbox.slack.close());

  it('posts, finds its message by metadata, and gets its link', async () => {
    const { slack } = sandbox;
    slack.post('C0PAY', { text: 'Somebody else', user: 'jreyes' });
    const me = await client.auth.test();
    const metadata = { event_type: 'review_recorded', event_payload: { key: 'SEC-0a1b', attempt: 1 } };
    const posted = await client.chat.postMessage({
      channel: 'C0PAY',
      text: 'Recorded',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*Recorded*' } }],
      metadata,
      unfurl_links: false,
    });
    expect(posted.response_metadata?.scopes).toContain('chat:write');
    const { messages } = await client.conversations.history({
      channel: 'C0PAY',
      limit: 15,
      include_all_metadata: true,
    });
    const found = messages?.filter((message) => message.bot_id === me.bot_id);
    expect(found).toMatchObject([{ ts: posted.ts, metadata }]);
    const link = await client.chat.getPermalink({ channel: 'C0PAY', message_ts: posted.ts ?? '' });
    expect(link.permalink).toBe(`https://acme.slack.com/archives/C0PAY/p${posted.ts?.replace('.', '')}`);
  });

  it('reports refusals and limits by its own classes', async () => {
    await expect(client.chat.postMessage({ channel: 'C0NONE', text: 'x' })).rejects.toMatchObject({
      data: { error: 'channel_not_found' },
    });
    sandbox.slack.switches.channelLimit = 'strict';
    await client.chat.postMessage({ channel: 'C0PAY', text: 'x' });
    await expect(client.chat.postMessage({ channel: 'C0PAY', text: 'x' })).rejects.toMatchObject({ retryAfter: 1 });
  });

  it('sends a message once, also when the connection is lost afterwards', async () => {
    const { faults, slack } = sandbox;
    faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind: 'commit_then_reset', times: 2 });
    await expect(client.chat.postMessage({ channel: 'C0PAY', text: 'x' })).rejects.toThrow(/fetch failed/);
    expect(slack.messages('C0PAY')).toHaveLength(1);
  });
});
