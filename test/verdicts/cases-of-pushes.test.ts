import { beforeAll, describe, expect, it } from 'vitest';
import { addProject, mergeAndThen } from './acts.ts';
import { setStage } from './stage.ts';

const stage = setStage();

/** Approvals stay when code is pushed. */
let keeping: string;

beforeAll(() => {
  keeping = addProject(stage, 'keeping', { resetOnPush: false });
});

describe('code is pushed after the approval, and a push takes approvals away', () => {
  it('fails without a new approval', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.push('aruiz');
    play.merge();
    const { overall, checks, report } = await stage.judged(play);
    expect(overall).toBe('fail');
    expect(checks).toMatchObject({ 'RC-07': 'fail only_withdrawn_approvals', 'RC-08': 'fail rule_unmet' });
    expect(report.record).toMatchObject({ history: { approvals: [{ end_cause: 'reset_on_push' }] } });
  });

  it('passes with a new one', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.push('aruiz');
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-06': 'pass final_revision_approved', 'RC-07': 'pass approvals_stood' },
    });
  });

  it.each(['has not run yet', 'ran after the merge'])('fails where the reset %s', async (when) => {
    const play = stage.open();
    play.approve('bchen');
    play.push('aruiz', { resetDelayed: true });
    await mergeAndThen(play, () => {
      if (when === 'ran after the merge') play.gitlab.finishReset({ ...play.mr, by: 'aruiz', at: play.next() });
    });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-06': 'fail later_revision_not_approved' },
    });
  });
});

describe('code is pushed after the approval, and approvals stay', () => {
  it('fails where the patch is another', async () => {
    const play = stage.open({ project: keeping });
    play.approve('bchen');
    play.push('aruiz');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'pass independently_approved', 'RC-06': 'fail later_revision_not_approved' },
    });
  });

  it('passes where it was only rebased', async () => {
    const play = stage.open({ project: keeping });
    play.approve('bchen');
    play.gitlab.rebase({ ...play.mr, by: 'aruiz', at: play.next() });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-06': 'pass final_revision_approved' },
    });
  });
});

describe('the target branch is merged into the branch after the approval', () => {
  it.each([
    { edits: 'no conflict', conflictEdits: false, overall: 'pass', check: 'pass final_revision_approved' },
    { edits: 'a conflict', conflictEdits: true, overall: 'fail', check: 'fail later_revision_not_approved' },
  ])('with $edits to edit: $check', async ({ conflictEdits, overall, check }) => {
    const play = stage.open({ project: keeping });
    play.approve('bchen');
    play.gitlab.mergeTargetIntoBranch({ ...play.mr, by: 'aruiz', conflictEdits, at: play.next() });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall, checks: { 'RC-06': check } });
  });
});
