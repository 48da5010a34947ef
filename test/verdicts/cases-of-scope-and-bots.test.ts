import { describe, expect, it } from 'vitest';
import { mergeAndThen } from './acts.ts';
import { setStage, type Play, type Stage } from './stage.ts';
import { switched } from './switched.ts';

const stage = setStage();

/** What of one merge request is listed for a person to look at. */
async function listedOf({ world }: Stage, { gitlab, mr }: Play): Promise<string[]> {
  await gitlab.delivered();
  const { attention } = await world.status();
  return attention.filter(({ change }) => change.endsWith(`!${mr.iid}`)).map(({ kind }) => kind);
}

describe('a scope label and the merge', () => {
  it('a label that comes after the merge makes it no change, and is listed', async () => {
    const play = stage.open({ labels: ['backend'] });
    play.approve('bchen');
    play.merge();
    play.gitlab.addLabel({ ...play.mr, by: 'mlund', label: 'security::high', at: play.next() });
    expect(await listedOf(stage, play)).toEqual(['late_label']);
    expect(await stage.world.show(play.mr)).toBeUndefined();
  });

  it('a label that goes before the merge makes it no change, and is listed', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.gitlab.removeLabel({ ...play.mr, by: 'aruiz', label: 'security::high', at: play.next() });
    play.merge();
    expect(await listedOf(stage, play)).toEqual(['withdrawn_label']);
    expect(await stage.world.show(play.mr)).toBeUndefined();
  });

  it('a label that was renamed out of the scope after the merge is still the one that stood', async () => {
    const play = stage.open({ labels: [labelOf(stage, 'security::renamed')] });
    play.approve('bchen');
    await mergeAndThen(play, () => {
      play.gitlab.renameLabel({ group: 'acme', title: 'security::renamed', to: 'audit::renamed' });
    });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-01': 'pass scope_label_at_merge' },
    });
  });

  it('a label that was deleted before anybody looked leaves the scope open', async () => {
    const play = stage.open({ labels: [labelOf(stage, 'security::deleted')] });
    play.approve('bchen');
    await mergeAndThen(play, () => {
      play.gitlab.deleteLabel({ group: 'acme', title: 'security::deleted' });
    });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-01': 'undetermined label_deleted', 'RC-02': 'pass independently_approved' },
    });
  });

  it('a label that is deleted after the record was made changes nothing', async () => {
    const play = stage.open({ labels: [labelOf(stage, 'security::gone')] });
    play.approve('bchen');
    play.merge();
    const before = await stage.judged(play);
    play.gitlab.deleteLabel({ group: 'acme', title: 'security::gone' });
    await play.gitlab.delivered();
    const after = await stage.judged(play);
    expect(before.overall).toBe('pass');
    expect(after.report.record_sha256).toBe(before.report.record_sha256);
    expect(after.checks).toEqual(before.checks);
  });
});

describe('a machine approves', () => {
  it.each(['project_bot', 'group_bot', 'service_account'] as const)('a %s is listed and not counted', async (kind) => {
    const play = stage.open();
    const bot = botOf(stage, kind);
    play.approve(bot.username);
    play.merge();
    const { overall, checks, report } = await stage.judged(play);
    expect(overall).toBe('fail');
    expect(checks['RC-02']).toBe('fail too_few_independent_approvals');
    expect(report.verdict.checks.find(({ id }) => id === 'RC-02')?.about).toEqual([bot.id]);
  });

  it('beside a person it does no harm', async () => {
    const play = stage.open();
    play.approve(botOf(stage, 'service_account').username);
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass' });
  });

  it('one with a name of its own is told by GitLab’s mark', async () => {
    const play = stage.open();
    play.approve('renovate-bot');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail too_few_independent_approvals' },
    });
  });
});

describe('a machine is the author', () => {
  it('fails without a person’s approval', async () => {
    const play = stage.open({ author: 'renovate-bot' });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'fail', checks: { 'RC-02': 'fail nobody_approved' } });
  });

  it('passes with one', async () => {
    const play = stage.open({ author: 'renovate-bot' });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass' });
  });
});

describe('a machine merges', () => {
  it('says so, and lets the verdict pass: who told it to is not known', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.merge(botOf(stage, 'project_bot').username);
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-11': 'undetermined merged_by_bot' },
    });
  });

  it('names the person who set the auto-merge, where GitLab does', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.gitlab.armAutoMerge({ ...play.mr, by: 'mlund', at: play.next() });
    play.merge(botOf(stage, 'project_bot').username);
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-11': 'pass merged_by_somebody_else' },
    });
  });

  it('says that a bot merged, where GitLab names the one who carried it out', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.gitlab.armAutoMerge({ ...play.mr, by: 'mlund', at: play.next() });
    const { overall, checks } = await switched(play.gitlab, { mergeUserOfAutoMerge: 'merged' }, async () => {
      play.merge(botOf(stage, 'project_bot').username);
      return stage.judged(play);
    });
    expect(overall).toBe('pass');
    expect(checks['RC-11']).toBe('undetermined merged_by_bot');
  });
});

function labelOf({ world: { sandbox } }: Stage, title: string): string {
  return sandbox.gitlab.createLabel({ group: 'acme', title }).title;
}

function botOf(
  { world: { sandbox } }: Stage,
  kind: 'project_bot' | 'group_bot' | 'service_account',
): { readonly id: number; readonly username: string } {
  return sandbox.gitlab.createUser({ kind, memberOf: [{ group: 'acme', role: 'developer' }] });
}
