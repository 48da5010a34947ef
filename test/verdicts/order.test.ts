import { describe, expect, it } from 'vitest';
import { mergeAndThen } from './acts.ts';
import { setStage, type Play, type Stage } from './stage.ts';
import { switched, unknownWording } from './switched.ts';

/** As part of a minute. */
const oneSecond = 1 / 60;

function mergeOneSecondLater(play: Play): void {
  play.gitlab.merge({ ...play.mr, by: 'mlund', anyway: true, at: play.next(oneSecond) });
}

describe('RC-05 and RC-07: whether approvals came before the merge and stood at it', () => {
  const stage = setStage();
  whateverTheTier(stage);

  it('an approval that is given at the second of the merge is told from a late one by its hook', async () => {
    const play = stage.open();
    play.approve('bchen');
    mergeOneSecondLater(play);
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-05': 'pass approved_before_merge' },
    });
  });

  it('clocks alone cannot order an approval at the second of the merge', async () => {
    const play = stage.open();
    play.unheard(() => play.approve('bchen'));
    mergeOneSecondLater(play);
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-05': 'undetermined approval_at_the_merge', 'RC-06': 'pass final_revision_approved' },
    });
  });

  it('nor which of two approvals they cannot order, where the other one came in time', async () => {
    const play = stage.open();
    play.approve('cdahl');
    play.unheard(() => play.approve('bchen'));
    mergeOneSecondLater(play);
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-05': 'pass approved_before_merge' },
    });
  });

  it('an approval that is shown after its end was given again, and nothing tells when', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.unapprove('bchen');
    await play.gitlab.delivered();
    const verdict = await switched(play.gitlab, { ...unknownWording, approvedAtShown: false }, () => {
      play.unheard(() => play.approve('bchen'));
      play.merge();
      return stage.judged(play);
    });
    expect(verdict).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-07': 'undetermined approval_shown_after_its_end' },
    });
  });

  it('notes that the token may not see might tell of a withdrawal', async () => {
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation: 'merge_requests/:iid/notes$', kind: 'refuse' });
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-05': 'pass approved_before_merge', 'RC-07': 'undetermined notes_forbidden' },
    });
  });
});

describe('RC-05 and RC-07 on an older GitLab, which does not say when somebody approved', () => {
  const stage = setStage({ sandbox: { tier: 'premium-old', switches: { gitlab: { approvalAfterMerge: true } } } });
  whateverTheTier(stage);
  whereApprovalsCanComeLate(stage);

  it('an approval of which no hook told and no note can be read has no time', async () => {
    const play = await switched(stage.world.sandbox.gitlab, unknownWording, () => {
      const opened = stage.open();
      opened.unheard(() => opened.approve('bchen'));
      return opened;
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-05': 'undetermined approval_time_unknown', 'RC-07': 'pass approvals_stood' },
    });
  });
});

describe('RC-05 and RC-07 on GitLab Free', () => {
  const stage = setStage({ sandbox: { tier: 'free', switches: { gitlab: { approvalAfterMerge: true } } } });
  whateverTheTier(stage);
  whereApprovalsCanComeLate(stage);
});

function whateverTheTier(stage: Stage): void {
  it('without any approval there is nothing to order', async () => {
    const play = stage.open();
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-05': 'not_applicable no_approval', 'RC-07': 'not_applicable no_approval' },
    });
  });

  it.each(['heard', 'unheard'])('an approval that was withdrawn is not counted, %s', async (how) => {
    const play = stage.open();
    const life = async (): Promise<void> => {
      play.approve('bchen');
      await play.gitlab.delivered();
      play.unapprove('bchen');
      await play.gitlab.delivered();
    };
    await switched(play.gitlab, { silentMode: how === 'unheard' }, life);
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail too_few_independent_approvals', 'RC-07': 'fail only_withdrawn_approvals' },
    });
  });

  it('a withdrawn approval does no harm where another one stands', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.approve('cdahl');
    await play.gitlab.delivered();
    play.unapprove('bchen');
    await play.gitlab.delivered();
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass', checks: { 'RC-07': 'pass approvals_stood' } });
  });

  it('an approval that was withdrawn and given again stood', async () => {
    const play = stage.open();
    play.approve('bchen');
    await play.gitlab.delivered();
    play.unapprove('bchen');
    await play.gitlab.delivered();
    play.approve('bchen');
    await play.gitlab.delivered();
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass', checks: { 'RC-07': 'pass approvals_stood' } });
  });

  it('an approval that was withdrawn while it merged by itself was gone, as its hook says', async () => {
    const play = stage.open();
    play.gitlab.armAutoMerge({ ...play.mr, by: 'aruiz', at: play.next() });
    play.approve('bchen');
    await play.gitlab.delivered();
    play.unapprove('bchen');
    await play.gitlab.delivered();
    mergeOneSecondLater(play);
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-07': 'fail only_withdrawn_approvals' },
    });
  });

  it('clocks alone cannot order a withdrawal and the merge', async () => {
    const play = stage.open();
    play.unheard(() => {
      play.approve('bchen');
      play.unapprove('bchen');
    });
    mergeOneSecondLater(play);
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: {
        'RC-02': 'undetermined withdrawal_at_the_merge',
        'RC-07': 'undetermined withdrawal_at_the_merge',
      },
    });
  });

  it('an approval that is missing afterwards went before the merge or after it', async () => {
    const play = stage.open();
    play.approve('bchen');
    await mergeAndThen(play, () => void play.gitlab.eraseApproval({ ...play.mr, by: 'mlund', approver: 'bchen' }));
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: {
        'RC-02': 'undetermined approval_missing_afterwards',
        'RC-07': 'undetermined approval_missing_afterwards',
      },
    });
  });
}

function whereApprovalsCanComeLate(stage: Stage): void {
  it.each(['heard', 'unheard'])('an approval after the merge is never counted, %s', async (how) => {
    const play = stage.open();
    await mergeAndThen(play, () => {
      if (how === 'heard') play.approve('bchen');
      else play.unheard(() => play.approve('bchen'));
    });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail too_few_independent_approvals', 'RC-05': 'fail approved_after_merge' },
    });
  });

  it('an approval after the merge does no harm where another one came before', async () => {
    const play = stage.open();
    play.approve('cdahl');
    await play.gitlab.delivered();
    await mergeAndThen(play, () => play.approve('bchen'));
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-05': 'pass approved_before_merge', 'RC-07': 'pass approvals_stood' },
    });
  });
}
