import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { createGitLab } from './client.ts';
import {
  base,
  change,
  fixture,
  graphqlPath,
  settingsPath,
  startLocalServer,
  token,
  type LocalServer,
  type Reply,
} from './local-server.ts';

const running: LocalServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

async function start(): Promise<LocalServer> {
  const server = await startLocalServer();
  running.push(server);
  return server;
}

test('reads a merge request with one request each for everything, and keeps every answer', async () => {
  const fake = await start();
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);

  expect(evidence.mergeRequest).toMatchObject({ ok: true, value: { iid: 7, mergeUser: { username: 'mlund' } } });
  expect(evidence.approvals).toMatchObject({ ok: true, value: { approvalsRequired: 2 } });
  expect(evidence.approvalState).toMatchObject({ ok: true, value: { rulesOverwritten: true } });
  expect(evidence.reviewers).toMatchObject({ ok: true, value: [{ state: 'approved' }, { state: 'unreviewed' }] });
  expect(evidence.versions).toMatchObject({ ok: true, value: [{ id: 9002 }, { id: 9001 }] });
  expect(evidence.commits).toMatchObject({ ok: true, value: [{ authorName: 'Ana Ruiz' }, {}] });
  expect(evidence.labelEvents).toMatchObject({ ok: true, value: [{ id: 120 }, { id: 121 }, { id: 122 }] });
  expect(evidence.stateEvents).toMatchObject({ ok: true, value: [{ id: 801 }, { id: 802 }, { source: null }] });
  expect(evidence.notes).toMatchObject({ ok: true, value: { byPeople: [{ count: 1 }, { count: 2 }, { count: 1 }] } });
  expect(evidence.projectSettings).toMatchObject({ ok: true, value: { committersMayApprove: false } });

  expect(evidence.earlierCommits).toMatchObject({ ok: true, value: [] });
  expect(evidence.people.map(({ id, details }) => [id, details.ok])).toEqual([
    [13, true],
    [14, true],
  ]);
  expect(evidence.identities).toMatchObject({ ok: true, value: [{ userId: 12 }, { userId: 11 }] });
  expect(evidence.securityReviewers).toBeNull();

  expect(fake.requests).toHaveLength(13);
  expect(evidence.answers.map(({ name }) => name)).toEqual([
    'merge_request',
    'approvals',
    'approval_state',
    'reviewers',
    'versions',
    'commits',
    'label_events',
    'state_events',
    'notes',
    'project_approvals',
    'user.13',
    'user.14',
    'commit_authors',
  ]);
  for (const answer of evidence.answers) {
    expect(answer.sha256).toBe(createHash('sha256').update(answer.bytes).digest('hex'));
    expect(new Date(answer.observedAt).toISOString()).toBe(answer.observedAt);
  }
  expect(evidence.answers[0]?.bytes).toEqual(fixture('merge-request-19.json'));
  expect(evidence.mergeRequest).toMatchObject({ sha256: [evidence.answers[0]?.sha256] });
});

test('asks for long pages and the notes in order, with the token in a header and nowhere else', async () => {
  const fake = await start();
  const evidence = await createGitLab({ url: fake.url, token }).readChange(change);

  expect(fake.requests.map(({ headers }) => headers['private-token'])).toEqual(Array(13).fill(token));
  expect(fake.requests.find(({ path }) => path.endsWith('/notes'))?.query).toBe(
    '?sort=asc&order_by=created_at&per_page=100',
  );
  for (const list of ['reviewers', 'versions', 'commits', 'resource_label_events', 'resource_state_events']) {
    expect(fake.requests.find(({ path }) => path.endsWith(`/${list}`))?.query).toBe('?per_page=100');
  }
  const graphql = fake.requests.filter(({ path }) => path === graphqlPath);
  expect(graphql).toMatchObject([{ method: 'POST', query: '', headers: { 'content-type': 'application/json' } }]);
  expect(fake.requests.filter(({ method }) => method !== 'GET')).toEqual(graphql);
  expect(inspect(evidence, { depth: 9 })).not.toContain(token);
});

test('keeps a path prefix of the address, and nothing else of it', async () => {
  const fake = await start();
  for (const path of [base, `${base}/approvals`]) fake.set(`/git${path}`, { status: 503 });
  const url = `${fake.url.replace('//', '//user:secret@')}/git/?a=b#c`;
  await expect(createGitLab({ url, token }).readChange(change)).rejects.toMatchObject({ code: 'server_error' });
  expect(fake.requests).toMatchObject([{ path: `/git${base}`, query: '' }]);
});

