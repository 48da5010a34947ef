import { beforeAll, describe, expect, it } from 'vitest';
import { rejudgeAll } from '../../src/workflow/rejudge.ts';
import { addProject, mergeAndThen } from './acts.ts';
import { setStage } from './stage.ts';
import { switched } from './switched.ts';
import { setWorkshop } from './workshop.ts';

const stage = setStage();
const workshop = setWorkshop(stage);

let forward: string;
let rebasing: string;

beforeAll(() => {
  forward = addProject(stage, 'forward', { mergeMethod: 'ff' });
  rebasing = addProject(stage, 'rebasing', { mergeMethod: 'rebase_merge' });
});

describe('how the commits land on the target branch', () => {
  it.each(['head', 'squash'] as const)(
    'a squash passes, where GitLab says of it that its sha is the %s',
    async (sha) => {
      const play = stage.open();
      play.approve('bchen');
      const { overall, checks } = await switched(play.gitlab, { shaOfSquash: sha }, async () => {
        play.merge('mlund', { squash: true });
        return stage.judged(play);
      });
      expect(overall).toBe('pass');
      expect(checks).toMatchObject({ 'RC-06': 'pass final_revision_approved', 'RC-12': 'pass merged_by_gitlab' });
    },
  );

  it.each([
    { how: 'a fast-forward', project: () => forward },
    { how: 'a rebase with a merge commit', project: () => rebasing },
  ])('$how right after a rebase passes', async ({ project }) => {
    const play = stage.open({ project: project() });
    play.approve('bchen');
    play.gitlab.rebase({ ...play.mr, by: 'aruiz', at: play.next() });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-06': 'pass final_revision_approved', 'RC-12': 'pass merged_by_gitlab' },
    });
  });

  it('a train passes: it lands on what another one has brought since', async () => {
    const first = stage.open();
    const second = stage.open({ author: 'cdahl' });
    for (const play of [first, second]) {
      play.approve('bchen');
      play.gitlab.armAutoMerge({ ...play.mr, by: 'mlund', at: play.next() });
    }
    first.merge();
    second.merge();
    expect(await stage.judged(second)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-06': 'pass final_revision_approved', 'RC-12': 'pass merged_by_gitlab' },
    });
  });

  it('one that another merge request carried is neither passed nor blamed: the other is judged', async () => {
    const play = stage.open();
    const carrier = stage.open({ onTopOf: play.mr.iid, author: 'cdahl' });
    carrier.approve('bchen');
    const carriedBy = String(carrier.gitlab.updateMergeRequest({ ...carrier.mr, by: 'cdahl' }).id);
    play.gitlab.mergeThrough({
      ...play.mr,
      carrier: carrier.mr.iid,
      by: 'mlund',
      anyway: true,
      at: carrier.next(),
    });
    const { overall, checks, report } = await stage.judged(play);
    expect(overall).toBe('undetermined');
    expect(checks).toMatchObject({
      'RC-02': 'undetermined carried_by_another_merge_request',
      'RC-12': 'undetermined carried_by_another_merge_request',
    });
    expect(report.record).toMatchObject({
      evidence: { state_events: { value: [{ state: 'merged', source: { kind: 'merge_request', id: carriedBy } }] } },
    });
    expect(await stage.judged(carrier)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-12': 'pass merged_by_gitlab' },
    });
  });

  it.each([
    { what: 'its commits', mergeCommit: false },
    { what: 'a merge commit of them', mergeCommit: true },
  ])('one of which somebody pushed $what fails, although it was approved', async ({ mergeCommit }) => {
    const play = stage.open();
    play.approve('bchen');
    play.gitlab.mergeByPush({ ...play.mr, by: 'mlund', mergeCommit, at: play.next() });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'pass independently_approved', 'RC-12': 'fail pushed_to_target' },
    });
  });
});

describe('what GitLab itself says of the approvals', () => {
  it('of a rule that nobody can meet is not believed: it takes it for met', async () => {
    const project = addProject(stage, 'unmeetable', { rules: [{ name: 'Nobody', type: 'regular', required: 1 }] });
    const play = stage.open({ project });
    play.approve('bchen');
    play.merge();
    const { overall, checks, report } = await stage.judged(play);
    expect(overall).toBe('fail');
    expect(checks).toMatchObject({ 'RC-02': 'pass independently_approved', 'RC-08': 'fail auto_approved' });
    expect(report.record).toMatchObject({
      evidence: { approval_state: { value: { rules: [{ approved: true, eligible: [], approved_by: [] }] } } },
    });
  });
});

