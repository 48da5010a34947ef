import { beforeAll, describe, expect, it } from 'vitest';
import { addProject, mergeAndThen } from './acts.ts';
import { setStage, type Play, type Stage } from './stage.ts';
import { switched, unknownWording } from './switched.ts';

/** Where a push leaves approvals as they are. */
const keeping = 'acme/keeping';

type Source = 'hooks' | 'notes alone' | 'the listing alone';

const final = { overall: 'pass', checks: { 'RC-06': 'pass final_revision_approved' } };
const later = {
  overall: 'fail',
  checks: { 'RC-05': 'pass approved_before_merge', 'RC-06': 'fail later_revision_not_approved' },
};

/** Plays a part of a life of which afterwards only so much is known. */
function known(play: Play, from: Source, life: () => void): Promise<void> {
  const wording = from === 'the listing alone' ? unknownWording : {};
  return switched(play.gitlab, { ...wording, silentMode: from !== 'hooks' }, life);
}

function headOf({ gitlab, mr }: Play): string {
  return gitlab.updateMergeRequest({ ...mr, by: 'aruiz' }).sha;
}

function mergeTarget(play: Play, conflictEdits = false): void {
  play.gitlab.mergeTargetIntoBranch({ ...play.mr, by: 'aruiz', conflictEdits, at: play.next() });
}

describe('RC-06: whether what was merged is what was approved', () => {
  const stage = setStage();
  beforeAll(() => void addProject(stage, 'keeping', { resetOnPush: false }));
  describe.each(['hooks', 'the listing alone'] as const)('known from %s', (from) => {
    judgesRevisions(stage, from);
  });

  it('a push that takes approvals away needs a new one', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.push('aruiz');
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-06': 'pass final_revision_approved', 'RC-07': 'pass approvals_stood' },
    });
  });

  it.each(['has not run yet', 'ran after the merge'])('a merge faster than a reset that %s fails it', async (when) => {
    const play = stage.open();
    play.approve('bchen');
    play.push('aruiz', { resetDelayed: true });
    await play.gitlab.delivered();
    await mergeAndThen(play, () => {
      const reset = { ...play.mr, by: 'aruiz', at: play.next() };
      if (when === 'ran after the merge') play.unheard(() => void play.gitlab.finishReset(reset));
    });
    expect(await stage.judged(play)).toMatchObject(later);
  });

  it('a squash is judged by the head of the branch, whatever the server calls the head', async () => {
    const verdict = await switched(stage.world.sandbox.gitlab, { shaOfSquash: 'squash' }, () => {
      const play = stage.open();
      play.approve('bchen');
      play.merge('mlund', { squash: true });
      return stage.judged(play);
    });
    expect(verdict).toMatchObject(final);
  });

  it('a squash of what came after the approval fails it', async () => {
    const play = stage.open({ project: keeping });
    play.approve('bchen');
    play.push('aruiz');
    play.merge('mlund', { squash: true });
    expect(await stage.judged(play)).toMatchObject(later);
  });

  it('a bot’s approval of what was merged does not make up for a person’s earlier one', async () => {
    const play = stage.open({ project: keeping });
    play.approve('bchen');
    await play.gitlab.delivered();
    play.push('aruiz');
    play.approve('renovate-bot');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(later);
  });

  it('the hook of an approval tells which revision it was for, though a push came in the same second', async () => {
    const play = stage.open({ project: keeping });
    play.approve('bchen');
    await play.gitlab.delivered();
    play.gitlab.push({ ...play.mr, by: 'aruiz', at: play.next(1 / 60) });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(later);
  });

  it('clocks alone cannot order an approval and a push of the same second', async () => {
    const play = stage.open({ project: keeping });
    play.unheard(() => play.approve('bchen'));
    play.gitlab.push({ ...play.mr, by: 'aruiz', at: play.next(1 / 60) });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-06': 'undetermined push_at_the_approval' },
    });
  });

  it('the merge event tells what was merged, though a push came in the same second', async () => {
    const play = stage.open({ project: keeping });
    play.push('aruiz');
    play.approve('bchen');
    play.gitlab.push({ ...play.mr, by: 'aruiz', at: play.next() });
    play.gitlab.merge({ ...play.mr, by: 'mlund', anyway: true, at: play.next(1 / 60) });
    expect(await stage.judged(play)).toMatchObject(later);
  });

  it('a version that GitLab dates after the merge, and the merge event names, is a contradiction', async () => {
    const play = stage.open({ project: keeping });
    play.approve('bchen');
    const mergedAt = play.next();
    play.push('aruiz');
    play.gitlab.merge({ ...play.mr, by: 'mlund', anyway: true, at: mergedAt });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-06': 'undetermined head_disagrees' },
    });
  });

  it.each([
    ['patch ids', { patch_id_sha: undefined }, 'undetermined patch_id_not_shown'],
    ['the head of the merge', { head_commit_sha: 'c0ffee' }, 'undetermined head_not_among_revisions'],
  ])('versions that do not show %s leave it undetermined', async (_, set, reason) => {
    const operation = 'merge_requests/:iid/versions$';
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation, kind: 'altered', set });
    const play = stage.open({ project: keeping });
    play.approve('bchen');
    await play.gitlab.delivered();
    play.push('aruiz');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'undetermined', checks: { 'RC-06': reason } });
  });

  it('versions that the token may not see leave it undetermined', async () => {
    const operation = 'merge_requests/:iid/versions$';
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation, kind: 'refuse' });
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-06': 'undetermined versions_forbidden', 'RC-07': 'pass approvals_stood' },
    });
  });
});

