import { beforeAll, describe, expect, it } from 'vitest';
import { addProject, advice } from './acts.ts';
import { setStage, type Play } from './stage.ts';

describe('under a policy that asks for more', () => {
  const strict = setStage({
    configuration: {
      policy: {
        security_reviewers: { group: 'acme/security', usernames: ['dokafor'] },
        author_may_merge: false,
        pipelines: 'required',
      },
    },
  });

  describe('RC-10: a security reviewer took part', () => {
    beforeAll(() => {
      const { gitlab } = strict.world.sandbox;
      gitlab.createGroup({ path: 'security', parent: 'acme' });
      gitlab.addMember({ group: 'acme/security', username: 'cdahl', role: 'developer' });
    });
    const approvedBy = (by: string): Play => {
      const play = strict.open();
      play.approve(by);
      play.merge();
      return play;
    };

    it.each([
      { who: 'somebody of the group', by: 'cdahl' },
      { who: 'somebody who is named', by: 'dokafor' },
    ])('passes where $who approved', async ({ by }) => {
      expect(await advice(strict, approvedBy(by))).toMatchObject({ 'RC-10': 'pass security_reviewer_approved' });
    });

    it('fails where nobody of them did, although all are members of the group above', async () => {
      expect(await advice(strict, approvedBy('bchen'))).toMatchObject({ 'RC-10': 'fail no_security_reviewer' });
    });

    it('fails where the one who did is the author', async () => {
      const lax = addProject(strict, 'lax', { authorMayApprove: true });
      const play = strict.open({ project: lax, author: 'cdahl' });
      play.approve('cdahl');
      play.approve('bchen');
      play.merge();
      expect(await advice(strict, play)).toMatchObject({ 'RC-10': 'fail no_security_reviewer' });
    });
  });

  it('fails where the policy does not let authors merge', async () => {
    const play = strict.open();
    play.approve('bchen');
    play.merge('aruiz');
    expect(await advice(strict, play)).toMatchObject({ 'RC-11': 'fail author_may_not_merge' });
  });

  it('fails without a pipeline where the policy requires one', async () => {
    const play = strict.open({ pipeline: null });
    play.approve('bchen');
    play.merge();
    expect(await advice(strict, play)).toMatchObject({ 'RC-13': 'fail no_pipeline' });
  });
});

describe('on Free', () => {
  const free = setStage({
    sandbox: { tier: 'free' },
    configuration: { policy: { security_reviewers: { group: 'acme/nowhere' } } },
  });
  const approved = (): Play => {
    const play = free.open();
    play.approve('bchen');
    play.merge();
    return play;
  };

  it('there are neither rules that could be weakened nor settings that could be read', async () => {
    expect(await advice(free, approved())).toMatchObject({
      'RC-09': 'not_applicable no_rules',
      'RC-17': 'undetermined settings_not_licensed',
    });
  });

  it('leaves open whether a security reviewer approved where their group cannot be read', async () => {
    expect(await advice(free, approved())).toMatchObject({ 'RC-10': 'undetermined security_reviewers_not_found' });
  });
});
