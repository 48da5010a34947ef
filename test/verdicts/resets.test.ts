import { describe, expect, it } from 'vitest';
import { addProject, mergeAndThen } from './acts.ts';
import { setStage } from './stage.ts';
import { switched } from './switched.ts';

describe.each(['premium', 'premium-old'] as const)('RC-07 on GitLab %s, where a push takes approvals away', (tier) => {
  const stage = setStage({ sandbox: { tier } });

  it.each([
    ['its hook', {}, 'heard'],
    ['a hook of the documented kind', { resetAction: 'update' }, 'heard'],
    ['the note that names whose went', {}, 'unheard'],
    ['a note that names nobody', { resetNoteText: 'reset all approvals by pushing to the branch' }, 'unheard'],
  ] as const)('a push took the approvals away, as %s tells', async (_, changes, how) => {
    const play = stage.open();
    const life = async (): Promise<void> => {
      play.approve('bchen');
      await play.gitlab.delivered();
      play.push('aruiz');
      await play.gitlab.delivered();
    };
    await switched(play.gitlab, { ...changes, silentMode: how === 'unheard' }, life);
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: {
        'RC-02': 'fail too_few_independent_approvals',
        'RC-06': 'not_applicable no_approval',
        'RC-07': 'fail only_withdrawn_approvals',
      },
    });
  });

  it('an approval that was reset and given again stood', async () => {
    const play = stage.open();
    play.approve('bchen');
    await play.gitlab.delivered();
    play.push('aruiz');
    await play.gitlab.delivered();
    play.approve('bchen');
    await play.gitlab.delivered();
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-06': 'pass final_revision_approved', 'RC-07': 'pass approvals_stood' },
    });
  });

  it('a reset that came after the merge may have been due before it', async () => {
    const play = stage.open();
    play.approve('bchen');
    await play.gitlab.delivered();
    play.push('aruiz', { resetDelayed: true });
    await play.gitlab.delivered();
    await mergeAndThen(play, () => void play.gitlab.finishReset({ ...play.mr, by: 'aruiz', at: play.next() }));
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-06': 'fail later_revision_not_approved', 'RC-07': 'undetermined reset_late' },
    });
  });

  it('a reset of the approvals of code owners leaves everybody else’s', async () => {
    const project = addProject(stage, 'owned', {
      resetOnPush: false,
      codeOwnersOnly: true,
      rules: [{ name: 'src/', type: 'code_owner', required: 1, users: ['dokafor'] }],
    });
    const play = stage.open({ project });
    play.approve('bchen');
    play.approve('dokafor');
    play.push('aruiz');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: {
        'RC-02': 'pass independently_approved',
        'RC-06': 'fail later_revision_not_approved',
        'RC-07': 'pass approvals_stood',
        'RC-08': 'fail rule_unmet',
      },
    });
  });
});
