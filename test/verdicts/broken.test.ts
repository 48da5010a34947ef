import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { addProject } from './acts.ts';
import { setStage, type Judged, type Play, type Stage } from './stage.ts';

/** One thing that capture asks GitLab, and the check that cannot do without the answer; null where every one can. */
interface Part {
  readonly operation: string;
  /** As reasons name it. */
  readonly name: string;
  readonly check: string | null;
  /** The verdict without it: only what no blocking check rests on may be missing. */
  readonly overall?: 'pass';
  readonly missing: Readonly<Record<string, undefined>>;
  readonly otherType: Readonly<Record<string, unknown>>;
}

const parts: readonly Part[] = [
  {
    operation: ':iid/approvals$',
    name: 'approvals',
    check: 'RC-02',
    missing: { approved_by: undefined },
    otherType: { 'approved_by.user.id': 'thirteen' },
  },
  {
    operation: ':iid/approval_state$',
    name: 'approval_state',
    check: 'RC-08',
    missing: { rules: undefined },
    otherType: { 'rules.approvals_required': '1' },
  },
  {
    operation: ':iid/versions$',
    name: 'versions',
    check: 'RC-06',
    missing: { head_commit_sha: undefined },
    otherType: { created_at: 'yesterday' },
  },
  {
    operation: ':iid/versions/:version$',
    name: 'earlier_commits',
    check: 'RC-04',
    missing: { commits: undefined },
    otherType: { 'commits.author_email': 7 },
  },
  {
    operation: ':iid/commits$',
    name: 'commits',
    check: 'RC-04',
    missing: { id: undefined },
    otherType: { author_email: 7 },
  },
  {
    operation: ':iid/resource_label_events$',
    name: 'label_events',
    check: 'RC-01',
    missing: { action: undefined },
    otherType: { label: 'security::high' },
  },
  {
    operation: ':iid/resource_state_events$',
    name: 'state_events',
    check: 'RC-12',
    missing: { state: undefined },
    otherType: { created_at: 1 },
  },
  {
    operation: ':iid/notes$',
    name: 'notes',
    check: 'RC-07',
    missing: { system: undefined },
    otherType: { created_at: 'yesterday' },
  },
  {
    // Where accounts are kept from the token, the member of the project is asked for.
    operation: '/:user$',
    name: 'approver',
    check: 'RC-02',
    missing: { username: undefined },
    otherType: { id: '13' },
  },
  {
    operation: ':iid/reviewers$',
    name: 'reviewers',
    check: null,
    overall: 'pass',
    missing: { user: undefined },
    otherType: { user: 'bchen' },
  },
  {
    operation: 'projects/:id/approvals$',
    name: 'project_settings',
    check: 'RC-17',
    overall: 'pass',
    missing: {
      merge_requests_author_approval: undefined,
      merge_requests_disable_committers_approval: undefined,
      reset_approvals_on_push: undefined,
      disable_overriding_approvers_per_merge_request: undefined,
    },
    otherType: { reset_approvals_on_push: 'yes' },
  },
];

const stage = setStage();
let plays = 0;

/** Plays a life about which everything has to be asked: nothing of it is remembered from another one. */
function playAnew(on: Stage): Play {
  const { gitlab } = on.world.sandbox;
  plays++;
  const member = (name: string, more: { publicEmail?: string } = {}): string =>
    gitlab.createUser({
      username: `${name}-${plays}`,
      email: `${name}-${plays}@acme.example`,
      memberOf: [{ group: 'acme', role: 'developer' }],
      ...more,
    }).username;
  const author = member('author');
  const committer = member('committer', { publicEmail: `committer-${plays}@acme.example` });
  const play = on.open({ project: addProject(on, `project-${plays}`), author });
  // What is replaced stands in an earlier version only, and GitLab names the author of a commit, not its committer.
  play.push(author, { replace: true, commits: [{ title: 'Check it otherwise', committer }] });
  play.approve(member('approver'));
  return play;
}

/** The verdict on a merge request of which one thing is answered wrongly, however often it is asked. */
async function judgedWith(on: Stage, fault: Pick<Fault, 'operation' | 'kind' | 'set'>): Promise<Judged> {
  const { faults, calls } = on.world.sandbox;
  const play = playAnew(on);
  const before = calls.length;
  faults.add({ vendor: 'gitlab', ...fault, times: Infinity });
  try {
    play.merge();
    const judged = await on.judged(play);
    expect(calls.slice(before).some((call) => call.fault === fault.kind)).toBe(true);
    return judged;
  } finally {
    faults.clear();
  }
}

