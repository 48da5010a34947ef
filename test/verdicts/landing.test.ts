import { beforeAll, describe, expect, it } from 'vitest';
import { setStage, vault, type Stage } from './stage.ts';
import { switched } from './switched.ts';

describe('RC-12: how the commits landed', () => {
  const stage = setStage();
  whateverTheTier(stage);

  const fastForward = 'acme/fast-forward';

  beforeAll(() => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createProject({ group: 'acme', path: 'fast-forward', mergeMethod: 'ff' });
    gitlab.setApprovalRules({
      project: fastForward,
      rules: [{ name: 'All Members', type: 'any_approver', required: 1 }],
    });
  });

  it.each([
    ['a merge commit', vault, false, 'null'],
    ['a squash and a merge commit', vault, true, 'null'],
    ['a fast-forward', fastForward, false, 'null'],
    ['a fast-forward of which the server shows the commit', fastForward, false, 'head'],
    ['a squash that is fast-forwarded', fastForward, true, 'null'],
  ] as const)('%s is a merge through the merge request', async (_, project, squash, fastForwardMergeCommit) => {
    const verdict = await switched(stage.world.sandbox.gitlab, { fastForwardMergeCommit }, () => {
      const play = stage.open({ project });
      play.approve('bchen');
      play.merge('mlund', { squash });
      return stage.judged(play);
    });
    expect(verdict).toMatchObject({
      overall: 'pass',
      checks: { 'RC-06': 'pass final_revision_approved', 'RC-12': 'pass merged_by_gitlab' },
    });
  });

  it('an automatic merge is one, whoever is named as merger', async () => {
    const verdict = await switched(stage.world.sandbox.gitlab, { mergeUserOfAutoMerge: 'merged' }, () => {
      const play = stage.open();
      play.gitlab.armAutoMerge({ ...play.mr, by: 'aruiz', at: play.next() });
      play.approve('bchen');
      play.merge();
      return stage.judged(play);
    });
    expect(verdict).toMatchObject({ overall: 'pass', checks: { 'RC-12': 'pass merged_by_gitlab' } });
  });

  it.each([
    ['as merged', { state: 'opened' }, 'undetermined not_shown_as_merged'],
    ['with the commit that landed', { sha: null, merge_commit_sha: null }, 'undetermined landed_commit_not_shown'],
  ])('a merge request that GitLab does not show %s leaves it undetermined', async (_, set, reason) => {
    const operation = 'merge_requests/:iid$';
    const { faults, gitlab } = stage.world.sandbox;
    faults.add({ vendor: 'gitlab', operation, kind: 'altered', set });
    // What the state event says would settle it.
    const verdict = await switched(gitlab, { stateEventSourceShown: false }, () => {
      const play = stage.open();
      play.approve('bchen');
      play.merge();
      return stage.judged(play);
    });
    expect(verdict).toMatchObject({ overall: 'undetermined', checks: { 'RC-12': reason } });
  });

  it('a history of states that the token may not see leaves it undetermined', async () => {
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation: 'resource_state_events$', kind: 'refuse' });
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'pass independently_approved', 'RC-12': 'undetermined state_events_forbidden' },
    });
  });
});

describe('RC-12 on GitLab Free', () => {
  whateverTheTier(setStage({ sandbox: { tier: 'free' } }));
});

function whateverTheTier(stage: Stage): void {
  it('a push past the merge request fails it, approvals or not', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.gitlab.mergeByPush({ ...play.mr, by: 'mlund', at: play.next() });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'pass independently_approved', 'RC-12': 'fail pushed_to_target' },
    });
  });

  it('a merge by hand that is pushed fails it as well', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.gitlab.mergeByPush({ ...play.mr, by: 'mlund', mergeCommit: true, at: play.next() });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-12': 'fail pushed_to_target' },
    });
  });

  it('a merge through another merge request is no violation here: that one is to be judged', async () => {
    const play = stage.open();
    const carrier = stage.open({ onTopOf: play.mr.iid, author: 'wbauer' });
    carrier.approve('bchen');
    play.gitlab.mergeThrough({ ...play.mr, carrier: carrier.mr.iid, by: 'mlund', anyway: true, at: carrier.next() });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: {
        'RC-02': 'undetermined carried_by_another_merge_request',
        'RC-03': 'undetermined carried_by_another_merge_request',
        'RC-04': 'undetermined carried_by_another_merge_request',
        'RC-05': 'undetermined carried_by_another_merge_request',
        'RC-06': 'undetermined carried_by_another_merge_request',
        'RC-07': 'undetermined carried_by_another_merge_request',
        'RC-08': 'undetermined carried_by_another_merge_request',
        'RC-12': 'undetermined carried_by_another_merge_request',
      },
    });
  });

  it('the merge request that carried another one landed by itself', async () => {
    const carried = stage.open();
    const play = stage.open({ onTopOf: carried.mr.iid, author: 'wbauer' });
    play.approve('bchen');
    play.gitlab.mergeThrough({ ...carried.mr, carrier: play.mr.iid, by: 'mlund', anyway: true, at: play.next() });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-12': 'pass merged_by_gitlab' },
    });
  });

  it.each([
    ['the note of the merge still tells it', true, 'fail', 'fail pushed_to_target'],
    ['nothing else does', false, 'undetermined', 'undetermined open_until_merged'],
  ])('a push that the server does not show as one: %s', async (_, mergedNoteShown, overall, reason) => {
    const switches = { stateEventSourceShown: false, mergedNoteShown };
    const verdict = await switched(stage.world.sandbox.gitlab, switches, () => {
      const play = stage.open();
      play.approve('bchen');
      play.gitlab.mergeByPush({ ...play.mr, by: 'mlund', at: play.next() });
      return stage.judged(play);
    });
    expect(verdict).toMatchObject({ overall, checks: { 'RC-12': reason } });
  });

  it('the merge event alone tells a press of the button where the server does not say it', async () => {
    const verdict = await switched(
      stage.world.sandbox.gitlab,
      { stateEventSourceShown: false, stateEventOfMerge: false },
      () => {
        const play = stage.open();
        play.approve('bchen');
        play.merge();
        return stage.judged(play);
      },
    );
    expect(verdict).toMatchObject({ overall: 'pass', checks: { 'RC-12': 'pass merged_by_gitlab' } });
  });
}
