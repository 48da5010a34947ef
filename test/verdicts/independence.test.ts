import { describe, expect, it } from 'vitest';
import { commitSaying, independent, lenient, notIndependent, openLenient, perhapsTheApprovers } from './hands.ts';
import { setStage, type OpeningOptions } from './stage.ts';
import { switched } from './switched.ts';

describe('RC-02 to RC-04: whether approvers had a hand in it', () => {
  const stage = setStage();
  openLenient(stage);

  /** A new account that may approve. */
  const hire = (username: string, more: { publicEmail?: string } = {}): number =>
    stage.world.sandbox.gitlab.createUser({ username, ...more, memberOf: [{ group: 'acme', role: 'developer' }] }).id;

  /** A change by a new account, under its private address: so that the address is known when the account is not. */
  const byPrivate = (username: string): OpeningOptions => {
    const email = `${hire(username)}-${username}@users.noreply.127.0.0.1`;
    return { author: username, ...commitSaying({ authorEmail: email, committerEmail: email }) };
  };

  it('nobody approved', async () => {
    const play = stage.open();
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: {
        'RC-02': 'fail nobody_approved',
        'RC-03': 'pass author_did_not_approve',
        'RC-04': 'not_applicable too_few_approvals',
      },
    });
  });

  it('an author who approved alone is not counted', async () => {
    const play = stage.open({ project: lenient });
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

  it('an author who approved beside a colleague does no harm', async () => {
    const play = stage.open({ project: lenient });
    play.approve('aruiz');
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: {
        'RC-02': 'pass independently_approved',
        'RC-03': 'pass author_not_counted',
        'RC-04': 'pass approved_from_outside',
      },
    });
  });

  it('an author whose account was deleted is known from the hook of the opening', async () => {
    const play = stage.open(byPrivate('leaver'));
    play.approve('bchen');
    play.gitlab.deleteUser({ username: 'leaver' });
    play.merge();
    expect(await stage.judged(play)).toMatchObject(independent);
  });

  it('an author whose account was deleted, and whom no hook named, may be the one who approved', async () => {
    const { gitlab } = stage.world.sandbox;
    const play = await switched(gitlab, { silentMode: true }, () => stage.open(byPrivate('nameless')));
    play.approve('bchen');
    play.gitlab.deleteUser({ username: 'nameless' });
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': 'pass independently_approved', 'RC-03': 'undetermined author_unknown' },
    });
  });

  it('whoever wrote one of the commits approves their own work', async () => {
    const play = stage.open(commitSaying({ author: 'cdahl' }));
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(notIndependent);
  });

  it('whoever committed by the private address that GitLab gave them approves their own work', async () => {
    const play = stage.open(commitSaying({ committerEmail: `${hire('secretive')}-secretive@users.noreply.127.0.0.1` }));
    play.approve('secretive');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(notIndependent);
  });

  it('whoever committed by the address that their profile shows approves their own work', async () => {
    hire('open-book', { publicEmail: 'open@book.example' });
    const play = stage.open(commitSaying({ committerEmail: 'Open@Book.example' }));
    play.approve('open-book');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(notIndependent);
  });

  it('whoever pushed approves their own work, whatever names stand in the commits', async () => {
    const play = stage.open();
    play.push('bchen', { commits: [{ title: 'Address review', author: 'aruiz', committer: 'aruiz' }] });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(notIndependent);
  });

  it('a pusher is known from GitLab’s notes where no hook told of the push', async () => {
    const play = stage.open();
    play.unheard(() => play.push('bchen', { commits: [{ title: 'Tidy up', author: 'aruiz', committer: 'aruiz' }] }));
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(notIndependent);
  });

  it('whoever rebased it has had a hand in it', async () => {
    // The address of whoever is new is known to nobody: only the hook tells who it was.
    hire('rebaser');
    const play = stage.open();
    play.gitlab.rebase({ ...play.mr, by: 'rebaser', at: play.next() });
    play.approve('rebaser');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(notIndependent);
  });

  it('whose suggestion was applied on the page approves their own work', async () => {
    const play = stage.open();
    const applied = { title: 'Apply suggestion', author: 'bchen', committerEmail: 'noreply@127.0.0.1' };
    play.push('aruiz', { commits: [applied] });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(notIndependent);
  });

  it('an address of the server itself, as on commits made on its pages, hides nobody', async () => {
    const play = stage.open(commitSaying({ committerName: 'GitLab', committerEmail: 'noreply@127.0.0.1' }));
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(independent);
  });

  it('an author’s own private address hides nobody', async () => {
    const play = stage.open(byPrivate('careful'));
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(independent);
  });

  it('an address that nobody knows may be the approver’s', async () => {
    const play = stage.open(commitSaying({ authorEmail: 'somebody@home.example' }));
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(perhapsTheApprovers);
  });

  it('an address that nobody knows, on a commit that was dropped since, may be the approver’s', async () => {
    const play = stage.open(commitSaying({ committerEmail: 'somebody@home.example' }));
    play.push('aruiz', { replace: true });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(perhapsTheApprovers);
  });

  it('an address that its owner has not confirmed is nobody’s', async () => {
    const { gitlab } = stage.world.sandbox;
    gitlab.addEmail({ username: 'dokafor', email: 'dayo@home.example', confirmed: false });
    const play = stage.open(commitSaying({ authorEmail: 'dayo@home.example' }));
    play.approve('dokafor');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(perhapsTheApprovers);
  });

  it.each([
    [
      'approvals',
      'merge_requests/:iid/approvals$',
      'undetermined approvals_forbidden',
      'undetermined approvals_forbidden',
    ],
    ['commits', 'merge_requests/:iid/commits$', 'undetermined commits_forbidden', 'pass author_did_not_approve'],
  ])('%s that the token may not see leave it undetermined', async (_, operation, reason, ofAuthor) => {
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation, kind: 'refuse' });
    const play = stage.open();
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': reason, 'RC-03': ofAuthor, 'RC-04': reason },
    });
  });

  it('commits of an earlier version that the token may not see leave it undetermined', async () => {
    const operation = 'merge_requests/:iid/versions/:version$';
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation, kind: 'refuse' });
    const play = stage.open();
    play.push('aruiz', { replace: true });
    play.approve('bchen');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: {
        'RC-02': 'undetermined earlier_commits_forbidden',
        'RC-04': 'undetermined earlier_commits_forbidden',
      },
    });
  });
});

describe('RC-02 to RC-04 on GitLab Free, which lets everybody approve', () => {
  const stage = setStage({ sandbox: { tier: 'free' } });

  it('an author who approved alone is not counted', async () => {
    const play = stage.open();
    play.approve('aruiz');
    play.merge();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'fail',
      checks: { 'RC-03': 'fail author_alone', 'RC-04': 'fail only_contributors_approved' },
    });
  });

  it('a committer who approved alone is not counted', async () => {
    const play = stage.open();
    play.push('cdahl');
    play.approve('cdahl');
    play.merge();
    expect(await stage.judged(play)).toMatchObject(notIndependent);
  });

  it('nobody approved', async () => {
    const play = stage.open();
    play.merge();
    expect(await stage.judged(play)).toMatchObject({ overall: 'fail', checks: { 'RC-02': 'fail nobody_approved' } });
  });
});
