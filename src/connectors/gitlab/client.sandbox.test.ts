import { afterEach, expect, test } from 'vitest';
import { faultKinds, type FaultKind } from '../../sandbox/faults.ts';
import { gitlabSwitches } from '../../sandbox/gitlab/switches.ts';
import { signingToken, startFilledGitLab, type FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { startReceiver, type Receiver, type Received } from '../../sandbox/testing/receiver.ts';
import { createGitLab } from './client.ts';
import { changeEventKey, parseEvent, verifyDelivery } from './webhook.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function start(options: Parameters<typeof startFilledGitLab>[0] = {}): Promise<FilledGitLab> {
  const filled = await startFilledGitLab(options);
  running.push(filled.gitlab);
  return filled;
}

async function listen(): Promise<Receiver> {
  const receiver = await startReceiver();
  running.push(receiver);
  return receiver;
}

const change = { projectId: 501, iid: 1 };
const mr = { project: 'acme/payments', iid: 1 };
const settingsPath = 'GET /api/v4/projects/:id/approvals';

function read(filled: FilledGitLab, token = 'reader', options: { deadline?: boolean } = {}) {
  return createGitLab({ url: filled.gitlab.url, token }).readChange(change, options);
}

/** A review with everything in it: a label, a withdrawn approval, a push that resets, two approvals, the merge. */
function review({ gitlab }: FilledGitLab): void {
  gitlab.setProjectSettings({ project: 'acme/payments', resetOnPush: true });
  gitlab.addLabel({ ...mr, by: 'ana', label: 'security::high' });
  gitlab.approve({ ...mr, by: 'cy' });
  gitlab.unapprove({ ...mr, by: 'cy' });
  gitlab.setReviewState({ ...mr, by: 'bo', state: 'requested_changes' });
  gitlab.approve({ ...mr, by: 'cy' });
  gitlab.push({ ...mr, by: 'ana' });
  gitlab.requestReviewAgain({ ...mr, by: 'ana', reviewer: 'bo' });
  gitlab.note({ ...mr, by: 'ana', body: 'approved this merge request' });
  gitlab.approve({ ...mr, by: 'bo' });
  // Free has no reset by a push: the approval from before it still stands.
  if (gitlab.tier !== 'free') gitlab.approve({ ...mr, by: 'cy' });
  gitlab.merge({ ...mr, by: 'mira', anyway: true });
}

test.each([
  ['free', 11],
  ['premium-old', 13],
  ['premium', 13],
] as const)('reads a whole review and its two approvers: %s in %i requests', async (tier, requests) => {
  const filled = await start({ tier });
  review(filled);
  filled.calls.length = 0;
  const evidence = await read(filled);

  expect(filled.calls).toHaveLength(requests);
  expect(evidence.mergeRequest).toMatchObject({
    ok: true,
    value: { state: 'merged', mergeUser: { username: 'mira' }, reference: 'acme/payments!1' },
  });
  expect(
    evidence.approvals.ok && evidence.approvals.value.approvedBy.map(({ user }) => user.username).toSorted(),
  ).toEqual(['bo', 'cy']);
  expect(evidence.reviewers).toMatchObject({ ok: true, value: [{ state: 'approved' }, { state: 'approved' }] });
  expect(evidence.versions.ok && evidence.versions.value).toHaveLength(2);
  expect(evidence.commits.ok && evidence.commits.value).toHaveLength(2);
  expect(evidence.labelEvents.ok && evidence.labelEvents.value.at(-1)?.label?.name).toBe('security::high');
  expect(evidence.stateEvents).toMatchObject({ ok: true, value: [{ state: 'merged', source: null }] });
  expect(evidence.notes).toMatchObject({ ok: true, value: { byPeople: [{ count: 1 }] } });
  expect(evidence.earlierCommits).toMatchObject({ ok: true, value: [] });
  const people = evidence.people.map(({ details }) => (details.ok ? details.value.username : details.code));
  expect(people.toSorted()).toEqual(['bo', 'cy']);
  expect(evidence.identities).toMatchObject({ ok: true, value: [{ by: 'commit_author' }] });

  const times = evidence.approvals.ok ? evidence.approvals.value.approvedBy.map(({ approvedAt }) => approvedAt) : [];
  expect(times.map((time) => time !== null)).toEqual(Array(2).fill(tier !== 'premium-old'));
  const licence = { ok: false, code: 'not_licensed', status: null };
  expect(evidence.approvalState).toMatchObject(tier === 'free' ? licence : { ok: true, value: { rules: [{}, {}] } });
  expect(evidence.projectSettings).toMatchObject(
    tier === 'free' ? licence : { ok: true, value: { resetOnPush: true } },
  );
});

