import { afterEach, expect, test } from 'vitest';
import { createGitLab } from './client.ts';
import { base, change, fixture, startLocalServer, token, type LocalServer } from './local-server.ts';

const running: LocalServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

/** A server at which an hour passes while it looks for the merge request, and the clock that shows it. */
async function startSlow() {
  const fake = await startLocalServer();
  running.push(fake);
  let now = new Date('2026-09-21T14:00:00Z');
  fake.set(base, () => {
    now = new Date('2026-09-21T15:00:00Z');
    return { body: fixture('merge-request-19.json') };
  });
  return { fake, now: () => now };
}

test('what is left when the time for one change has run out fails as a time-out', async () => {
  const { fake, now } = await startSlow();
  const gitlab = createGitLab({ url: fake.url, token, now, budgetMs: 3_600_000 });
  await expect(gitlab.readChange(change)).rejects.toMatchObject({ vendor: 'gitlab', code: 'timeout' });
  expect(fake.requests).toHaveLength(1);
});

test('not a single millisecond is left when the time has run out', async () => {
  const { fake, now } = await startSlow();
  const gitlab = createGitLab({ url: fake.url, token, now, budgetMs: 3_600_000 });
  await expect(gitlab.readChange(change)).rejects.toThrow('was not asked any more');
});

test('at the deadline what was read in time is kept, and the rest is said to be missing', async () => {
  const { fake, now } = await startSlow();
  const gitlab = createGitLab({ url: fake.url, token, now, budgetMs: 60_000 });
  const evidence = await gitlab.readChange(change, { deadline: true });
  const { answers, mergeRequest, people, identities, ...parts } = evidence;
  const missing = { ok: false, code: 'timeout', status: null };
  expect(mergeRequest.ok).toBe(true);
  for (const part of Object.values({ ...parts, securityReviewers: missing })) expect(part).toEqual(missing);
  expect(people).toEqual([]);
  expect(identities).toMatchObject({ ok: true, value: [] });
  expect(answers).toHaveLength(1);
});

test('a change that is read within its time is read whole', async () => {
  const { fake, now } = await startSlow();
  const gitlab = createGitLab({ url: fake.url, token, now, budgetMs: 7_200_000 });
  const { notes, identities } = await gitlab.readChange(change);
  expect([notes.ok, identities.ok]).toEqual([true, true]);
});

test('every change has the whole time for itself', async () => {
  const { fake, now } = await startSlow();
  const gitlab = createGitLab({ url: fake.url, token, now });
  await expect(gitlab.readChange(change)).rejects.toMatchObject({ code: 'timeout' });
  expect((await gitlab.readChange(change)).identities.ok).toBe(true);
});

test('a single answer is not waited for beyond the time for the change', async () => {
  const { fake } = await startSlow();
  fake.set(`${base}/notes`, { silent: true });
  const gitlab = createGitLab({ url: fake.url, token, budgetMs: 1000 });
  await expect(gitlab.readChange(change)).rejects.toMatchObject({ code: 'timeout' });
});
