import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';
import { startReceiver, type Receiver } from '../testing/receiver.ts';

let filled: FilledGitLab;
let receiver: Receiver;
const mr = { project: 'acme/payments', iid: 1 };

beforeEach(async () => {
  filled = await startFilledGitLab();
  receiver = await startReceiver();
  filled.gitlab.createHook({ project: 'acme/payments', url: receiver.url });
});

afterEach(async () => {
  await filled.gitlab.close();
  await receiver.close();
});

async function read(path: string) {
  return (await filled.ask(path)).body;
}

async function approvers(): Promise<string[]> {
  const { approved_by } = await read(`${filled.one}/approvals`);
  return approved_by.map(({ user }: { user: { username: string } }) => user.username);
}

async function actions(): Promise<string[]> {
  await filled.gitlab.delivered();
  return receiver.received.map(({ json }) => `${json.object_attributes.action} ${json.object_attributes.state}`);
}

test('a merged merge request is approved only where the server lets it be', async () => {
  const { gitlab } = filled;
  gitlab.merge({ ...mr, by: 'mira', anyway: true });
  expect(() => gitlab.approve({ ...mr, by: 'bo' })).toThrow(/merged/);
  gitlab.setSwitch({ name: 'approvalAfterMerge', value: true });
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.approve({ ...mr, by: 'cy' });
  expect(await approvers()).toEqual(['bo', 'cy']);
  const { merged_at } = await read(filled.one);
  const { approved_by } = await read(`${filled.one}/approvals`);
  expect(approved_by[0].approved_at > merged_at).toBe(true);
  expect((await actions()).toSorted()).toEqual(['approval merged', 'approved merged', 'merge merged']);
});

test('a reset that is late lets a push be merged on the approvals from before it, and takes them then', async () => {
  const { gitlab } = filled;
  for (const by of ['bo', 'cy']) gitlab.approve({ ...mr, by });
  gitlab.push({ ...mr, by: 'ana', resetDelayed: true });
  expect(gitlab.merge({ ...mr, by: 'mira' }).state).toBe('merged');
  expect(await approvers()).toEqual(['bo', 'cy']);
  gitlab.finishReset({ ...mr, by: 'mira' });
  expect(await approvers()).toEqual([]);
  expect(await actions()).toContain('unapproved merged');
  const reset = receiver.received.map(({ json }) => json).find(({ object_attributes }) => object_attributes.system);
  expect(reset).toMatchObject({
    user: { username: 'ana' },
    object_attributes: { system_action: 'approvals_reset_on_push' },
  });
  expect(() => gitlab.finishReset({ ...mr, by: 'mira' })).toThrow(/No reset/);
});

test.each([
  ['nobody is eligible', { name: 'Nobody', type: 'regular', required: 1, users: [] }],
  ['only the author is eligible', { name: 'Author', type: 'regular', required: 1, users: ['ana'] }],
] as const)('a rule passes by itself where %s', async (_what, rule) => {
  const { gitlab } = filled;
  gitlab.setApprovalRules({ project: 'acme/payments', rules: [{ ...rule, users: [...rule.users] }] });
  expect((await read(`${filled.one}/approval_state`)).rules).toMatchObject([
    { approvals_required: 1, approved: true, approved_by: [], eligible_approvers: [] },
  ]);
  expect(await read(`${filled.one}/approvals`)).toMatchObject({
    approved: true,
    approvals_required: 1,
    approvals_left: 1,
    approved_by: [],
  });
  expect(gitlab.merge({ ...mr, by: 'mira' }).state).toBe('merged');
});

test('the check of committers looks at committers alone, and a rebase by somebody else gets round it', () => {
  const { gitlab } = filled;
  gitlab.setProjectSettings({ project: 'acme/payments', committersMayApprove: false });
  gitlab.push({ ...mr, by: 'ana', commits: [{ title: 'One', author: 'cy' }] });
  gitlab.push({ ...mr, by: 'bo', commits: [{ title: 'Two' }] });
  expect(() => gitlab.approve({ ...mr, by: 'bo' })).toThrow(/Committers/);
  expect(gitlab.approve({ ...mr, by: 'cy' }).approvals.by).toEqual(['cy']);
  gitlab.rebase({ ...mr, by: 'mira' });
  expect(gitlab.approve({ ...mr, by: 'bo' }).approvals.by).toEqual(['cy', 'bo']);
});

test('a group that the caller may not see is left out of a rule, and the rule says so', async () => {
  const { gitlab } = filled;
  gitlab.createGroup({ path: 'secret' });
  gitlab.addMember({ username: 'eve', group: 'secret', role: 'developer' });
  const rules = [{ name: 'Two groups', required: 1, groups: ['acme', 'secret'] }];
  gitlab.setApprovalRules({ project: 'acme/payments', rules });
  const { rules: shown } = await read(`${filled.one}/approval_state`);
  expect(shown).toMatchObject([{ contains_hidden_groups: true, groups: [{ full_path: 'acme' }] }]);
  expect(shown[0].source_rule).toMatchObject({ approvals_required: 1 });
  gitlab.addMember({ username: 'mira', group: 'secret', role: 'guest' });
  const seen = (await filled.ask(`${filled.one}/approval_state`, { token: 'keeper' })).body.rules[0];
  expect(seen).toMatchObject({ contains_hidden_groups: false, groups: [{}, { full_path: 'secret' }] });
});
