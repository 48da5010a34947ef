import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Answer, Page, Posted, Self } from './schema.ts';

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
}

test("answers in the form of Slack's documentation are understood", () => {
  expect(Posted.parse(fixture('posted'))).toEqual({ channel: 'C0POD', ts: '1764000000.000100' });
  expect(Self.parse(fixture('auth-test'))).toEqual({
    url: 'https://acme.slack.com/',
    is_enterprise_install: false,
    user_id: 'W23456789',
    bot_id: 'BZYBOTHED',
  });
  expect(Answer.parse(fixture('missing-scope'))).toEqual({
    ok: false,
    error: 'missing_scope',
    needed: 'channels:history',
  });
  expect(Page.parse(fixture('history'))).toMatchObject({
    messages: [{ metadata: { event_payload: { key: 'SEC-0a1b2c3d4e5f6071' } } }, {}, {}, {}],
    response_metadata: { next_cursor: 'bmV4dF90czoxNTEyMDg1ODYxMDAwNTQz' },
  });
});

test('a strange message in a channel does not make its history unreadable', () => {
  const strange = {
    ts: '1.000001',
    text: 5,
    blocks: 'none',
    attachments: {},
    metadata: { event_type: 7 },
    thread_ts: [],
  };
  expect(Page.parse({ ok: true, messages: [strange] }).messages).toEqual([
    expect.objectContaining({ ts: '1.000001', text: null, blocks: null, metadata: null }),
  ]);
});