describe('what is deleted later', () => {
  it.each(['merge request', 'project'])(
    'a %s: record and verdict stand, and judged again they are the same',
    async (what) => {
      const project = addProject(stage, `doomed-${what.replace(' ', '-')}`);
      const play = stage.open({ project });
      play.approve('bchen');
      play.merge();
      const before = await stage.judged(play);
      if (what === 'project') play.gitlab.deleteProject({ project });
      else play.gitlab.deleteMergeRequest({ ...play.mr, by: 'mlund' });
      const { database, rulebook, keeper } = workshop();
      const { judged, changed } = await rejudgeAll({ database, rulebook, keeper, now: () => new Date() });
      const after = await stage.judged(play);
      expect(judged).toBeGreaterThan(0);
      expect(changed).toBe(0);
      expect(before.overall).toBe('pass');
      expect(after.checks).toEqual(before.checks);
      expect(after.report.record_sha256).toBe(before.report.record_sha256);
    },
  );

  it('a merge request that is gone before it is read is recorded from its hook, and passes nothing', async () => {
    const play = stage.open();
    play.approve('bchen');
    await mergeAndThen(play, () => void play.gitlab.deleteMergeRequest({ ...play.mr, by: 'mlund' }));
    const { overall, checks, report } = await stage.judged(play);
    expect(overall).toBe('undetermined');
    expect(checks).toMatchObject({
      'RC-02': 'undetermined approvals_not_found',
      'RC-12': 'undetermined merge_request_not_found',
    });
    expect(report.stages[0]).toMatchObject({ stage: 'capture', outcome: 'failed', reason: 'not_found' });
  });
});

describe('a fork', () => {
  it('passes where its commits can be read', async () => {
    stage.world.sandbox.gitlab.createProject({ group: 'acme', path: 'vault-fork', forkOf: 'acme/vault' });
    const play = stage.open({ from: 'acme/vault-fork', author: 'cdahl' });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass', checks: { 'RC-13': 'pass pipeline_succeeded' } });
  });

  it('is undetermined where they cannot', async () => {
    const { gitlab, faults } = stage.world.sandbox;
    gitlab.createProject({ group: 'acme', path: 'hidden-fork', forkOf: 'acme/vault' });
    const play = stage.open({ from: 'acme/hidden-fork', author: 'cdahl', pipeline: null });
    play.approve('bchen');
    faults.add({ vendor: 'gitlab', operation: ':iid/commits$', kind: 'not_found' });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: {
        'RC-02': 'undetermined commits_not_found',
        'RC-04': 'undetermined commits_not_found',
        'RC-13': 'undetermined no_pipeline',
      },
    });
  });
});

describe('an account that is deleted before the merge request is read', () => {
  it('of the author: the journal has the id, and so the author is still told from the approvers', async () => {
    const author = somebody('gone-author');
    const play = stage.open({ author });
    play.approve('bchen');
    await mergeAndThen(play, () => void play.gitlab.deleteUser({ username: author }));
    // Whose the addresses of the commits were, GitLab no longer knows: a mapping in the policy can say it.
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'undetermined unmapped_commit_identity', 'RC-03': 'pass author_did_not_approve' },
    });
  });

  it('of the only approver: it is not known any more whether it was a person', async () => {
    const approver = somebody('gone-approver');
    const play = stage.open();
    play.approve(approver);
    await mergeAndThen(play, () => void play.gitlab.deleteUser({ username: approver }));
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'undetermined approver_deleted' },
    });
  });

  function somebody(username: string): string {
    const { gitlab } = stage.world.sandbox;
    return gitlab.createUser({ username, memberOf: [{ group: 'acme', role: 'developer' }] }).username;
  }
});

describe('one that is reverted later', () => {
  it('keeps its record, the one that reverts it has its own, and each leads to the other', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    const before = await stage.judged(play);
    const revert = stage.open({
      author: 'cdahl',
      title: `Revert "Check the audience of tokens"`,
      description: `It broke sign-in.\n\nThis reverts merge request !${play.mr.iid}`,
      issue: false,
    });
    revert.merge();
    expect(await stage.judged(revert)).toMatchObject({ overall: 'fail', checks: { 'RC-02': 'fail nobody_approved' } });
    const after = await stage.judged(play);
    expect(after).toMatchObject({ overall: 'pass', checks: before.checks });
    expect(after.report.record_sha256).toBe(before.report.record_sha256);

    const { report } = await stage.judged(revert);
    expect(report).toMatchObject({ reverts: before.report.record_id, record: { reverts: play.mr.iid } });
    expect(after.report).toMatchObject({ reverts: null, reverted_by: [report.record_id] });
  });
});
