import { describe, expect, it } from 'vitest';
import { setStage, type Stage } from './stage.ts';
import { switched } from './switched.ts';

describe('RC-01: whether a scope label stood at the merge', () => {
  const stage = setStage();
  whateverTheTier(stage);

  const inAcme = { group: 'acme' };

  it('a label that was renamed since is known by its number', async () => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createLabel({ ...inAcme, title: 'security::renamed' });
    const play = stage.open({ labels: ['security::renamed'] });
    play.approve('bchen');
    play.merge();
    gitlab.renameLabel({ ...inAcme, title: 'security::renamed', to: 'hardening' });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-01': 'pass scope_label_at_merge' },
    });
  });

  it('a label that was deleted since leaves it undetermined: nothing says any more what it was', async () => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createLabel({ ...inAcme, title: 'security::deleted' });
    const play = stage.open({ labels: ['security::deleted'] });
    play.approve('bchen');
    play.merge();
    gitlab.deleteLabel({ ...inAcme, title: 'security::deleted' });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-01': 'undetermined label_deleted', 'RC-02': 'pass independently_approved' },
    });
  });

  it('a label that was deleted with its history leaves the merge event alone, and it undetermined', async () => {
    const { gitlab } = stage.world.sandbox;
    const verdict = await switched(gitlab, { labelNullAfterDeletion: false }, async () => {
      gitlab.createLabel({ ...inAcme, title: 'security::forgotten' });
      const play = stage.open({ labels: ['security::forgotten'] });
      play.approve('bchen');
      play.merge();
      gitlab.deleteLabel({ ...inAcme, title: 'security::forgotten' });
      return stage.judged(play);
    });
    expect(verdict).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-01': 'undetermined labels_disagree' },
    });
  });

  it('a removal that GitLab dates before the merge, and the merge event does not know, leaves it undetermined', async () => {
    const play = stage.open();
    const removedAt = play.next();
    play.approve('bchen');
    play.merge();
    play.unheard(
      () => void play.gitlab.removeLabel({ ...play.mr, by: 'aruiz', label: 'security::high', at: removedAt }),
    );
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-01': 'undetermined labels_disagree' },
    });
  });

  it('the merge event decides where the label went in the second of the merge', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    const secondLater = play.next(1 / 60);
    play.gitlab.removeLabel({ ...play.mr, by: 'aruiz', label: 'security::high', at: secondLater });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-01': 'pass scope_label_at_merge' },
    });
  });

  it('a history of labels that the token may not see leaves it undetermined', async () => {
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation: 'resource_label_events$', kind: 'refuse' });
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-01': 'undetermined label_events_forbidden', 'RC-06': 'pass final_revision_approved' },
    });
  });
});

describe('RC-01 on GitLab Free', () => {
  whateverTheTier(setStage({ sandbox: { tier: 'free' } }));
});

function whateverTheTier(stage: Stage): void {
  it('a label that came a minute before the merge is enough', async () => {
    const play = stage.open({ labels: ['backend'] });
    play.gitlab.addLabel({ ...play.mr, by: 'bchen', label: 'security::low', at: play.next() });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-01': 'pass scope_label_at_merge' },
    });
  });

  it('a label that went and came back stood at the merge', async () => {
    const play = stage.open();
    const relabel = { ...play.mr, by: 'aruiz', label: 'security::high' };
    play.gitlab.removeLabel({ ...relabel, at: play.next() });
    play.gitlab.addLabel({ ...relabel, at: play.next() });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-01': 'pass scope_label_at_merge' },
    });
  });

  it('one of several scope labels is enough, whatever became of the other', async () => {
    // With a licence the second takes the place of the first; on Free they stand side by side.
    const play = stage.open({ labels: ['security::high'] });
    play.gitlab.addLabel({ ...play.mr, by: 'bchen', label: 'security::critical', at: play.next() });
    play.gitlab.removeLabel({ ...play.mr, by: 'bchen', label: 'security::high', at: play.next() });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-01': 'pass scope_label_at_merge' },
    });
  });
}