it('passes where everything can be read', async () => {
  const play = playAnew(stage);
  play.merge();
  expect(await stage.judged(play)).toMatchObject({ overall: 'pass' });
});

it('passes with 150 commits, which are two pages', async () => {
  const commits = Array.from({ length: 150 }, (_, index) => ({ title: `Step ${index + 1}` }));
  const play = stage.open({ commits });
  play.approve('bchen');
  play.merge();
  const { overall, report } = await stage.judged(play);
  expect(overall).toBe('pass');
  const { evidence } = report.record as { evidence: { commits: { value: unknown[]; response_sha256: unknown[] } } };
  expect(evidence.commits.value).toHaveLength(150);
  expect(evidence.commits.response_sha256).toHaveLength(2);
});

describe.each(parts)('a broken answer: $name', ({ operation, name, check, missing, otherType, ...part }) => {
  it.each([
    { how: '403', kind: 'refuse', code: 'forbidden' },
    { how: '404', kind: 'not_found', code: 'not_found' },
    { how: 'JSON of another shape', kind: 'wrong_json', code: 'bad_response' },
    { how: 'a field missing', kind: 'altered', set: missing, code: 'bad_response' },
    { how: 'a field of another type', kind: 'altered', set: otherType, code: 'bad_response' },
  ] as const)('$how is told, and passes for nothing', async ({ code, how: _how, ...fault }) => {
    const reason = name === 'approver' && code === 'not_found' ? 'approver_deleted' : `${name}_${code}`;
    expect(await judgedWith(stage, { operation, ...fault })).toMatchObject({
      overall: part.overall ?? 'undetermined',
      checks: check === null ? {} : { [check]: `undetermined ${reason}` },
    });
  });
});

describe('whose the addresses of commits are', () => {
  it.each([
    { what: 'their authors, of whom only GraphQL knows', operation: 'POST /api/graphql' },
    { what: 'their committers, for whom a search is needed', operation: 'GET /api/v4/users$' },
  ])('is open where GitLab does not tell $what', async ({ operation }) => {
    for (const kind of ['refuse', 'not_found', 'wrong_json'] as const) {
      const { overall, checks } = await judgedWith(stage, { operation, kind });
      expect(overall).toBe('undetermined');
      expect(checks['RC-02']).toBe('undetermined unmapped_commit_identity');
    }
  });
});

describe('the merge request itself', () => {
  const operation = 'merge_requests/:iid$';

  it.each([
    { kind: 'refuse', code: 'forbidden' },
    { kind: 'not_found', code: 'not_found' },
  ] as const)('refused with $code is recorded from its hook, and passes nothing', async ({ kind, code }) => {
    const { overall, checks, report } = await judgedWith(stage, { operation, kind });
    expect(overall).toBe('undetermined');
    expect(checks['RC-12']).toBe(`undetermined merge_request_${code}`);
    expect(report.stages[0]).toMatchObject({ stage: 'capture', outcome: 'failed', reason: code });
  });

  it.each([
    { how: 'JSON of another shape', kind: 'wrong_json' },
    { how: 'a field missing', kind: 'altered', set: { state: undefined } },
  ] as const)('$how keeps it waiting, and it passes once the answer is right', async ({ how: _how, ...fault }) => {
    const { faults, calls } = stage.world.sandbox;
    const play = playAnew(stage);
    const before = calls.length;
    faults.add({ vendor: 'gitlab', operation, ...fault });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass' });
    const asked = calls.slice(before).filter((call) => call.operation.endsWith('merge_requests/:iid'));
    expect(asked.map((call) => call.fault)).toEqual([fault.kind, undefined]);
  });
});

describe('who is in the group of security reviewers', () => {
  const guarded = setStage({ configuration: { policy: { security_reviewers: { group: 'acme' } } } });

  // A refusal is remembered for a while, so it comes last.
  it.each([
    { how: 'JSON of another shape', kind: 'wrong_json', code: 'bad_response' },
    { how: 'a field missing', kind: 'altered', set: { id: undefined }, code: 'bad_response' },
    { how: 'a field of another type', kind: 'altered', set: { id: '13' }, code: 'bad_response' },
    { how: '403', kind: 'refuse', code: 'forbidden' },
  ] as const)('$how leaves RC-10 open, and nothing else', async ({ code, how: _how, ...fault }) => {
    const { overall, checks } = await judgedWith(guarded, { operation: 'groups/:id/members$', ...fault });
    expect(overall).toBe('pass');
    expect(checks['RC-10']).toBe(`undetermined security_reviewers_${code}`);
  });
});
