import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFaults, type Faults } from '../../sandbox/faults.ts';
import type { Call } from '../../sandbox/http.ts';
import { startSlack, usualScopes, type FakeSlack } from '../../sandbox/slack/slack.ts';
import type { Check, CheckStatus } from '../check.ts';
import { checkSlack, slackChecks, type SlackToCheck } from './slack.ts';

let fake: FakeSlack;
let faults: Faults;
let calls: Call[];

beforeEach(async () => {
  faults = createFaults();
  calls = [];
  await open();
});
afterEach(() => fake.close());

const pods = [
  { name: 'payments', channel: 'C0PAY' },
  { name: 'core', channel: 'C0CORE' },
];

async function open(botToken?: string): Promise<void> {
  fake = await startSlack({ faults, calls, ...(botToken === undefined ? {} : { botToken }) });
  fake.createChannel({ name: 'security', id: 'C0SEC' });
  fake.createChannel({ name: 'payments', id: 'C0PAY' });
  fake.createChannel({ name: 'core', id: 'C0CORE', private: true });
}

async function reopen(botToken: string): Promise<void> {
  await fake.close();
  await open(botToken);
}

async function check(more: Partial<SlackToCheck> = {}): Promise<Check[]> {
  const { url, botToken: token } = fake;
  const checks = await checkSlack({ url, token, pods, fallbackChannel: 'C0SEC', timeoutMs: 1000, ...more });
  // Other paths are none of Slack's.
  expect(calls.filter(({ write, path }) => write && path.startsWith('/api/'))).toEqual([]);
  for (const { id, status, fix } of checks) {
    expect(slackChecks).toHaveProperty([id]);
    expect(fix === null).toBe(status === 'ok');
  }
  expect(JSON.stringify(checks)).not.toContain(more.token ?? token);
  return checks;
}

async function wrong(more: Partial<SlackToCheck> = {}): Promise<Check[]> {
  return (await check(more)).filter(({ status }) => status !== 'ok');
}

function found(what: string, status: CheckStatus, message: RegExp, fix: RegExp): unknown {
  return { id: `slack.${what}`, status, message: expect.stringMatching(message), fix: expect.stringMatching(fix) };
}

function without(...scopes: string[]): string[] {
  return usualScopes.filter((scope) => !scopes.includes(scope));
}

