import { beforeAll, describe, expect, it } from 'vitest';
import { addProject, advice, spoil } from './acts.ts';
import { setStage, type Play } from './stage.ts';

const stage = setStage();

describe('RC-09: rules not weakened', () => {
  type Rules = Parameters<Play['gitlab']['overrideApprovalRules']>[0]['rules'];
  const overridden = (project: string, rules: Rules): Play => {
    const play = stage.open({ project });
    play.gitlab.overrideApprovalRules({ ...play.mr, by: 'aruiz', rules, at: play.next() });
    play.approve('bchen');
    play.merge();
    return play;
  };
  let ruled: string;
  beforeAll(() => {
    ruled = addProject(stage, 'ruled', { rules: [{ name: 'Reviewers', type: 'any_approver', required: 2 }] });
  });

  it('passes where nobody changed them', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    expect(await advice(stage, play)).toMatchObject({ 'RC-09': 'pass rules_as_in_project' });
  });

  it('fails where one asks for less than in the project', async () => {
    const play = overridden(ruled, [{ name: 'Reviewers', type: 'any_approver', required: 1 }]);
    expect(await advice(stage, play)).toMatchObject({ 'RC-09': 'fail rule_lowered', 'RC-08': 'pass rules_met' });
  });

  it('fails where one asks for what nobody can give, and RC-08 with it', async () => {
    const play = overridden(ruled, [{ name: 'Nobody', type: 'regular', required: 1 }]);
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-08': 'fail auto_approved', 'RC-09': 'fail rule_emptied' },
    });
  });

  it('leaves open what a rule of another name took the place of', async () => {
    const play = overridden(ruled, [{ name: 'Anybody', type: 'any_approver', required: 1 }]);
    expect(await advice(stage, play)).toMatchObject({ 'RC-09': 'undetermined override_effect_unknown' });
  });

  it('leaves open whether they were changed where GitLab does not say', async () => {
    const play = stage.open();
    play.approve('bchen');
    spoil(stage, '/approval_state', { set: { approval_rules_overwritten: undefined } });
    play.merge();
    expect(await advice(stage, play)).toMatchObject({ 'RC-09': 'undetermined override_flag_not_shown' });
  });
});

describe('RC-10: a security reviewer took part', () => {
  it('does not apply where nobody is named', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    expect(await advice(stage, play)).toMatchObject({ 'RC-10': 'not_applicable none_configured' });
  });
});

describe('RC-11: the merger is not the sole author', () => {
  it('passes where somebody else merged', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.merge('cdahl');
    expect(await advice(stage, play)).toMatchObject({ 'RC-11': 'pass merged_by_somebody_else' });
  });

  it('passes where the author merged after the approval', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.merge('aruiz');
    expect(await advice(stage, play)).toMatchObject({ 'RC-11': 'pass merged_after_approval' });
  });

  it('fails where the author merged without an approval', async () => {
    const play = stage.open();
    play.merge('aruiz');
    expect(await stage.judged(play)).toMatchObject({ checks: { 'RC-11': 'fail merged_without_approval' } });
  });

  it('is as open as the approval after which the author merged', async () => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createUser({ username: 'leaver', memberOf: [{ group: 'acme', role: 'developer' }] });
    const play = stage.open();
    play.approve('leaver');
    gitlab.holdDeliveries({});
    play.merge('aruiz');
    gitlab.deleteUser({ username: 'leaver' });
    await gitlab.releaseDeliveries({});
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-11': 'undetermined approval_undetermined' },
    });
  });

  it('leaves open who merged where GitLab does not say', async () => {
    const play = stage.open();
    play.approve('bchen');
    spoil(stage, 'merge_requests/:iid$', { set: { merge_user: null, merged_by: null } });
    play.merge();
    expect(await advice(stage, play)).toMatchObject({ 'RC-11': 'undetermined merger_unknown' });
  });

  it('leaves open who merged where the account is gone', async () => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createUser({ username: 'leaving-merger', memberOf: [{ group: 'acme', role: 'maintainer' }] });
    const play = stage.open();
    play.approve('bchen');
    gitlab.holdDeliveries({});
    play.merge('leaving-merger');
    gitlab.deleteUser({ username: 'leaving-merger' });
    await gitlab.releaseDeliveries({});
    expect(await advice(stage, play)).toMatchObject({ 'RC-11': 'undetermined merger_deleted' });
  });
});

describe('RC-17: settings posture', () => {
  const good = { authorMayApprove: false, committersMayApprove: false, resetOnPush: true, rulesFixed: true };
  const approvedIn = (project: string): Play => {
    const play = stage.open({ project });
    play.approve('bchen');
    play.merge();
    return play;
  };

  it.each([
    { name: 'safe', settings: {}, check: 'pass settings_in_place' },
    { name: 'own-work', settings: { authorMayApprove: true }, check: 'fail author_may_approve' },
    { name: 'own-commits', settings: { committersMayApprove: true }, check: 'fail committers_may_approve' },
    { name: 'sticky', settings: { resetOnPush: false }, check: 'fail approvals_kept_on_push' },
    { name: 'loose', settings: { rulesFixed: false }, check: 'fail rules_may_be_changed' },
  ])('in a project that is $name: $check', async ({ name, settings, check }) => {
    const project = addProject(stage, name, { ...good, ...settings });
    expect(await advice(stage, approvedIn(project))).toMatchObject({ 'RC-17': check });
  });

  it('is left open where one is not shown', async () => {
    const project = addProject(stage, 'half-shown', good);
    spoil(stage, 'projects/:id/approvals', { set: { reset_approvals_on_push: undefined } });
    expect(await advice(stage, approvedIn(project))).toMatchObject({ 'RC-17': 'undetermined setting_not_shown' });
  });

  it('is left open where the role is too low to see them', async () => {
    const project = addProject(stage, 'not-shown', good);
    spoil(stage, 'projects/:id/approvals', { kind: 'refuse' });
    expect(await advice(stage, approvedIn(project))).toMatchObject({
      'RC-17': 'undetermined project_settings_forbidden',
    });
  });
});
