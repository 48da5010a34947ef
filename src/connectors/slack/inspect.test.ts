import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFaults, type Faults } from '../../sandbox/faults.ts';
import type { Call } from '../../sandbox/http.ts';
import { startSlack, type FakeSlack } from '../../sandbox/slack/slack.ts';
import { createSlackInspector, type SlackInspector } from './inspect.ts';

let fake: FakeSlack;
let faults: Faults;
let calls: Call[];
let slack: SlackInspector;

beforeEach(async () => {
  faults = createFaults();
  calls = [];
  fake = await startSlack({ faults, calls });
  slack = createSlackInspector({ url: fake.url, token: fake.botToken });
});
afterEach(() => fake.close());

test('a bot token tells its workspace, its name and its scopes', async () => {
  fake.setScopes(['chat:write', 'channels:read']);
  expect(await slack.whoAmI()).toMatchObject({
    kind: 'bot',
    workspace: { id: fake.teamId, name: 'Acme', url: 'https://acme.slack.com/' },
    user: 'reviewbot',
    userId: fake.botUserId,
    botId: fake.botId,
    scopes: ['chat:write', 'channels:read'],
    organisationWide: false,
    expiresInSeconds: null,
  });
});

test.each([
  ['xoxp-1', { kind: 'user', botId: null }],
  ['xapp-1', { kind: 'app', botId: null, user: null }],
  ['xoxe.xoxb-1', { kind: 'rotating', expiresInSeconds: 43_200 }],
])('another token is told by its kind: %s', async (token, expected) => {
  await fake.close();
  fake = await startSlack({ faults, calls, botToken: token });
  slack = createSlackInspector({ url: fake.url, token });
  expect(await slack.whoAmI()).toMatchObject(expected);
});

test('a channel is described; one that is not there or not to be seen is null', async () => {
  fake.createChannel({ name: 'security', id: 'C0SEC', archived: true, member: false, external: true });
  fake.createChannel({ name: 'hidden', id: 'C0HIDDEN', private: true, member: false });
  expect(await slack.readChannel('C0SEC')).toEqual({
    id: 'C0SEC',
    name: 'security',
    private: false,
    archived: true,
    member: false,
    external: true,
  });
  expect(await slack.readChannel('C0HIDDEN')).toBeNull();
  expect(await slack.readChannel('C0NONE')).toBeNull();
  faults.add({ vendor: 'slack', operation: 'info', kind: 'altered', set: { 'channel.is_member': null } });
  expect(await slack.readChannel('C0SEC')).toMatchObject({ member: null });
  fake.setScopes([]);
  await expect(slack.readChannel('C0SEC')).rejects.toMatchObject({ code: 'forbidden', vendorCode: 'missing_scope' });
});

test('channels are listed over as many pages as there are, those that the app may see', async () => {
  fake.createChannel({ name: 'core', id: 'C0CORE', private: true });
  fake.createChannel({ name: 'hidden', private: true, member: false });
  for (let index = 0; index < 1000; index++) fake.createChannel({ name: `c${index}`, member: false });
  expect(await slack.listChannels()).toHaveLength(1001);
  expect(calls).toHaveLength(3);
  fake.setScopes(['groups:read']);
  expect(await slack.listChannels()).toMatchObject([{ id: 'C0CORE', private: true, member: true }]);
  fake.setScopes([]);
  expect(await slack.listChannels()).toBeNull();
});

test('a listing without an end is an error, and so is an outage', async () => {
  fake.createChannel({ name: 'core' });
  const set = { 'response_metadata.next_cursor': Buffer.from('channel:0').toString('base64') };
  faults.add({ vendor: 'slack', operation: 'conversations.list', kind: 'altered', times: 9, set });
  await expect(slack.listChannels()).rejects.toMatchObject({ code: 'bad_response' });
  faults.clear();
  faults.add({ vendor: 'slack', operation: 'conversations.list', kind: 'error_502', times: 9 });
  await expect(slack.listChannels()).rejects.toMatchObject({ code: 'server_error' });
});

test('reading back says why it would fail, and writes nothing', async () => {
  const { id } = fake.createChannel({ name: 'core' });
  await slack.readBack(id);
  fake.setMember(id, false);
  await expect(slack.readBack(id)).rejects.toMatchObject({ code: 'forbidden', vendorCode: 'not_in_channel' });
  fake.setScopes(['channels:read']);
  await expect(slack.readBack(id)).rejects.toMatchObject({ code: 'forbidden', vendorCode: 'missing_scope' });
  expect(calls.map(({ write }) => write)).toEqual([false, false, false]);
});
