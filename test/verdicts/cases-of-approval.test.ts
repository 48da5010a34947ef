import { beforeAll, describe, expect, it } from 'vitest';
import { addProject, mergeAndThen } from './acts.ts';
import { setStage } from './stage.ts';
import { switched } from './switched.ts';

const stage = setStage();

/** Anybody may approve, whatever they did; a push takes approvals away. */
let lax: string;
/** Committers may not approve. */
let strict: string;

beforeAll(() => {
  lax = addProject(stage, 'lax', { authorMayApprove: true });
  strict = addProject(stage, 'strict', { committersMayApprove: false });
});

describe('the author approves the merge request', () => {
  it('fails where nobody else approved', async () => {
    const play = stage.open({ project: lax });
    play.approve('aruiz');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: {
        'RC-02': 'fail too_few_independent_approvals',
        'RC-03': 'fail author_alone',
        'RC-04': 'fail only_contributors_approved',
      },
    });
  });

  it('passes where somebody else approved too, and the author is not counted', async () => {
    const play = stage.open({ project: lax });
    play.approve('aruiz');
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-02': 'pass independently_approved', 'RC-03': 'pass author_not_counted' },
    });
  });
});

describe('somebody approves who committed to it', () => {
  it('fails where nobody else approved', async () => {
    const play = stage.open();
    play.push('cdahl');
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: {
        'RC-02': 'fail too_few_independent_approvals',
        'RC-03': 'pass author_did_not_approve',
        'RC-04': 'fail only_contributors_approved',
      },
    });
  });

  it('passes where somebody else approved too', async () => {
    const play = stage.open();
    play.push('cdahl');
    play.approve('cdahl');
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-04': 'pass approved_from_outside' },
    });
  });
});

describe('somebody else rebases, and the committer of before approves', () => {
  it('fails, although GitLab forbids committers to approve and let this one', async () => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createUser({
      username: 'yvogel',
      publicEmail: 'yvogel@acme.example',
      email: 'yvogel@acme.example',
      memberOf: [{ group: 'acme', role: 'developer' }],
    });
    const play = stage.open({
      project: strict,
      commits: [{ title: 'Check it', author: 'aruiz', committer: 'yvogel' }],
    });
    expect(() => play.approve('yvogel')).toThrow('Committers may not approve here');
    gitlab.rebase({ ...play.mr, by: 'dokafor', at: play.next() });
    play.approve('yvogel');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail too_few_independent_approvals', 'RC-04': 'fail only_contributors_approved' },
    });
  });
});

describe('an approval is withdrawn before the merge', () => {
  it('fails, and keeps what was withdrawn as history', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.unapprove('bchen');
    play.merge();
    const { overall, checks, report } = await stage.judged(play);
    expect(overall).toBe('fail');
    expect(checks).toMatchObject({
      'RC-02': 'fail too_few_independent_approvals',
      'RC-07': 'fail only_withdrawn_approvals',
    });
    expect(report.record).toMatchObject({
      history: { approvals: [{ origin: 'hook_signed', end_cause: 'withdrawn', shown_afterwards: false }] },
    });
  });

  it('fails in the same way where no hook told of it', async () => {
    const play = stage.open();
    play.unheard(() => {
      play.approve('bchen');
      play.unapprove('bchen');
    });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-07': 'fail only_withdrawn_approvals' },
    });
  });

  it('passes where it was given again', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.unapprove('bchen');
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass', checks: { 'RC-07': 'pass approvals_stood' } });
  });
});

describe('an approval is withdrawn while an auto-merge is under way', () => {
  const second = 1 / 60;

  it('is undetermined where clocks alone would have to order the two', async () => {
    const play = stage.open();
    play.approve('bchen');
    const { gitlab, mr } = play;
    gitlab.armAutoMerge({ ...mr, by: 'aruiz', at: play.next() });
    play.unheard(() => gitlab.unapprove({ ...mr, by: 'bchen', at: play.next() }));
    gitlab.merge({ ...mr, by: 'mlund', anyway: true, at: play.next(second) });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'undetermined withdrawal_at_the_merge', 'RC-07': 'undetermined withdrawal_at_the_merge' },
    });
  });

  it('fails where the journal orders them: it was open when the approval went', async () => {
    const play = stage.open();
    play.approve('bchen');
    const { gitlab, mr } = play;
    gitlab.armAutoMerge({ ...mr, by: 'aruiz', at: play.next() });
    gitlab.unapprove({ ...mr, by: 'bchen', at: play.next() });
    await gitlab.delivered();
    gitlab.merge({ ...mr, by: 'mlund', anyway: true, at: play.next(second) });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-07': 'fail only_withdrawn_approvals' },
    });
  });
});

describe('an approval comes after the merge, on a server that takes one', () => {
  it.each(['heard', 'unheard'])('fails: it is never counted, %s', async (how) => {
    const play = stage.open();
    await switched(play.gitlab, { approvalAfterMerge: true }, async () => {
      const approve = (): void => play.approve('bchen');
      await mergeAndThen(play, () => (how === 'heard' ? approve() : play.unheard(approve)));
    });
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: {
        'RC-02': 'fail too_few_independent_approvals',
        'RC-05': 'fail approved_after_merge',
        'RC-08': 'fail auto_approved',
      },
    });
  });
});
