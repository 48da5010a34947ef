import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startFilledGitLab } from '../testing/filled-gitlab.ts';
import { startReceiver } from '../testing/receiver.ts';
import { gitlabSwitches, setSwitch, usualSwitches, type GitLabSwitches } from './switches.ts';

const mr = { project: 'acme/payments', iid: 1 };
const names = Object.keys(gitlabSwitches) as (keyof GitLabSwitches)[];

test('every switch has its usual value among its values, and says what it is about', () => {
  for (const name of names) {
    const { usual, values, about } = gitlabSwitches[name];
    const isListed = (values as readonly unknown[]).includes(usual);
    expect({ name, isListed, isTold: about.length > 20 }).toEqual({ name, isListed: true, isTold: true });
  }
});

test('every switch and its usual value stand in the documentation', () => {
  const page = new URL('../../../docs/sandbox-differences.md', import.meta.url);
  const text = readFileSync(page, 'utf8').replaceAll(/ +/g, ' ');
  const missing = names.filter((name) => !text.includes(`| \`${name}\` | \`${gitlabSwitches[name].usual}\` |`));
  expect(missing).toEqual([]);
});

test('a switch takes no value of another kind', () => {
  const switches = usualSwitches('premium');
  expect(setSwitch(switches, 'xTotalShown', 'no')).toBe(false);
  expect(setSwitch(switches, 'settingsDenied', 500)).toBe(false);
  expect(setSwitch(switches, 'requestsPerMinute', -1)).toBe(false);
  expect(setSwitch(switches, '__proto__', true)).toBe(false);
  expect(switches).toEqual(usualSwitches('premium'));
  expect(setSwitch(switches, 'requestsPerMinute', 7)).toBe(true);
  expect(setSwitch(switches, 'resetNoteText', 'reset')).toBe(true);
});

const variants = names.flatMap((name) => gitlabSwitches[name].values.map((value) => [name, value] as const));

test.each(variants)('with %s = %s a review, a merge and everything read about it still work', async (name, value) => {
  const receiver = await startReceiver();
  const { gitlab, ask, one } = await startFilledGitLab({ switches: { [name]: value } });
  gitlab.createHook({ project: 'acme/payments', url: receiver.url });
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.push({ ...mr, by: 'ana' });
  gitlab.setReviewState({ ...mr, by: 'cy', state: 'requested_changes' });
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.approve({ ...mr, by: 'cy' });
  gitlab.merge({ ...mr, by: 'mira' });
  await gitlab.delivered();
  const parts = ['', '/approvals', '/approval_state', '/reviewers', '/versions', '/notes', '/resource_label_events'];
  for (const part of parts) {
    const { status } = await ask(one + part);
    expect({ part, status }).toEqual({ part, status: 200 });
  }
  const isQuiet = (name === 'silentMode' && value === true) || (name === 'deliveriesPerMinute' && value === 1);
  const merges = receiver.received.filter(({ json }) => json.object_attributes.state === 'merged');
  expect(merges).toHaveLength(isQuiet ? 0 : 1);
  await gitlab.close();
  await receiver.close();
});

test('switches show in the answers', async () => {
  const { gitlab, ask, one } = await startFilledGitLab({
    switches: { approvedAtShown: false, versionEndpoint: false },
  });
  gitlab.approve({ ...mr, by: 'bo' });
  expect((await ask(`${one}/approvals`)).body.approved_by[0]).not.toHaveProperty('approved_at');
  expect((await ask('/version')).status).toBe(404);
  gitlab.setSwitch({ name: 'approvedAtShown', value: true });
  expect((await ask(`${one}/approvals`)).body.approved_by[0]).toHaveProperty('approved_at');
  gitlab.setSwitch({ name: 'settingsDenied', value: 404 });
  expect((await ask('/projects/acme%2Fpayments/merge_request_approval_setting')).status).toBe(404);
  gitlab.setSwitch({ name: 'rateLimitHeaders', value: false });
  expect((await ask(one)).headers.has('ratelimit-limit')).toBe(false);
  expect(() => gitlab.setSwitch({ name: 'nothing', value: true })).toThrow(/no switch/);
  await gitlab.close();
});