describe('RC-06 on an older GitLab, which does not say when somebody approved, and from whose hooks nothing came', () => {
  const stage = setStage({ sandbox: { tier: 'premium-old' } });
  beforeAll(() => void addProject(stage, 'keeping', { resetOnPush: false }));
  judgesRevisions(stage, 'notes alone');

  it('nothing says which revision was approved where the listing alone shows an approval', async () => {
    const play = stage.open({ project: keeping });
    await known(play, 'the listing alone', () => play.approve('bchen'));
    play.push('aruiz');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-06': 'undetermined approved_revision_unknown' },
    });
  });
});

describe('RC-06 on GitLab Free, where no push takes an approval away', () => {
  const stage = setStage({ sandbox: { tier: 'free' } });

  it('a push after the approval fails it', async () => {
    const play = stage.open();
    play.approve('bchen');
    await play.gitlab.delivered();
    play.push('aruiz');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(later);
  });

  it('a clean rebase after the approval does no harm', async () => {
    const play = stage.open();
    play.approve('bchen');
    await play.gitlab.delivered();
    play.gitlab.rebase({ ...play.mr, by: 'aruiz', at: play.next() });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(final);
  });
});

function judgesRevisions(stage: Stage, from: Source): void {
  it('a push after the only approval fails it', async () => {
    const play = stage.open({ project: keeping });
    await known(play, from, () => {
      play.approve('bchen');
      play.push('aruiz');
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(later);
  });

  it('an approval after the push makes up for one before it', async () => {
    const play = stage.open({ project: keeping });
    await known(play, from, () => {
      play.approve('bchen');
      play.push('aruiz');
      play.approve('cdahl');
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(final);
  });

  it('a clean rebase leaves the patch as it was approved', async () => {
    const play = stage.open({ project: keeping });
    await known(play, from, () => {
      play.approve('bchen');
      play.gitlab.rebase({ ...play.mr, by: 'aruiz', at: play.next() });
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(final);
  });

  it('a merge of the target into the branch leaves the patch as it was approved', async () => {
    const play = stage.open({ project: keeping });
    await known(play, from, () => {
      play.approve('bchen');
      mergeTarget(play);
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(final);
  });

  it('conflicts that were settled by hand in such a merge are code that nobody approved', async () => {
    const play = stage.open({ project: keeping });
    await known(play, from, () => {
      play.approve('bchen');
      mergeTarget(play, true);
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(later);
  });

  it('a push by force back to what was approved makes it the final revision again', async () => {
    const play = stage.open({ project: keeping });
    const first = headOf(play);
    await known(play, from, () => {
      play.approve('bchen');
      play.push('aruiz');
      play.gitlab.pushBack({ ...play.mr, by: 'aruiz', to: first, at: play.next() });
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(final);
  });

  it('a push by force back to what was there before the approval fails it', async () => {
    const play = stage.open({ project: keeping });
    const first = headOf(play);
    await known(play, from, () => {
      play.push('aruiz');
      play.approve('bchen');
      play.gitlab.pushBack({ ...play.mr, by: 'aruiz', to: first, at: play.next() });
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(later);
  });

  it('a push by force of other commits fails it', async () => {
    const play = stage.open({ project: keeping });
    await known(play, from, () => {
      play.approve('bchen');
      play.push('aruiz', { replace: true });
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(later);
  });
}
