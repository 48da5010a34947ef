import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFaults, type Faults } from '../../sandbox/faults.ts';
import type { Call } from '../../sandbox/http.ts';
import { startLinear, type FakeLinear } from '../../sandbox/linear/linear.ts';
import { createLinearInspector, type LinearInspector } from './inspect.ts';

let fake: FakeLinear;
let faults: Faults;
let calls: Call[];
let linear: LinearInspector;

beforeEach(async () => {
  faults = createFaults();
  calls = [];
  fake = await startLinear({ faults, calls });
  linear = createLinearInspector({ url: fake.url, auth: { kind: 'api_key', key: fake.apiKey } });
});
afterEach(() => fake.close());

test('a key is a person’s, and what it may do is not told', async () => {
  fake.restrictLabels(true);
  expect(await linear.whoAmI()).toMatchObject({
    kind: 'person',
    name: 'Marit Lund',
    workspace: { name: 'Acme', urlKey: 'acme' },
    scopes: null,
    mayMakeLabels: false,
    quotas: [
      { of: 'requests', allowed: 2500, remaining: 2499 },
      { of: 'complexity', allowed: 3_000_000 },
    ],
  });
});

test('a token tells its scopes, also after it was fetched anew', async () => {
  const auth = { kind: 'client_credentials', clientId: fake.clientId, clientSecret: fake.clientSecret } as const;
  linear = createLinearInspector({ url: fake.url, auth });
  expect(await linear.whoAmI()).toMatchObject({ kind: 'app', scopes: ['read', 'write'], mayMakeLabels: true });
  fake.setGrantable(['read']);
  fake.expireTokens();
  expect(await linear.whoAmI()).toMatchObject({ kind: 'app', scopes: ['read'] });
});

test('settings that may not be seen leave the rest to be told', async () => {
  fake.failNext({ field: 'organization', code: 'FORBIDDEN', type: 'forbidden' });
  await expect(linear.whoAmI()).rejects.toMatchObject({ code: 'forbidden' });
  // Two fields have this name; the second is the one for settings.
  faults.add({ vendor: 'linear', operation: 'organization', kind: 'altered', set: { 'data.f2': null } });
  expect(await linear.whoAmI()).toMatchObject({ name: 'Marit Lund', mayMakeLabels: null });
  faults.add({
    vendor: 'linear',
    operation: 'organization',
    kind: 'altered',
    set: { 'data.f2.securitySettings': { labelManagementRole: ['someone'] } },
  });
  expect(await linear.whoAmI()).toMatchObject({ name: 'Marit Lund', mayMakeLabels: null });
});

test('teams are listed by key, with their completed states in order, over as many pages as there are', async () => {
  const sec = fake.createTeam({ key: 'SEC', name: 'Security', visibility: 'private', admitted: true });
  fake.createState({ team: sec, name: 'Released', type: 'completed', position: 1 });
  fake.createTeam({ key: 'HIDDEN', visibility: 'private' });
  for (let index = 100; index < 220; index++) fake.createTeam({ key: `T${index}` });
  const teams = await linear.listTeams();
  expect(teams).toHaveLength(121);
  expect(teams[0]).toMatchObject({
    key: 'SEC',
    name: 'Security',
    private: true,
    completedStates: ['Released', 'Done'],
  });
  expect(teams.at(-1)).toMatchObject({ key: 'T219', private: false, completedStates: ['Done'] });
});

test('labels are found in any case, with their teams and with what forbids their use', async () => {
  fake.createTeam({ key: 'SEC' });
  const group = fake.createLabel({ name: 'Audited', isGroup: true });
  fake.createLabel({ name: 'audited', parent: group });
  fake.createLabel({ name: 'AUDITED', team: 'SEC' });
  fake.createLabel({ name: 'audited', retired: true });
  fake.createLabel({ name: 'audited-not' });
  const labels = await linear.findLabels('audited');
  expect(labels.map(({ team, unusable }) => [team?.key, unusable])).toEqual(
    expect.arrayContaining([
      [undefined, 'group'],
      [undefined, 'in_group'],
      ['SEC', null],
      [undefined, 'retired'],
    ]),
  );
  expect(labels).toHaveLength(4);
});

test('a label is made for the workspace once, and what is refused is told by its code', async () => {
  const made = await linear.createLabel('audited');
  expect(made).toMatchObject({ name: 'audited', team: null });
  expect(fake.labels()).toMatchObject([{ id: made.id, teamId: null }]);
  await expect(linear.createLabel('audited')).rejects.toMatchObject({ code: 'refused' });
  fake.restrictLabels(true);
  await expect(linear.createLabel('other')).rejects.toMatchObject({ code: 'forbidden' });
  fake.setScopes(['read']);
  await expect(linear.createLabel('other')).rejects.toMatchObject({ code: 'forbidden' });
  expect(fake.labels()).toHaveLength(1);
  expect(calls.filter(({ write }) => write).map(({ operation }) => operation)).toEqual(
    Array.from({ length: 4 }, () => 'issueLabelCreate'),
  );
});

test('the GitLab integration is there, is not, or is not told', async () => {
  expect(await linear.hasGitlab()).toBe(true);
  fake.connectGitlab(false);
  expect(await linear.hasGitlab()).toBe(false);
  fake.failNext({ field: 'integrations', code: 'FORBIDDEN', type: 'forbidden' });
  expect(await linear.hasGitlab()).toBeNull();
  faults.add({ vendor: 'linear', operation: 'integrations', kind: 'error_502' });
  await expect(linear.hasGitlab()).rejects.toMatchObject({ code: 'server_error' });
});

test('an answer in another shape is not believed', async () => {
  faults.add({ vendor: 'linear', operation: 'viewer', kind: 'altered', set: { 'data.f0.app': 'yes' } });
  await expect(linear.whoAmI()).rejects.toMatchObject({ code: 'bad_response' });
  fake.createTeam({ key: 'SEC' });
  const set = { 'data.f0.pageInfo.hasNextPage': true };
  faults.add({ vendor: 'linear', operation: 'teams', kind: 'altered', times: 2, set });
  await expect(linear.listTeams()).rejects.toMatchObject({
    code: 'bad_response',
    message: expect.stringMatching(/end/),
  });
});
