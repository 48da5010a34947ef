import { beforeAll, describe, expect, it } from 'vitest';
import { addProject } from './acts.ts';
import { setStage } from './stage.ts';

describe('on Free, what GitLab itself says of the approvals', () => {
  const free = setStage({ sandbox: { tier: 'free' } });

  it('is not believed when it says approved and names nobody', async () => {
    const { faults } = free.world.sandbox;
    const play = free.open();
    faults.add({ vendor: 'gitlab', operation: '/approvals$', kind: 'altered', set: { approved: true } });
    play.merge();
    const { overall, checks, report } = await free.judged(play);
    expect(overall).toBe('fail');
    expect(checks).toMatchObject({ 'RC-02': 'fail nobody_approved', 'RC-08': 'not_applicable no_rules' });
    expect(report.record).toMatchObject({
      evidence: { approvals: { value: { approved: true, approvals_required: null, approved_by: [] } } },
    });
  });
});

describe('the policy lets one bot change one project alone', () => {
  const exempting = setStage({
    configuration: { policy: { exemptions: [{ bot: 'renovate-bot', projects: ['acme/updates'] }] } },
  });
  let updates: string;
  let elsewhere: string;
  beforeAll(() => {
    updates = addProject(exempting, 'updates', { rules: [] });
    elsewhere = addProject(exempting, 'elsewhere', { rules: [] });
  });

  it('passes there without any approval', async () => {
    const play = exempting.open({ project: updates, author: 'renovate-bot' });
    play.merge();
    expect(await exempting.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-02': 'not_applicable exempt_bot', 'RC-03': 'not_applicable exempt_bot' },
    });
  });

  it.each([
    { who: 'the bot elsewhere', author: 'renovate-bot', project: () => elsewhere },
    { who: 'a person there', author: 'aruiz', project: () => updates },
  ])('fails for $who', async ({ author, project }) => {
    const play = exempting.open({ project: project(), author });
    play.merge();
    expect(await exempting.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail nobody_approved' },
    });
  });
});

describe('hooks that are lost, on a server that does not say when somebody approved', () => {
  const old = setStage({ sandbox: { tier: 'premium-old' } });

  it('are made up for by its notes', async () => {
    const play = old.open();
    play.unheard(() => play.approve('bchen'));
    play.merge();
    expect(await old.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-05': 'pass approved_before_merge', 'RC-06': 'pass final_revision_approved' },
    });
  });

  it('leave open when it was, where no note tells either', async () => {
    const { faults } = old.world.sandbox;
    const play = old.open();
    play.unheard(() => play.approve('bchen'));
    faults.add({ vendor: 'gitlab', operation: '/notes$', kind: 'altered', set: { body: 'agreed' } });
    play.merge();
    expect(await old.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'pass independently_approved', 'RC-05': 'undetermined approval_time_unknown' },
    });
  });
});
