import {
  anything,
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  dictionary,
  integer,
  oneof,
  string,
} from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../../testing/filled-gitlab.ts';
import { OperationError } from './define.ts';
import { operations } from './table.ts';

let filled: FilledGitLab;
const mr = { project: 'acme/payments', iid: 1 };

beforeEach(async () => {
  filled = await startFilledGitLab();
});

afterEach(async () => {
  await filled.gitlab.close();
});

const codes = ['done', 'invalid', 'not_found', 'not_allowed', 'conflict', 'not_mergeable', 'not_licensed'];

async function codeOfAny(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'done';
  } catch (error) {
    return error instanceof OperationError ? error.code : String(error);
  }
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof OperationError ? error.code : String(error);
  }
}

test('what GitLab would refuse a person is refused with a code', () => {
  const { gitlab } = filled;
  expect(codeOf(() => gitlab.merge({ ...mr, by: 'mira' }))).toBe('not_mergeable');
  expect(codeOf(() => gitlab.approve({ ...mr, by: 'eve' }))).toBe('not_allowed');
  expect(codeOf(() => gitlab.approve({ ...mr, by: 'ana' }))).toBe('not_allowed');
  expect(codeOf(() => gitlab.approve({ ...mr, by: 'nobody' }))).toBe('not_found');
  expect(codeOf(() => gitlab.addLabel({ ...mr, by: 'ana', label: 'security::none' }))).toBe('not_found');
  expect(codeOf(() => gitlab.createGroup({ path: 'acme' }))).toBe('conflict');
  expect(codeOf(() => gitlab.approve({ ...mr, iid: 0, by: 'bo' }))).toBe('invalid');
  gitlab.approve({ ...mr, by: 'bo' });
  expect(codeOf(() => gitlab.approve({ ...mr, by: 'bo' }))).toBe('not_allowed');
  gitlab.closeMergeRequest({ ...mr, by: 'ana' });
  expect(codeOf(() => gitlab.merge({ ...mr, by: 'mira' }))).toBe('conflict');
});

test('changes that are asked for, drafts, conflicts, pipelines and open threads stand in the way of a merge', () => {
  const { gitlab } = filled;
  gitlab.setApprovalRules({ project: 'acme/payments', rules: [] });
  const status = () => gitlab.snapshot().mergeRequests[0]!.mergeStatus;
  expect(status()).toBe('mergeable');
  gitlab.setReviewState({ ...mr, by: 'bo', state: 'requested_changes' });
  expect(status()).toBe('requested_changes');
  gitlab.setProjectSettings({ project: 'acme/payments', pipelineMustSucceed: true, discussionsMustBeResolved: true });
  gitlab.setPipelineStatus({ ...mr, by: 'ana', status: 'failed' });
  expect(status()).toBe('ci_must_pass');
  const { id } = gitlab.note({ ...mr, by: 'bo', body: 'Why?', resolvable: true });
  expect(status()).toBe('discussions_not_resolved');
  gitlab.updateMergeRequest({ ...mr, by: 'ana', hasConflicts: true });
  expect(status()).toBe('conflict');
  gitlab.updateMergeRequest({ ...mr, by: 'ana', draft: true, hasConflicts: false });
  expect(status()).toBe('draft_status');
  // Whatever is overridden, a draft is never merged.
  expect(codeOf(() => gitlab.merge({ ...mr, by: 'mira', anyway: true }))).toBe('not_mergeable');
  gitlab.updateMergeRequest({ ...mr, by: 'ana', draft: false });
  gitlab.resolveNote({ ...mr, by: 'ana', note: id });
  expect(gitlab.merge({ ...mr, by: 'mira', anyway: true }).state).toBe('merged');
});

test('rules of its own are marked as overwritten, unless the project has fixed them', async () => {
  const { gitlab, ask, one } = filled;
  gitlab.overrideApprovalRules({ ...mr, by: 'ana', rules: [{ name: 'Security', required: 0, users: ['bo'] }] });
  const { body } = await ask(`${one}/approval_state`);
  expect(body).toMatchObject({
    approval_rules_overwritten: true,
    rules: [{ overridden: true, source_rule: { approvals_required: 1 } }],
  });
  gitlab.setProjectSettings({ project: 'acme/payments', rulesFixed: true });
  expect(codeOf(() => gitlab.overrideApprovalRules({ ...mr, by: 'ana', rules: [] }))).toBe('not_allowed');
});

test('with selective removal a push takes the approvals of code owners only', async () => {
  const { gitlab, ask, one } = filled;
  gitlab.setProjectSettings({ project: 'acme/payments', resetOnPush: false, codeOwnersOnly: true });
  gitlab.setApprovalRules({
    project: 'acme/payments',
    rules: [{ name: '*.ts', type: 'code_owner', required: 1, users: ['cy'] }],
  });
  gitlab.approve({ ...mr, by: 'bo' });
  gitlab.approve({ ...mr, by: 'cy' });
  gitlab.push({ ...mr, by: 'ana' });
  const { body } = await ask(`${one}/approvals`);
  expect(body.approved_by).toMatchObject([{ user: { username: 'bo' } }]);
});

test('things can be told to have happened before', async () => {
  const { gitlab, ask, one } = filled;
  gitlab.approve({ ...mr, by: 'bo', at: '2026-09-01T10:00:00+02:00' });
  const { body } = await ask(`${one}/approvals`);
  expect(body.approved_by[0].approved_at).toBe('2026-09-01T08:00:00.000Z');
});

test('arguments of any shape are carried out or refused, and never break the instance', async () => {
  const { gitlab, ask, one } = filled;
  const junk = oneof(string(), integer(), boolean(), constantFrom(null, 'ana', 1, 'acme/payments', 'bo'));
  const keys = constantFrom(
    'project',
    'iid',
    'by',
    'group',
    'username',
    'title',
    'to',
    'note',
    'carrier',
    'commits',
    'label',
    'rules',
    'at',
    'url',
    'hook',
  );
  const input = oneof(anything(), dictionary(keys, oneof(junk, array(junk, { maxLength: 3 }))));
  await assert(
    asyncProperty(constantFrom(...Object.keys(operations)), input, async (name, given) => {
      const outcome = await codeOfAny(async () => gitlab.perform(name, given));
      expect(codes).toContain(outcome);
    }),
    { numRuns: 2000 },
  );
  // It may have been deleted; whatever is left can be shown.
  expect([200, 404]).toContain((await ask(one)).status);
  expect((await ask('/groups/acme/merge_requests?scope=all')).status).toBe(200);
});
