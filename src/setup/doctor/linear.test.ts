import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LinearAuth } from '../../connectors/linear/auth.ts';
import { createFaults, type Faults } from '../../sandbox/faults.ts';
import type { Call } from '../../sandbox/http.ts';
import { startLinear, type FakeLinear } from '../../sandbox/linear/linear.ts';
import type { Check, CheckStatus } from '../check.ts';
import { checkLinear, linearChecks, type LinearToCheck } from './linear.ts';

let fake: FakeLinear;
let faults: Faults;
let calls: Call[];

beforeEach(async () => {
  faults = createFaults();
  calls = [];
  fake = await startLinear({ faults, calls });
  fake.createTeam({ key: 'SEC' });
  fake.createLabel({ name: 'audited' });
});
afterEach(() => fake.close());

function application(): LinearAuth {
  return { kind: 'client_credentials', clientId: fake.clientId, clientSecret: fake.clientSecret };
}

function personalKey(key = fake.apiKey): LinearAuth {
  return { kind: 'api_key', key };
}

async function check(more: Partial<LinearToCheck> = {}): Promise<Check[]> {
  const choices = { teams: [], completedState: null, auditedLabel: 'audited' };
  const checks = await checkLinear({ url: fake.url, auth: application(), ...choices, timeoutMs: 1000, ...more });
  // Other paths are none of Linear's.
  expect(calls.filter(({ write, path }) => write && path === '/graphql')).toEqual([]);
  for (const { id, status, fix } of checks) {
    expect(linearChecks).toHaveProperty([id]);
    expect(fix === null).toBe(status === 'ok');
  }
  const text = JSON.stringify(checks);
  for (const secret of [fake.apiKey, fake.clientSecret]) expect(text).not.toContain(secret);
  return checks;
}

async function wrong(more: Partial<LinearToCheck> = {}): Promise<Check[]> {
  return (await check(more)).filter(({ status }) => status !== 'ok');
}

function found(id: string, status: CheckStatus, message: RegExp, fix: RegExp): unknown {
  return { id, status, message: expect.stringMatching(message), fix: expect.stringMatching(fix) };
}

function team(key: string, completedState: string | null = null, auditedLabel: string | null = null) {
  return { key, completedState, auditedLabel };
}

describe('a set-up that is as it should be', () => {
  test('is fine in everything', async () => {
    const checks = await check({ teams: [team('SEC', 'done')] });
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(checks.map(({ id }) => id).toSorted()).toEqual(Object.keys(linearChecks).toSorted());
    const messageOf = (id: string): string | undefined => checks.find((one) => one.id === `linear.${id}`)?.message;
    expect(messageOf('credential')).toContain('Review Records in the workspace Acme (linear.app/acme)');
    expect(messageOf('teams')).toContain('SEC');
    expect(messageOf('gitlab')).toContain('is connected');
  });

  test('may count every team, have no label yet and no GitLab integration', async () => {
    await fake.close();
    fake = await startLinear({ faults, calls });
    fake.createTeam({ key: 'ENG' });
    fake.createTeam({ key: 'VAULT', visibility: 'private', admitted: true });
    fake.connectGitlab(false);
    const checks = await check();
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    const messages = checks.map(({ message }) => message).join('\n');
    expect(messages).toContain('every team count: ENG and VAULT; private: VAULT');
    expect(messages).toContain('"audited" is not there yet');
    expect(messages).toContain('is not connected');
  });

  test('may give each team a state and a label of its own', async () => {
    const eng = fake.createTeam({ key: 'ENG' });
    fake.createState({ team: eng, name: 'Released', type: 'completed' });
    fake.createLabel({ name: 'reviewed', team: eng });
    const teams = [team('SEC'), team('ENG', 'Released', 'Reviewed')];
    expect(await wrong({ teams, completedState: 'Never there' })).toEqual([]);
  });

  test('is told without what nothing depends on, where Linear does not say', async () => {
    fake.failNext({ field: 'integrations', code: 'FORBIDDEN', type: 'forbidden' });
    const checks = await check();
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(checks.map(({ id }) => id)).not.toContain('linear.gitlab');
  });
});

