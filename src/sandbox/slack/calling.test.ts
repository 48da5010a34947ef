import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCalling, type Calling } from './calling.ts';

describe('calling', () => {
  let sandbox: Calling;

  beforeEach(async () => {
    sandbox = await startCalling();
    sandbox.slack.createChannel({ name: 'payments', id: 'C0PAY' });
  });
  afterEach(() => sandbox.slack.close());

  it('says who the token belongs to, and what it may do', async () => {
    const { call, slack } = sandbox;
    const { body, headers } = await call('auth.test');
    expect(body).toMatchObject({
      ok: true,
      url: 'https://acme.slack.com/',
      team_id: slack.teamId,
      user_id: slack.botUserId,
      bot_id: slack.botId,
    });
    expect(headers.get('x-oauth-scopes')).toBe('chat:write,channels:history,groups:history,channels:read,groups:read');
    expect((await call('chat.delete')).headers.get('x-accepted-oauth-scopes')).toBe('chat:write');
  });

  it('tells kinds of tokens apart, and takes one of the app itself for nothing else', async () => {
    for (const [botToken, own, other] of [
      ['xoxp-1', { user_id: 'U0MLUND' }, { ok: true }],
      ['xapp-1', { app_id: 'A0REVIEWAPP', app_name: 'reviewbot' }, { ok: false, error: 'not_allowed_token_type' }],
      ['xoxe.xoxb-1', { bot_id: 'B0REVIEWBOT', expires_in: 43_200 }, { ok: true }],
    ] as const) {
      const { slack, call } = await startCalling({ botToken });
      expect((await call('auth.test')).body).toMatchObject({ ok: true, ...own });
      expect('bot_id' in (await call('auth.test')).body).toBe('bot_id' in own);
      expect((await call('conversations.list')).body).toMatchObject(other);
      await slack.close();
    }
  });

  it('takes the token in a header or in a form', async () => {
    const { slack } = sandbox;
    const post = async (init: RequestInit): Promise<unknown> =>
      (await fetch(`${slack.url}auth.test`, { method: 'POST', ...init })).json();
    expect(await post({ body: new URLSearchParams({ token: slack.botToken }) })).toMatchObject({ ok: true });
    expect(await post({})).toEqual({ ok: false, error: 'not_authed' });
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: slack.botToken }) };
    expect(await post(json)).toEqual({ ok: false, error: 'not_authed' });
    const get = await fetch(`${slack.url}auth.test`, { headers: { authorization: `Bearer ${slack.botToken}` } });
    expect(await get.json()).toMatchObject({ ok: true });
  });

  it('refuses a wrong token and one that was revoked, with HTTP 200', async () => {
    const { call, slack } = sandbox;
    const wrong = await call('auth.test', {}, 'Bearer xoxb-wrong');
    expect(wrong).toMatchObject({ status: 200, body: { ok: false, error: 'invalid_auth' } });
    expect(wrong.headers.get('x-oauth-scopes')).toBeNull();
    slack.revokeToken();
    expect((await call('auth.test')).body.error).toBe('token_revoked');
    slack.revokeToken('token_expired');
    expect((await call('auth.test')).body.error).toBe('token_expired');
    slack.restoreToken();
    expect((await call('auth.test')).body.ok).toBe(true);
  });

  it('answers missing_scope with what is needed and what there is', async () => {
    const { call, slack, calls } = sandbox;
    slack.setScopes(['channels:read', 'groups:read']);
    const { body } = await call('chat.postMessage', { channel: 'C0PAY', text: 'x' });
    expect(body).toEqual({
      ok: false,
      error: 'missing_scope',
      needed: 'chat:write',
      provided: 'channels:read,groups:read',
    });
    expect(calls.at(-1)?.fact).toBe('slack 1 missing_scope with needed and provided');
  });

  it('reads JSON only where the method says so', async () => {
    const { callJson } = sandbox;
    expect((await callJson('conversations.history', { channel: 'C0PAY' })).body.ok).toBe(true);
    expect((await callJson('conversations.info', { channel: 'C0PAY' })).body.error).toBe('channel_not_found');
  });

  it('does not know other methods', async () => {
    const { body } = await sandbox.call('chat.shout');
    expect(body).toEqual({ ok: false, error: 'unknown_method', req_method: 'chat.shout' });
  });

  it('answers with any error it is told to, before or after doing what was asked', async () => {
    const { call, slack } = sandbox;
    const given = { channel: 'C0PAY', text: 'x' };
    slack.failNext({ method: 'chat.postMessage', error: 'message_limit_exceeded' });
    expect((await call('chat.postMessage', given)).body.error).toBe('message_limit_exceeded');
    expect(slack.messages('C0PAY')).toHaveLength(0);
    slack.failNext({ method: 'chat.postMessage', error: 'internal_error', committed: true });
    expect((await call('chat.postMessage', given)).body.error).toBe('internal_error');
    expect(slack.messages('C0PAY')).toHaveLength(1);
    expect((await call('chat.postMessage', given)).body.ok).toBe(true);
  });

  it.each([
    ['commit_then_reset', 1],
    ['commit_then_500', 1],
    ['commit_then_half', 1],
    ['commit_then_wrong_type', 1],
    ['error_503', 0],
    ['wrong_type', 0],
    ['reset', 0],
    ['limit_bare', 0],
  ] as const)('can fail as %s, with %i message kept', async (kind, kept) => {
    const { call, faults, slack } = sandbox;
    faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind });
    await call('chat.postMessage', { channel: 'C0PAY', text: 'x' }).catch(() => undefined);
    expect(slack.messages('C0PAY')).toHaveLength(kept);
  });

  it('may never answer, having done it', async () => {
    const { faults, slack } = sandbox;
    faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind: 'commit_then_silence' });
    const stalled = fetch(`${slack.url}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}` },
      body: new URLSearchParams({ channel: 'C0PAY', text: 'x' }),
      signal: AbortSignal.timeout(100),
    });
    await expect(stalled).rejects.toThrow('timeout');
    expect(slack.messages('C0PAY')).toHaveLength(1);
  });

  it('is refused by a workspace in Slack’s words', async () => {
    const { call, faults } = sandbox;
    faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind: 'refuse' });
    const refused = await call('chat.postMessage', { channel: 'C0PAY', text: 'x' });
    expect(refused).toMatchObject({ status: 200, body: { ok: false, error: 'restricted_action' } });
    faults.add({ vendor: 'slack', operation: 'chat.postMessage', kind: 'limit', delayMs: 7000 });
    const limited = await call('chat.postMessage', { channel: 'C0PAY', text: 'x' });
    expect(limited).toMatchObject({ status: 429, body: { ok: false, error: 'ratelimited' } });
    expect(limited.headers.get('retry-after')).toBe('7');
  });

  it('names a fact with every answer, and knows which calls write', async () => {
    const { call, calls, slack } = sandbox;
    await call('conversations.info', { channel: 'C0PAY' });
    await call('chat.postMessage', { channel: 'C0PAY', text: 'x' });
    await call('chat.postMessage', { channel: 'C0PAY' });
    await call('auth.test', {}, 'none');
    await fetch(slack.url);
    expect(calls.map(({ write }) => write)).toEqual([false, true, true, false, false]);
    for (const { fact } of calls) expect(fact).toMatch(/^slack \d/);
  });
});
