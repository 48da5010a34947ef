import { describe, expect, it } from 'vitest';
import { mergeAndThen } from './acts.ts';
import { commitSaying, independent, lenient, openLenient, perhapsTheApprovers } from './hands.ts';
import { setStage } from './stage.ts';
import { switched } from './switched.ts';

describe('RC-02 to RC-04 where two must approve, and addresses are mapped in the configuration', () => {
  const stage = setStage({
    configuration: {
      policy: { approvals: 2 },
      identities: [
        { username: 'bchen', emails: ['bo@home.example'] },
        // By number, since nobody of that name is among the people of the change.
        { username: 'contractor', id: 9_999_999, emails: ['contractor@elsewhere.example'] },
      ],
    },
  });
  openLenient(stage);

  it('two colleagues are enough', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(independent);
  });

  it('one colleague is too few', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: {
        'RC-02': 'fail too_few_independent_approvals',
        'RC-03': 'pass author_did_not_approve',
        'RC-04': 'not_applicable too_few_approvals',
      },
    });
  });

  it('a colleague and somebody who had a hand in it are too few', async () => {
    const play = stage.open();
    play.push('cdahl');
    play.approve('bchen');
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail too_few_independent_approvals', 'RC-04': 'fail contributors_needed' },
    });
  });

  it('a colleague and the author are too few, though the author was not alone', async () => {
    const play = stage.open({ project: lenient });
    play.approve('aruiz');
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: {
        'RC-02': 'fail too_few_independent_approvals',
        'RC-03': 'pass author_not_counted',
        'RC-04': 'fail contributors_needed',
      },
    });
  });

  it('one of two approvals that was withdrawn leaves too few', async () => {
    const play = stage.open();
    play.approve('bchen');
    play.approve('cdahl');
    play.unapprove('bchen');
    await play.gitlab.delivered();
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail too_few_independent_approvals', 'RC-07': 'fail only_withdrawn_approvals' },
    });
  });

  it('one of two approvals that came after the merge leaves too few before it', async () => {
    await switched(stage.world.sandbox.gitlab, { approvalAfterMerge: true }, async () => {
      const play = stage.open();
      play.approve('bchen');
      await play.gitlab.delivered();
      await mergeAndThen(play, () => play.approve('cdahl'));
      expect(await stage.judged(play)).toMatchObject({
        overall: 'fail',
        checks: { 'RC-02': 'fail too_few_independent_approvals', 'RC-05': 'fail approved_after_merge' },
      });
    });
  });

  it('one of two approvals that is older than a push leaves too few for what was merged', async () => {
    const play = stage.open({ project: lenient });
    play.approve('bchen');
    await play.gitlab.delivered();
    play.push('aruiz');
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'pass independently_approved', 'RC-06': 'fail later_revision_not_approved' },
    });
  });

  it('an address that nobody knows may be one of the two', async () => {
    const play = stage.open(commitSaying({ authorEmail: 'somebody@home.example' }));
    play.approve('bchen');
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(perhapsTheApprovers);
  });

  it('an address that nobody knows changes nothing where too few approved anyway', async () => {
    const play = stage.open(commitSaying({ authorEmail: 'somebody@home.example' }));
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail too_few_independent_approvals', 'RC-04': 'not_applicable too_few_approvals' },
    });
  });

  it('an address that is mapped to somebody else clears both approvers', async () => {
    const play = stage.open(commitSaying({ authorEmail: 'Contractor@Elsewhere.example' }));
    play.approve('bchen');
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(independent);
  });

  it('an address that is mapped to an approver makes it their own work, in an earlier version too', async () => {
    const play = stage.open(commitSaying({ committerEmail: 'bo@home.example' }));
    play.push('aruiz', { replace: true });
    play.approve('bchen');
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-02': 'fail too_few_independent_approvals', 'RC-04': 'fail contributors_needed' },
    });
  });
});
