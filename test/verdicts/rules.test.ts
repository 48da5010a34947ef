import { beforeAll, describe, expect, it } from 'vitest';
import { addProject, mergeAndThen } from './acts.ts';
import { setStage } from './stage.ts';
import { switched } from './switched.ts';

describe('RC-08: whether the approval rules were truly met', () => {
  const stage = setStage();
  const identity = 'acme/reviewed-by-identity';

  beforeAll(() => {
    addProject(stage, 'reviewed-by-identity', {
      rules: [{ name: 'Identity reviewers', required: 1, users: ['dokafor', 'emeyer'] }],
    });
  });

  it('a rule that names people is met by one of them', async () => {
    const play = stage.open({ project: identity });
    play.approve('dokafor');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass', checks: { 'RC-08': 'pass rules_met' } });
  });

  it('a rule that names people is not met by anybody else', async () => {
    const play = stage.open({ project: identity });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'pass independently_approved', 'RC-08': 'fail rule_unmet' },
    });
  });

  it('a rule that asks for two is not met by one', async () => {
    const project = addProject(stage, 'two-of-all', {
      rules: [{ name: 'All Members', type: 'any_approver', required: 2 }],
    });
    const play = stage.open({ project });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'pass independently_approved', 'RC-08': 'fail rule_unmet' },
    });
  });

  it('every rule has to be met, not one of them', async () => {
    const project = addProject(stage, 'two-rules', {
      rules: [
        { name: 'All Members', type: 'any_approver', required: 1 },
        { name: 'Security', required: 1, users: ['tnguyen'] },
      ],
    });
    const play = stage.open({ project });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'fail', checks: { 'RC-08': 'fail rule_unmet' } });
  });

  it('one person may meet several rules', async () => {
    const project = addProject(stage, 'two-rules-one-person', {
      rules: [
        { name: 'All Members', type: 'any_approver', required: 1 },
        { name: 'Security', required: 1, users: ['tnguyen'] },
      ],
    });
    const play = stage.open({ project });
    play.approve('tnguyen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass', checks: { 'RC-08': 'pass rules_met' } });
  });

  it('a rule that nobody can meet is met for GitLab alone', async () => {
    const project = addProject(stage, 'nobody-left', {
      rules: [{ name: 'Whoever wrote it', required: 1, users: ['aruiz'] }],
    });
    const play = stage.open({ project });
    play.approve('bchen');
    play.gitlab.merge({ ...play.mr, by: 'mlund', at: play.next() });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'pass independently_approved', 'RC-08': 'fail auto_approved' },
    });
  });

  it('a rule that asks for more than there are people is met for GitLab alone', async () => {
    const project = addProject(stage, 'too-few-people', {
      rules: [{ name: 'Four eyes', required: 2, users: ['tnguyen'] }],
    });
    const play = stage.open({ project });
    play.approve('tnguyen');
    play.gitlab.merge({ ...play.mr, by: 'mlund', at: play.next() });
    expect(await stage.judged(play)).toMatchObject({ overall: 'fail', checks: { 'RC-08': 'fail auto_approved' } });
  });

  it('a rule whose approval went with a push is not met', async () => {
    const play = stage.open({ project: identity });
    play.approve('dokafor');
    await play.gitlab.delivered();
    play.push('aruiz');
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-06': 'pass final_revision_approved', 'RC-08': 'fail rule_unmet' },
    });
  });

  it('an approval after the merge meets no rule, though GitLab then takes it for met', async () => {
    await switched(stage.world.sandbox.gitlab, { approvalAfterMerge: true }, async () => {
      const play = stage.open({ project: identity });
      play.approve('bchen');
      await play.gitlab.delivered();
      await mergeAndThen(play, () => play.approve('dokafor'));
      expect(await stage.judged(play)).toMatchObject({
        overall: 'fail',
        checks: { 'RC-05': 'pass approved_before_merge', 'RC-08': 'fail auto_approved' },
      });
    });
  });

  it('a rule is left open where an approval that would meet it is missing afterwards', async () => {
    const play = stage.open({ project: identity });
    play.approve('bchen');
    play.approve('dokafor');
    await play.gitlab.delivered();
    await mergeAndThen(play, () => void play.gitlab.eraseApproval({ ...play.mr, by: 'mlund', approver: 'dokafor' }));
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'pass independently_approved', 'RC-08': 'undetermined approval_missing_afterwards' },
    });
  });

  it('groups that the token may not see may hold the approver', async () => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createGroup({ path: 'veiled' });
    gitlab.addMember({ username: 'emeyer', group: 'veiled', role: 'developer' });
    const project = addProject(stage, 'reviewed-by-veiled', {
      rules: [{ name: 'Veiled', required: 2, groups: ['veiled'] }],
    });
    const play = stage.open({ project });
    play.approve('emeyer');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-08': 'undetermined rules_hidden' },
    });
  });

  it('groups that the token may not see do no harm where the rule is met', async () => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createGroup({ path: 'discreet' });
    gitlab.addMember({ username: 'emeyer', group: 'discreet', role: 'developer' });
    const project = addProject(stage, 'reviewed-by-discreet', {
      rules: [{ name: 'Discreet', required: 1, groups: ['discreet'] }],
    });
    const play = stage.open({ project });
    play.approve('emeyer');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass', checks: { 'RC-08': 'pass rules_met' } });
  });

  it('a hidden rule does not excuse another one that is plainly unmet', async () => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createGroup({ path: 'obscure' });
    const project = addProject(stage, 'reviewed-by-obscure', {
      rules: [
        { name: 'Obscure', required: 1, groups: ['obscure'] },
        { name: 'Security', required: 1, users: ['tnguyen'] },
      ],
    });
    const play = stage.open({ project });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'fail', checks: { 'RC-08': 'fail rule_unmet' } });
  });

  it('without any rule there is nothing to meet', async () => {
    const play = stage.open({ project: addProject(stage, 'unruled', { rules: [] }) });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass', checks: { 'RC-08': 'pass rules_met' } });
  });

  it.each([
    ['rules', 'approval_state$', 'undetermined approval_state_forbidden'],
    ['approvals', 'merge_requests/:iid/approvals$', 'undetermined approvals_forbidden'],
  ])('%s that the token may not see leave it undetermined', async (_, operation, reason) => {
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation, kind: 'refuse' });
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'undetermined', checks: { 'RC-08': reason } });
  });
});

describe('RC-08 on GitLab Free, which has no rules', () => {
  const stage = setStage({ sandbox: { tier: 'free' } });

  it('does not apply, and the approvals are judged all the same', async () => {
    const play = stage.open();
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail nobody_approved', 'RC-08': 'not_applicable no_rules' },
    });
  });
});

describe('RC-08 on an older GitLab', () => {
  const stage = setStage({ sandbox: { tier: 'premium-old', switches: { gitlab: { approvalAfterMerge: true } } } });

  it('an approval after the merge meets no rule, though the listing does not say when it was given', async () => {
    const play = stage.open();
    await mergeAndThen(play, () => play.approve('bchen'));
    expect(await stage.judged(play)).toMatchObject({ overall: 'fail', checks: { 'RC-08': 'fail auto_approved' } });
  });
});
