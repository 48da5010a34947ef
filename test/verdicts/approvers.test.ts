import { describe, expect, it } from 'vitest';
import { independent, lenient, noPerson, openLenient } from './hands.ts';
import { setStage } from './stage.ts';
import { switched } from './switched.ts';

describe('RC-02 to RC-04: whether approvers are people', () => {
  const stage = setStage({
    configuration: { policy: { exemptions: [{ bot: 'renovate-bot', projects: [lenient] }] } },
  });
  openLenient(stage);

  /** A new account that may approve. */
  const hire = (username: string): number =>
    stage.world.sandbox.gitlab.createUser({ username, memberOf: [{ group: 'acme', role: 'developer' }] }).id;

  it('the bot of an access token is no person', async () => {
    const { username } = stage.world.sandbox.gitlab.createToken({ group: 'acme', role: 'developer', scopes: ['api'] });
    const play = stage.open();
    play.approve(username);
    play.merge();
    expect(await stage.judged(play)).toMatchObject(noPerson);
  });

  it('a bot whose name says nothing is known by GitLab’s mark', async () => {
    const { gitlab } = stage.world.sandbox;
    const { username } = await switched(gitlab, { botUsername: 'other' }, () =>
      gitlab.createToken({ group: 'acme', role: 'developer', scopes: ['api'] }),
    );
    const play = stage.open();
    play.approve(username);
    play.merge();
    expect(await stage.judged(play)).toMatchObject(noPerson);
  });

  it('a service account is no person', async () => {
    const play = stage.open();
    play.approve('renovate-bot');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(noPerson);
  });

  it('a bot beside a colleague does no harm', async () => {
    const play = stage.open();
    play.approve('renovate-bot');
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(independent);
  });

  it('an approver who was blocked before the merge is not counted', async () => {
    const { gitlab } = stage.world.sandbox;
    hire('expelled');
    const play = stage.open();
    play.approve('expelled');
    gitlab.setUserState({ username: 'expelled', state: 'blocked' });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(noPerson);
  });

  it('an approver whose account was deleted may have been no person', async () => {
    hire('vanishing');
    const play = stage.open();
    play.unheard(() => play.approve('vanishing'));
    play.gitlab.deleteUser({ username: 'vanishing' });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'undetermined approver_deleted', 'RC-04': 'pass approved_from_outside' },
    });
  });

  it('an approver whose account the token may not see may be no person', async () => {
    hire('veiled');
    for (const operation of ['GET /api/v4/users/:user$', 'projects/:id/members/all/:user$']) {
      stage.world.sandbox.faults.add({ vendor: 'gitlab', operation, kind: 'refuse' });
    }
    const play = stage.open();
    play.approve('veiled');
    play.merge('aruiz');
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'undetermined approver_forbidden' },
    });
  });

  it('an approver is a person too where the token may see them as a member only', async () => {
    hire('member-only');
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation: 'GET /api/v4/users/:user$', kind: 'refuse' });
    const play = stage.open();
    play.approve('member-only');
    play.merge('aruiz');
    expect(await stage.judged(play)).toMatchObject(independent);
  });

  it('an approver whom GitLab calls neither active nor blocked may be either', async () => {
    hire('vague');
    stage.world.sandbox.faults.add({
      vendor: 'gitlab',
      operation: 'GET /api/v4/users/:user$',
      kind: 'altered',
      set: { state: undefined },
    });
    const play = stage.open();
    play.approve('vague');
    play.merge('aruiz');
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'undetermined account_state_not_shown', 'RC-04': 'pass approved_from_outside' },
    });
  });

  it('a bot that the policy exempts there needs nobody', async () => {
    const play = stage.open({ project: lenient, author: 'renovate-bot' });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: {
        'RC-02': 'not_applicable exempt_bot',
        'RC-03': 'not_applicable exempt_bot',
        'RC-04': 'not_applicable exempt_bot',
      },
    });
  });

  it('the same bot needs somebody elsewhere', async () => {
    const play = stage.open({ author: 'renovate-bot' });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'fail', checks: { 'RC-02': 'fail nobody_approved' } });
  });
});