describe('the address and what answers there', () => {
  test('nothing that answers is said once, and nothing else is judged', async () => {
    const auth = application();
    const { url } = fake;
    await fake.close();
    const checks = await checkLinear({ url, auth, teams: [], completedState: null, auditedLabel: 'audited' });
    expect(checks).toEqual([found('linear.reachable', 'fail', /ECONNREFUSED.*no issue/, /linear\.url.*firewall/)]);
  });

  test.each(['/graphqll', '/oauth/token'])('another path than the API’s is named: %s', async (path) => {
    const url = new URL(path, fake.url).href;
    const checks = await check({ url, auth: personalKey() });
    expect(checks).toEqual([found('linear.reachable', 'fail', /not Linear's API/, /api\.linear\.app\/graphql/)]);
  });

  test('a proxy’s page is not taken for Linear', async () => {
    faults.add({ vendor: 'linear', operation: 'viewer', kind: 'wrong_type' });
    expect(await check()).toEqual([found('linear.reachable', 'fail', /not Linear's API/, /proxy/)]);
  });

  test.each(['error_500', 'error_502', 'reset', 'commit_then_half'] as const)(
    'an outage is no diagnosis: %s',
    async (kind) => {
      faults.add({ vendor: 'linear', operation: 'viewer', kind });
      expect(await check()).toEqual([
        found('linear.reachable', 'fail', /nothing else could be looked at/, /Try again/),
      ]);
    },
  );

  test('no answer in time is no diagnosis', async () => {
    faults.add({ vendor: 'linear', operation: 'viewer', kind: 'commit_then_silence' });
    expect(await check({ timeoutMs: 50 })).toEqual([found('linear.reachable', 'fail', /in time/, /Try again/)]);
  });

  test('a quota that is used up says when to come back', async () => {
    fake.limitNext(1);
    expect(await wrong()).toEqual([found('linear.rate_limit', 'fail', /no requests left/, /^Try again in \d+ s$/)]);
  });

  test('a quota that is nearly used up is told', async () => {
    fake.setLimits({ requests: 10 });
    for (let left = 9; left > 0; left--) {
      await fetch(fake.url, { method: 'POST', headers: { authorization: fake.apiKey } });
    }
    const checks = await check({ auth: personalKey() });
    expect(checks).toContainEqual(found('linear.rate_limit', 'warn', /0 of 10 requests/, /quota/));
  });

  test('an outage that comes later leaves its question open, and no other', async () => {
    faults.add({ vendor: 'linear', operation: 'issueLabels', kind: 'error_502' });
    expect(await wrong()).toEqual([found('linear.label', 'fail', /could not be looked at/, /Try again/)]);
    faults.add({ vendor: 'linear', operation: 'teams', kind: 'error_502' });
    expect(await wrong()).toEqual([found('linear.teams', 'fail', /could not be looked at/, /Try again/)]);
  });
});

describe('the credential', () => {
  test('of a person works, and acts in that person’s name', async () => {
    const checks = await check({ auth: personalKey() });
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([
      found('linear.credential', 'warn', /personal key of Marit Lund.*that person's name/, /LINEAR_CLIENT_ID/),
    ]);
    expect(checks.map(({ id }) => id)).not.toContain('linear.scopes');
  });

  test('that was revoked is refused', async () => {
    fake.revokeKey();
    const auth = personalKey();
    expect(await wrong({ auth })).toEqual([
      found('linear.credential', 'fail', /does not accept the personal key: no issue/, /revoked.*LINEAR_API_KEY/),
    ]);
  });

  test.each([
    ['with Bearer before it', 'Bearer lin_api_x', /begins with "Bearer"/, /the key alone/],
    ['an OAuth token', 'lin_oauth_x', /OAuth token/, /LINEAR_CLIENT_ID/],
    ['something else', 'xoxb-1', /does not begin with lin_api_/, /pasted whole/],
    ['with a line break in it', 'lin_api_\nx', /does not accept/, /pasted whole/],
  ])('that is no key is named: %s', async (_what, key, message, fix) => {
    expect(await wrong({ auth: personalKey(key) })).toEqual([found('linear.credential', 'fail', message, fix)]);
  });

  test('of an application with a wrong secret is refused', async () => {
    const auth = { kind: 'client_credentials', clientId: fake.clientId, clientSecret: 'wrong' } as const;
    expect(await wrong({ auth })).toEqual([
      found('linear.credential', 'fail', /client id, or not with this secret/, /LINEAR_CLIENT_SECRET/),
    ]);
  });

  test('of an application without client credentials gets no token', async () => {
    fake.setClientCredentials(false);
    expect(await wrong()).toEqual([
      found('linear.credential', 'fail', /no token by client credentials/, /Switch on client credentials/),
    ]);
  });

  test('of an application that may not write is named', async () => {
    fake.setGrantable(['read']);
    expect(await wrong()).toEqual([found('linear.scopes', 'fail', /not given the scope write/, /the scope write/)]);
  });

  test('that may not read is named', async () => {
    fake.failNext({ field: 'viewer', code: 'FORBIDDEN', type: 'forbidden', statusCode: 403, status: 403 });
    expect(await wrong({ auth: personalKey() })).toEqual([
      found('linear.scopes', 'fail', /does not let the credential read/, /Read and Write/),
    ]);
  });
});

describe('teams and their states', () => {
  test('no team that the credential sees is named once', async () => {
    await fake.close();
    fake = await startLinear({ faults, calls });
    fake.createTeam({ key: 'VAULT', visibility: 'private' });
    expect(await wrong({ teams: [team('VAULT')] })).toEqual([
      found('linear.teams', 'fail', /sees no team of Linear/, /let the credential into it/),
    ]);
  });

  test('a key that is mistyped is named with the one that was meant', async () => {
    fake.createTeam({ key: 'PLATFORM' });
    expect(await wrong({ teams: [team('SEC'), team('PLATFROM')] })).toEqual([
      found('linear.teams', 'fail', /no team PLATFROM.*sees PLATFORM and SEC/, /PLATFORM instead of PLATFROM/),
    ]);
  });

  test('a private team that the credential was not let into looks like none', async () => {
    fake.createTeam({ key: 'VAULT', visibility: 'private' });
    expect(await wrong({ teams: [team('VAULT'), team('SEC')] })).toEqual([
      found('linear.teams', 'fail', /no team VAULT/, /private, let the credential into it/),
    ]);
  });

  test('a state that a team does not have is named with those that it has', async () => {
    fake.createState({ team: 'SEC', name: 'Released', type: 'completed' });
    expect(await wrong({ teams: [team('SEC', 'Closed')] })).toEqual([
      found(
        'linear.state',
        'fail',
        /SEC has no completed state "Closed", it has "Done" and "Released": .*not closed/,
        /completed_state of the team in linear\.teams/,
      ),
    ]);
  });

  test('a state of another kind is none to close with', async () => {
    expect(await wrong({ completedState: 'In Review' })).toEqual([
      found('linear.state', 'fail', /no completed state "In Review"/, /linear\.completed_state/),
    ]);
  });

  test('a state that only some of all teams lack is a warning', async () => {
    fake.createTeam({ key: 'ENG', states: [{ name: 'Shipped', type: 'completed' }] });
    expect(await wrong({ completedState: 'Done' })).toEqual([
      found('linear.state', 'warn', /ENG has no completed state "Done", it has "Shipped"/, /linear\.completed_state/),
    ]);
  });

  test('a team without any completed state is named', async () => {
    fake.createTeam({ key: 'OPEN', states: [{ name: 'Todo', type: 'unstarted' }] });
    expect(await wrong({ teams: [team('OPEN')] })).toEqual([
      found('linear.state', 'fail', /OPEN has no completed state:/, /kind Completed/),
    ]);
  });

  test('names of others cannot write what they like into a terminal', async () => {
    fake.createTeam({ key: 'ODD', states: [{ name: 'Done\u001b[2J\u202e\n', type: 'completed' }] });
    const [state] = await wrong({ teams: [team('ODD', 'Done')] });
    expect(state?.message).toContain('"Done[2J"');
  });

  test('more teams than one page holds are all seen', async () => {
    for (let index = 0; index < 120; index++) fake.createTeam({ key: `T${index}` });
    expect(await wrong({ teams: [team('T0'), team('T119'), team('SEC')] })).toEqual([]);
  });
});

describe('the label', () => {
  test('that is a group cannot be put on an issue', async () => {
    fake.createLabel({ name: 'Stamps', isGroup: true });
    expect(await wrong({ auditedLabel: 'stamps' })).toEqual([
      found('linear.label', 'fail', /"stamps" is a group of labels.*SEC is closed/, /rename the group.*audited_label/),
    ]);
  });

  test('that is archived cannot be put on an issue', async () => {
    fake.createLabel({ name: 'checked', retired: true });
    expect(await wrong({ auditedLabel: 'checked' })).toEqual([
      found('linear.label', 'fail', /is archived/, /Labels, restore it/),
    ]);
  });

  test('that belongs to a group may push another off', async () => {
    const parent = fake.createLabel({ name: 'Stamps', isGroup: true });
    fake.createLabel({ name: 'checked', parent });
    expect(await wrong({ auditedLabel: 'checked' })).toEqual([
      found('linear.label', 'fail', /belongs to a group/, /out of the group/),
    ]);
  });

  test('that is missing and may not be made is named', async () => {
    fake.restrictLabels(true);
    expect(await wrong({ auditedLabel: 'checked' })).toEqual([
      found('linear.label', 'fail', /missing for SEC.*only admins.*no issue is closed/, /admin make it/),
    ]);
    expect(await wrong()).toEqual([]);
  });

  test('of one team alone is another in each team', async () => {
    fake.createTeam({ key: 'ENG' });
    fake.createLabel({ name: 'checked', team: 'ENG' });
    expect(await wrong({ auditedLabel: 'checked' })).toEqual([
      found('linear.label', 'warn', /for ENG alone, not for SEC/, /for the whole workspace/),
    ]);
    expect(await wrong({ auditedLabel: 'checked', teams: [team('ENG')] })).toEqual([]);
  });

  test('that cannot be used is passed by where another of its name can', async () => {
    fake.createLabel({ name: 'Audited', team: 'SEC', retired: true });
    expect(await wrong()).toEqual([]);
  });

  test('of a single team is judged for that team', async () => {
    fake.createTeam({ key: 'ENG' });
    fake.createLabel({ name: 'checked', isGroup: true });
    expect(await wrong({ teams: [team('SEC'), team('ENG', null, 'checked')] })).toEqual([
      found('linear.label', 'fail', /"checked" is a group.*of ENG is closed/, /rename/),
    ]);
  });
});

test('a clock that is minutes off is told, whichever is ahead', async () => {
  for (const [seconds, side] of [
    [300, /(299|300|301) s ahead of/],
    [-300, /(299|300|301) s behind/],
  ] as const) {
    const now = (): Date => new Date(Date.now() + seconds * 1000);
    expect(await wrong({ now })).toEqual([found('linear.clock', 'warn', side, /set-ntp/)]);
  }
});