test('reads a listing of several pages to its end', async () => {
  const filled = await start();
  for (let index = 0; index < 250; index++) filled.gitlab.note({ ...mr, by: 'ana', body: `Note ${index}` });
  const evidence = await read(filled);
  expect(evidence.notes).toMatchObject({ ok: true, value: { byPeople: [{ count: 250 }] } });
  expect(evidence.answers.filter(({ name }) => name.startsWith('notes')).length).toBe(3);
});

test.each<[string, string, (filled: FilledGitLab) => unknown, string]>([
  ['a stranger', 'outsider', () => {}, 'not_found'],
  ['a token that is none', 'nobody', () => {}, 'unauthorized'],
  ['an expired token', 'reader', ({ gitlab }) => gitlab.expireToken({ value: 'reader' }), 'unauthorized'],
  ['a revoked token', 'reader', ({ gitlab }) => gitlab.revokeToken({ value: 'reader' }), 'unauthorized'],
  [
    'a token without scope',
    'small',
    ({ gitlab }) => gitlab.createToken({ value: 'small', user: 'mira', scopes: ['read_user'] }),
    'forbidden',
  ],
])('is refused as %s, and at the deadline says so without throwing', async (_what, token, prepare, code) => {
  const filled = await start();
  prepare(filled);
  await expect(read(filled, token)).rejects.toMatchObject({ code });
  const evidence = await read(filled, token, { deadline: true });
  expect(evidence.mergeRequest).toMatchObject({ ok: false, code });
  expect(evidence.approvals).toMatchObject({ ok: false, code });
});

const refusals = new Map<FaultKind, string>([
  ['refuse', 'forbidden'],
  ['not_found', 'not_found'],
  ['wrong_json', 'bad_response'],
]);
const outages = new Map<FaultKind, string>([
  ['limit', 'rate_limited'],
  ['limit_bare', 'rate_limited'],
  ['limit_text', 'rate_limited'],
  ['error_500', 'server_error'],
  ['error_502', 'server_error'],
  ['error_503', 'server_error'],
  ['commit_then_500', 'server_error'],
  ['wrong_type', 'server_error'],
  ['commit_then_cut', 'server_error'],
  ['commit_then_wrong_type', 'server_error'],
  ['reset', 'lost'],
  ['commit_then_reset', 'lost'],
  ['commit_then_half', 'lost'],
  ['commit_then_silence', 'timeout'],
]);

test('every fault of the sandbox is a refusal, an outage, only slow, or altered in a field', () => {
  const known = new Set([...refusals.keys(), ...outages.keys(), 'slow', 'altered']);
  expect(new Set<string>(faultKinds)).toEqual(known);
});

test.each([...refusals])('a part spoiled by %s is %s', async (kind, code) => {
  const filled = await start();
  filled.faults.add({ vendor: 'gitlab', operation: '/versions', kind });
  expect((await read(filled)).versions).toMatchObject({ ok: false, code });
});

test.each([...outages])('a part spoiled by %s throws %s, and is an answer at the deadline', async (kind, code) => {
  const filled = await start();
  // A new client each time: the settings of a project are remembered.
  const connect = () => createGitLab({ url: filled.gitlab.url, token: 'reader', timeoutMs: 1500 });
  for (const operation of ['/versions', settingsPath]) {
    filled.faults.add({ vendor: 'gitlab', operation, kind });
    await expect(connect().readChange(change)).rejects.toMatchObject({ code });
  }
  filled.faults.add({ vendor: 'gitlab', operation: '/versions', kind });
  const evidence = await connect().readChange(change, { deadline: true });
  expect(evidence.versions).toMatchObject({ ok: false, code });
  expect(evidence.commits.ok).toBe(true);
});

const secrets = { signing: [signingToken], token: ['plain'] };

function verify(delivery: Received, which: Partial<typeof secrets> = secrets) {
  return verifyDelivery({
    headers: delivery.headers,
    rawBody: delivery.raw,
    secrets: { signing: [], token: [], ...which },
    now: new Date('2026-09-20T08:00:00Z'),
  });
}

function eventOf(delivery: Received) {
  const parsed = parseEvent(delivery.raw);
  if (parsed.kind !== 'merge_request') throw new Error(`parsed as ${JSON.stringify(parsed)}`);
  return parsed.event;
}