describe('a set-up that is as it should be', () => {
  test('is fine in everything', async () => {
    const checks = await check();
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(checks.map(({ id }) => id).toSorted()).toEqual(Object.keys(slackChecks).toSorted());
    const messageOf = (what: string): string | undefined => checks.find(({ id }) => id === `slack.${what}`)?.message;
    expect(messageOf('workspace')).toContain('workspace Acme as @reviewbot');
    expect(messageOf('channels')).toContain('#payments and #core');
    expect(messageOf('fallback')).toContain('#security');
  });

  test('may have no pods, or a pod in the channel for the rest', async () => {
    expect(await wrong({ pods: [] })).toEqual([]);
    expect(await wrong({ pods: [{ name: 'all', channel: 'C0SEC' }] })).toEqual([]);
  });

  test('needs no scope for private channels where there are none', async () => {
    fake.setScopes(['chat:write', 'channels:history', 'channels:read']);
    expect(await wrong({ pods: pods.slice(0, 1) })).toEqual([]);
  });

  test('looks at many channels in one listing', async () => {
    const many = Array.from({ length: 60 }, (_, index) => {
      const name = `pod-${index}`;
      return { name, channel: fake.createChannel({ name }).id };
    });
    fake.switches.tiers = true;
    expect(await wrong({ pods: many })).toEqual([]);
    fake.setMember('pod-59', false);
    expect(await wrong({ pods: many })).toEqual([found('channels', 'fail', /#pod-59 \(pod-59\)/, /#pod-59/)]);
  });
});

describe('the address and what answers there', () => {
  test('nothing that answers is said once, and nothing else is judged', async () => {
    const { url, botToken: token } = fake;
    await fake.close();
    expect(await checkSlack({ url, token, pods, fallbackChannel: 'C0SEC' })).toEqual([
      found('reachable', 'fail', /ECONNREFUSED.*nothing is confirmed/, /slack\.url.*firewall/),
    ]);
  });

  test('another address than the API’s is named', async () => {
    const url = fake.url.replace('/api/', '/methods/');
    expect((await check({ url })).filter(({ status }) => status !== 'ok')).toEqual([
      found('reachable', 'fail', /not Slack's API/, /https:\/\/slack\.com\/api\//),
    ]);
  });

  test('a proxy’s page is not taken for Slack', async () => {
    faults.add({ vendor: 'slack', operation: 'auth.test', kind: 'wrong_type' });
    expect(await check()).toEqual([found('reachable', 'fail', /not Slack's API/, /proxy/)]);
  });

  test.each(['error_500', 'error_502', 'reset', 'limit', 'limit_bare'] as const)(
    'an outage is no diagnosis: %s',
    async (kind) => {
      faults.add({ vendor: 'slack', operation: 'auth.test', kind });
      expect(await check()).toEqual([found('reachable', 'fail', /nothing else could be looked at/, /^Try again/)]);
    },
  );

  test('an outage that comes later leaves its question open, and no other', async () => {
    faults.add({ vendor: 'slack', operation: 'conversations.info', kind: 'limit', times: 3, delayMs: 7000 });
    expect(await wrong()).toEqual([
      found('channels', 'fail', /C0PAY \(payments\) could not be looked at.*C0CORE/, /^Try again in 7 s$/),
      found('fallback', 'fail', /C0SEC .*could not be looked at/, /^Try again in 7 s$/),
    ]);
    faults.add({ vendor: 'slack', operation: 'conversations.history', kind: 'error_502' });
    expect(await wrong()).toEqual([found('history', 'fail', /could not be looked at/, /^Try again in a minute$/)]);
  });
});

describe('the token', () => {
  test.each([
    ['token_revoked', /was revoked/, /Install the app/],
    ['token_expired', /has expired/, /without token rotation/],
    ['account_inactive', /removed from the workspace/, /Install the app/],
    ['invalid_auth', /not known to Slack/, /SLACK_BOT_TOKEN.*xoxb-/],
  ] as const)('that Slack refuses is named once: %s', async (code, message, fix) => {
    fake.revokeToken(code);
    expect(await wrong()).toEqual([found('token', 'fail', message, fix)]);
  });

  test('of a person posts in that person’s name', async () => {
    await reopen('xoxp-1234');
    expect(await wrong()).toEqual([
      found('token', 'fail', /a person’s, xoxp-.*end with their account/, /Bot User OAuth/),
    ]);
  });

  test('of the app itself posts nothing', async () => {
    await reopen('xapp-1-A0');
    expect(await wrong()).toEqual([found('token', 'fail', /the app’s own, xapp-/, /Bot User OAuth/)]);
  });

  test('that ends within hours is not enough', async () => {
    await reopen('xoxe.xoxb-1-abc');
    expect(await wrong()).toEqual([found('token', 'fail', /ends within hours/, /without token rotation/)]);
  });

  test.each([
    ['xapp-1-wrong', /the app’s own/],
    ['xoxp-wrong', /a person’s/],
    ['hooks.slack.com/services/T0', /no bot’s: those begin with xoxb-/],
  ])('of another kind is named as such where Slack refuses it: %s', async (token, message) => {
    expect(await wrong({ token })).toEqual([found('token', 'fail', message, /Bot User OAuth/)]);
  });

  test('that holds what no header can is told without it', async () => {
    expect(await wrong({ token: 'xoxb-1\n2' })).toEqual([found('token', 'fail', /is not accepted/, /SLACK_BOT_TOKEN/)]);
  });

  test('of an app that the workspace keeps out is named', async () => {
    fake.failNext({ method: 'auth.test', error: 'org_login_required' });
    expect(await wrong()).toEqual([found('token', 'fail', /does not let the app in \(org_login_required\)/, /admin/)]);
  });

  test('for a whole organisation reaches further than it has to', async () => {
    fake.switches.orgWideToken = true;
    expect(await wrong()).toEqual([found('workspace', 'warn', /whole organisation Acme/, /workspace of the channels/)]);
  });
});

describe('the scopes', () => {
  test('to post is needed', async () => {
    fake.setScopes(without('chat:write'));
    expect(await wrong()).toEqual([found('scopes', 'fail', /cannot post/, /Add chat:write .*install the app/)]);
  });

  test.each([
    ['channels:history', pods.slice(0, 1)],
    ['groups:history', pods],
  ])('to read back is worth having: %s', async (scope, its) => {
    fake.setScopes(without(scope));
    expect(await wrong({ pods: its })).toEqual([
      found('scopes', 'warn', new RegExp(`Without ${scope} .*waits for a person`), new RegExp(`^Add ${scope} at`)),
    ]);
  });

  test('to look at channels is made up for by reading them', async () => {
    fake.setScopes(without('channels:read', 'groups:read'));
    const checks = await check();
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([
      found('scopes', 'warn', /Without channels:read and groups:read it cannot be told/, /^Add channels:read and/),
    ]);
    expect(checks.find(({ id }) => id === 'slack.channels')?.message).toContain('C0PAY and C0CORE');
    fake.setMember('C0PAY', false);
    expect(await wrong()).toContainEqual(
      found('channels', 'fail', /not in C0PAY \(payments\)/, /^Type \/invite @reviewbot in C0PAY$/),
    );
    fake.setMember('C0CORE', false);
    expect(await wrong()).toContainEqual(found('channels', 'fail', /C0CORE \(core\) is not there, or/, /\/invite/));
  });

  test('that are missing altogether leave untold what cannot be told, and are named once', async () => {
    fake.setScopes(['chat:write']);
    const checks = await check();
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([
      found(
        'scopes',
        'warn',
        /Without channels:history and groups:history .*; Without channels:read and groups:read/,
        /^Add channels:history, groups:history, channels:read and groups:read at/,
      ),
    ]);
    const ids = checks.map(({ id }) => id);
    for (const id of ['slack.channels', 'slack.fallback', 'slack.history']) expect(ids).not.toContain(id);
  });

  test('that read back without the keys of messages are told by reading', async () => {
    fake.switches.metadataScope = 'refused_without';
    expect(await wrong()).toEqual([
      found('history', 'warn', /needed: metadata\.message:read.*waits for a person/, /metadata\.message:read/),
    ]);
    fake.setScopes([...usualScopes, 'metadata.message:read']);
    expect(await wrong()).toEqual([]);
  });

  test('of an app that may hardly read are named with a way out', async () => {
    fake.switches.limitedHistory = true;
    expect(await wrong()).toEqual([]);
    expect(await wrong()).toEqual([
      found('history', 'fail', /could not be looked at/, /^Try again in 60 s; .*app of your own/),
    ]);
  });
});

describe('the channels', () => {
  test('without the app are named with the invitation', async () => {
    fake.setMember('C0PAY', false);
    expect(await wrong()).toEqual([
      found('channels', 'fail', /not in #payments \(payments\)/, /^Type \/invite @reviewbot in #payments$/),
    ]);
  });

  test('without the app can be posted to and not read with chat:write.public', async () => {
    fake.setScopes([...usualScopes, 'chat:write.public']);
    fake.setMember('C0PAY', false);
    expect(await wrong()).toEqual([
      found('channels', 'warn', /may post there and not read.*waits for a person/, /\/invite @reviewbot/),
    ]);
  });

  test('that are private look like none until the app is invited', async () => {
    fake.setMember('C0CORE', false);
    expect(await wrong()).toEqual([
      found('channels', 'fail', /C0CORE \(core\) is not there, or is private/, /slack\.pods.*\/invite @reviewbot/),
    ]);
  });

  test('that are archived take no message', async () => {
    fake.setArchived('C0PAY', true);
    expect(await wrong()).toEqual([found('channels', 'fail', /#payments .* archived/, /Unarchive #payments/)]);
  });

  test('that another company reads are a warning', async () => {
    fake.createChannel({ name: 'partners', id: 'C0EXT', external: true });
    expect(await wrong({ pods: [{ name: 'partners', channel: 'C0EXT' }] })).toEqual([
      found('channels', 'warn', /#partners .*another company/, /nobody outside/),
    ]);
  });

  test('are told together, by the worst of them', async () => {
    fake.setArchived('C0PAY', true);
    fake.createChannel({ name: 'partners', id: 'C0EXT', external: true });
    const its = [...pods, { name: 'partners', channel: 'C0EXT' }, { name: 'gone', channel: 'C0GONE' }];
    expect(await wrong({ pods: its })).toEqual([
      found(
        'channels',
        'fail',
        /archived; #partners .*; The channel C0GONE .*not posted/,
        /Unarchive.*; Name.*; Check/,
      ),
    ]);
  });

  test('of several pods are named once, with all of them', async () => {
    fake.setMember('C0PAY', false);
    const [told] = await wrong({ pods: [...pods, { name: 'refunds', channel: 'C0PAY' }] });
    expect(told?.message).toContain('#payments (payments, refunds)');
    expect(told?.message.match(/#payments/g)).toHaveLength(1);
  });

  test('for the rest is told apart from those of the pods, also where a pod has the same', async () => {
    fake.setMember('C0SEC', false);
    expect(await wrong({ pods: [...pods, { name: 'sec', channel: 'C0SEC' }] })).toEqual([
      found('fallback', 'fail', /#security \(slack\.fallback_channel\).*confirmed nowhere/, /in #security$/),
    ]);
    expect(await wrong({ fallbackChannel: 'C0GONE' })).toEqual([
      found('fallback', 'fail', /C0GONE .*not there/, /Check the id in slack\.fallback_channel/),
    ]);
  });

  test('have names that cannot write what they like into a terminal', async () => {
    fake.createChannel({ name: 'x\u001b[2J\n\u202e', id: 'C0ODD', archived: true });
    const [told] = await wrong({ pods: [{ name: 'odd', channel: 'C0ODD' }] });
    expect(told?.message).toContain('#x[2J (odd)');
  });
});

test('a clock that is minutes off is told, whichever is ahead', async () => {
  for (const [seconds, side] of [
    [300, /(299|300|301) s ahead of.*sent twice/],
    [-300, /(299|300|301) s behind/],
  ] as const) {
    const now = (): Date => new Date(Date.now() + seconds * 1000);
    expect(await wrong({ now })).toEqual([found('clock', 'warn', side, /set-ntp/)]);
  }
});
