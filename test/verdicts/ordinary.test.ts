import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';

describe.each(['premium', 'premium-old', 'free'] as const)('on GitLab %s, without any tuning', (tier) => {
  const stage = setStage({ sandbox: { tier } });

  it('an ordinary, well-reviewed merge request is green', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    const { overall, checks } = await stage.judged(play);
    expect(overall).toBe('pass');
    expect(checks).toMatchObject({
      'RC-01': 'pass scope_label_at_merge',
      'RC-02': 'pass independently_approved',
      'RC-03': 'pass author_did_not_approve',
      'RC-04': 'pass approved_from_outside',
      'RC-05': 'pass approved_before_merge',
      'RC-06': 'pass final_revision_approved',
      'RC-07': 'pass approvals_stood',
      'RC-08': tier === 'free' ? 'not_applicable no_rules' : 'pass rules_met',
      'RC-12': 'pass merged_by_gitlab',
    });
  });

  it('an ordinary merge request is green where only the hook of its merge arrived', async () => {
    const play = stage.open();
    play.unheard(() => play.approve('bchen'));
    play.merge();
    const { overall } = await stage.judged(play);
    expect(overall).toBe('pass');
  });

  it('takes at most twelve questions to GitLab', async () => {
    const { sandbox } = stage.world;
    const play = stage.open({ author: 'wbauer' });
    play.approve('cdahl');
    const before = sandbox.calls.length;
    play.merge('wbauer');
    await stage.judged(play);
    const asked = sandbox.calls.slice(before).filter(({ vendor }) => vendor === 'gitlab');
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThanOrEqual(12);
  });
});