test('asks for seven things at a time, after the merge request itself', async () => {
  const fake = await start();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: seven, resolve: reachSeven } = Promise.withResolvers<void>();
  let held = 0;
  const hold = (name: string) => async (): Promise<Reply> => {
    if (++held === 7) reachSeven();
    await released;
    return { body: fixture(name) };
  };
  fake.set(`${base}/approvals`, hold('approvals-premium-17.json'));
  fake.set(`${base}/approval_state`, hold('approval-state.json'));
  fake.set(settingsPath, hold('project-approvals.json'));
  fake.set(`${base}/resource_label_events`, hold('label-events.json'));
  fake.set(`${base}/resource_state_events`, hold('state-events.json'));
  for (const list of ['reviewers', 'versions', 'commits', 'notes']) fake.set(`${base}/${list}`, hold(`${list}.json`));

  const gitlab = createGitLab({ url: fake.url, token });
  const reading = gitlab.readChange(change);
  await seven;
  // An eighth that was sent along would have come by the time others have gone there and back.
  for (let turn = 0; turn < 5; turn++) {
    await expect(gitlab.readChange({ projectId: 502, iid: turn })).rejects.toMatchObject({ code: 'not_found' });
  }
  expect(held).toBe(7);
  release();
  expect((await reading).notes.ok).toBe(true);
  expect(held).toBe(9);
});

test('has nothing under way any more when it fails', async () => {
  const fake = await start();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  fake.set(`${base}/approvals`, { status: 500 });
  fake.set(`${base}/versions`, async () => {
    await released;
    return { body: fixture('versions.json') };
  });
  const gitlab = createGitLab({ url: fake.url, token });
  let failed = false;
  const reading = gitlab.readChange(change).catch((error: unknown) => {
    failed = true;
    throw error;
  });
  for (let turn = 0; turn < 5; turn++) {
    await expect(gitlab.readChange({ projectId: 502, iid: turn })).rejects.toMatchObject({ code: 'not_found' });
  }
  expect(failed).toBe(false);
  release();
  await expect(reading).rejects.toMatchObject({ code: 'server_error' });
});

const settingsRequests = (fake: LocalServer): number =>
  fake.requests.filter(({ path }) => path === settingsPath).length;

test('reads the settings of a project once in five minutes', async () => {
  const fake = await start();
  let now = new Date('2026-09-21T14:00:00Z');
  const gitlab = createGitLab({ url: fake.url, token, now: () => now });
  const first = await gitlab.readChange(change);
  now = new Date('2026-09-21T14:04:59.999Z');
  const second = await gitlab.readChange(change);
  expect(settingsRequests(fake)).toBe(1);
  expect(second.projectSettings).toEqual(first.projectSettings);
  // Its answer belongs to both records, with the time when it was really read.
  expect(second.answers.find(({ name }) => name === 'project_approvals')).toMatchObject({
    observedAt: '2026-09-21T14:00:00.000Z',
  });

  now = new Date('2026-09-21T14:05:00Z');
  await gitlab.readChange(change);
  expect(settingsRequests(fake)).toBe(2);
});

test('changes that are read at the same time share one look at the settings', async () => {
  const fake = await start();
  const gitlab = createGitLab({ url: fake.url, token });
  await Promise.all([gitlab.readChange(change), gitlab.readChange(change), gitlab.readChange(change)]);
  expect(settingsRequests(fake)).toBe(1);
});

test('an outage of the settings is not remembered; a refusal is', async () => {
  const fake = await start();
  const gitlab = createGitLab({ url: fake.url, token });
  fake.set(settingsPath, { status: 500 });
  await expect(gitlab.readChange(change)).rejects.toMatchObject({ code: 'server_error' });
  fake.set(settingsPath, { body: '{}' });
  expect((await gitlab.readChange(change)).projectSettings).toMatchObject({ code: 'bad_response' });
  fake.set(settingsPath, { status: 403 });
  expect((await gitlab.readChange(change)).projectSettings).toMatchObject({ code: 'forbidden' });
  expect((await gitlab.readChange(change)).projectSettings).toMatchObject({ code: 'forbidden' });
  expect(settingsRequests(fake)).toBe(3);
});