test('one event has one key by project, group and system hook, and every event its own', async () => {
  const filled = await start();
  const [project, group, system] = [await listen(), await listen(), await listen()];
  const hook = { token: 'plain', signingToken };
  filled.gitlab.createHook({ ...hook, project: 'acme/payments', url: project.url });
  filled.gitlab.createHook({ ...hook, group: 'acme', url: group.url });
  filled.gitlab.createSystemHook({ ...hook, url: system.url });
  review(filled);
  filled.gitlab.removeLabel({ ...mr, by: 'ana', label: 'security::high' });
  await filled.gitlab.delivered();

  const keysOf = ({ received }: Receiver) => new Set(received.map((delivery) => changeEventKey(eventOf(delivery))));
  expect(project.received.length).toBeGreaterThan(10);
  expect(keysOf(project).size).toBe(project.received.length);
  expect(keysOf(group)).toEqual(keysOf(project));
  expect(keysOf(system)).toEqual(keysOf(project));

  const ids = [project, group, system].flatMap(({ received }) =>
    received.map((delivery) => {
      const verified = verify(delivery);
      return verified.ok && verified.authenticatedBy === 'signing_token' ? verified.deliveryId : null;
    }),
  );
  expect(ids).not.toContain(null);
  expect(new Set(ids).size).toBe(ids.length);

  const actions = project.received.map((delivery) => eventOf(delivery)).map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(['update', 'approval', 'approved', 'merge']));
  const reset = project.received.map(eventOf).find(({ system }) => system);
  expect(reset).toMatchObject({ systemAction: 'approvals_reset_on_push', user: { username: 'ana' } });
  expect(project.received.map(eventOf).filter(({ oldRev }) => oldRev !== null)).toHaveLength(1);
});

test('a delivery that is sent again has the same id and the same key', async () => {
  const filled = await start();
  const receiver = await listen();
  const { id } = filled.gitlab.createHook({ project: 'acme/payments', url: receiver.url, signingToken });
  filled.gitlab.addLabel({ ...mr, by: 'ana', label: 'security::high' });
  await filled.gitlab.delivered();
  await filled.gitlab.resendDelivery({ hook: id });
  const [first, second] = receiver.received;
  expect(verify(second!)).toMatchObject({
    ok: true,
    deliveryId: (verify(first!) as { deliveryId: string }).deliveryId,
  });
  expect(changeEventKey(eventOf(second!))).toBe(changeEventKey(eventOf(first!)));
});

test.each([
  ['17.3.0-ee', null],
  ['17.9.1-ee', expect.stringMatching(/^[0-9a-f-]{36}$/)],
])('a server of %s has a plain token only, and that counts only where no signing token is set', async (version, id) => {
  const filled = await start({ version });
  const receiver = await listen();
  filled.gitlab.createHook({ project: 'acme/payments', url: receiver.url, token: 'plain', signingToken });
  filled.gitlab.approve({ ...mr, by: 'bo' });
  await filled.gitlab.delivered();
  const [delivery] = receiver.received;
  expect(verify(delivery!)).toEqual({ ok: false, code: 'signature_missing' });
  expect(verify(delivery!, { token: ['plain'] })).toEqual({
    ok: true,
    deliveryId: id,
    authenticatedBy: 'secret_token',
    sentAt: null,
  });
  expect(eventOf(delivery!)).toMatchObject({ action: 'approval', actionedAt: null });
});

test('a merge by a system hook without action or labels is still a merge', async () => {
  const switches = { systemHookHasAction: false, systemHookLabelsNull: true, systemHookHasEventName: true };
  for (const changesOfMerge of gitlabSwitches.changesOfMerge.values) {
    const filled = await start({ switches: { ...switches, changesOfMerge } });
    const receiver = await listen();
    filled.gitlab.createSystemHook({ url: receiver.url, token: 'plain' });
    filled.gitlab.merge({ ...mr, by: 'mira', anyway: true });
    await filled.gitlab.delivered();
    expect(receiver.received.map(eventOf)).toMatchObject([{ action: 'merge', state: 'merged' }]);
  }
});

const variants = Object.entries(gitlabSwitches)
  .filter(([name]) => !['silentMode', 'requestsPerMinute', 'deliveriesPerMinute'].includes(name))
  .flatMap(([name, { values }]) => values.slice(1).map((value: unknown) => [name, value] as const));

test.each(variants)('reads the review and every webhook of it where %s is %j', async (name, value) => {
  const filled = await start({ switches: { [name]: value } });
  const receiver = await listen();
  filled.gitlab.createHook({ project: 'acme/payments', url: receiver.url, token: 'plain', signingToken });
  filled.gitlab.createSystemHook({ url: receiver.url, token: 'plain', signingToken });
  review(filled);
  filled.gitlab.deleteLabel({ group: 'acme', title: 'security::high' });
  await filled.gitlab.delivered();

  expect(receiver.received.map((delivery) => verify(delivery).ok)).not.toContain(false);
  expect(receiver.received.map((delivery) => eventOf(delivery).action)).toContain('merge');
  const { answers, people, securityReviewers, ...readings } = await read(filled);
  expect(answers.length).toBeGreaterThanOrEqual(13);
  expect(securityReviewers).toBeNull();
  for (const { ok } of [...Object.values(readings), ...people.map(({ details }) => details)]) expect(ok).toBe(true);
});

test('a server that limits says when to come back', async () => {
  const filled = await start({ switches: { requestsPerMinute: 3 } });
  await expect(read(filled)).rejects.toMatchObject({ code: 'rate_limited' });
  const evidence = await read(filled, 'reader', { deadline: true });
  expect(evidence.mergeRequest).toMatchObject({ ok: false, code: 'rate_limited', status: 429 });
});
