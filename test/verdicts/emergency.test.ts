import { beforeAll, describe, expect, it } from 'vitest';
import { watchEmergencies } from '../../src/workflow/emergencies.ts';
import { setStage, type Judged, type Play, type Stage } from './stage.ts';
import { switched } from './switched.ts';
import { setWorkshop, type Workshop } from './workshop.ts';

const configuration = {
  emergency: { labels: ['security::emergency'], source_branches: ['hotfix/*'], review_within_hours: 8 },
};
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Opens an emergency with its reason, and merges it at once without any review. */
function rush(stage: Stage, options: Parameters<Stage['open']>[0] = {}): Play {
  const description = 'Closes the hole.\nEmergency: it is being exploited';
  const play = stage.open({ labels: ['security::emergency'], description, ...options });
  play.merge('aruiz');
  return play;
}

async function mergedAt(stage: Stage, play: Play): Promise<number> {
  const { report } = await stage.judged(play);
  return Date.parse(report.change.merged_at ?? '');
}

/** Looks after emergencies as the service does on its clock, so many hours after the merge of one of them. */
async function watch(stage: Stage, workshop: Workshop, play: Play, hours: number): Promise<Judged> {
  const at = (await mergedAt(stage, play)) + hours * hourMs;
  const { gitlab, ...parts } = workshop;
  await watchEmergencies({ ...parts, gitlab, now: () => new Date(at) });
  return stage.judged(play);
}

function remindersOf({ world: { sandbox } }: Stage, { mr }: Play): readonly { channel: string; text: string }[] {
  return sandbox.slack
    .channels()
    .flatMap(({ id }) => sandbox.slack.messages(id).map(({ rendered }) => ({ channel: id, text: rendered.plain })))
    .filter(({ text }) => text.includes('Emergency change not reviewed yet') && text.includes(`!${mr.iid} `));
}

async function overdueOf({ world }: Stage, { mr }: Play) {
  const { attention } = await world.status();
  return attention.filter(({ kind, change }) => kind === 'overdue_emergency' && change.endsWith(`!${mr.iid}`));
}

function makeLabel({ world }: Stage): void {
  world.sandbox.gitlab.createLabel({ group: 'acme', title: 'security::emergency' });
}

describe('on a current server', () => {
  const stage = setStage({ configuration });
  const workshop = setWorkshop(stage, { configuration });
  beforeAll(() => makeLabel(stage));

  describe('a change that is no emergency', () => {
    it('is asked for no reason and no review afterwards', async () => {
      const play = stage.open();
      play.approve('bchen');
      play.merge();
      expect(await stage.judged(play)).toMatchObject({ overall: 'pass', checks: { 'RC-16': 'pass not_an_emergency' } });
    });
  });

  describe('an emergency', () => {
    it.each([
      { by: 'its label', options: {} },
      { by: 'its branch', options: { labels: ['security::high'], sourceBranch: 'hotfix/hole' } },
    ])('told by $by waits for a review, and fails the checks of approvals all the same', async ({ options }) => {
      const play = rush(stage, options);
      expect(await stage.judged(play)).toMatchObject({
        overall: 'fail',
        checks: { 'RC-02': 'fail nobody_approved', 'RC-16': 'undetermined pending' },
      });
    });

    it('without a reason in its description fails, and waits for nothing', async () => {
      const play = rush(stage, { description: 'Emergency:   \nNo reason there.' });
      expect(await stage.judged(play)).toMatchObject({ checks: { 'RC-16': 'fail reason_missing' } });
      expect(await watch(stage, workshop(), play, 9)).toMatchObject({ checks: { 'RC-16': 'fail reason_missing' } });
      expect(await overdueOf(stage, play)).toEqual([]);
    });

    it('that was reviewed like any other change passes', async () => {
      const play = stage.open({ labels: ['security::emergency'], description: 'Emergency: exploited' });
      play.approve('bchen');
      play.merge();
      expect(await stage.judged(play)).toMatchObject({
        overall: 'pass',
        checks: { 'RC-16': 'pass reviewed_before_merge' },
      });
    });
  });

  describe('the review of an emergency afterwards', () => {
    it('by a comment in time passes, without touching the record', async () => {
      const play = rush(stage);
      const before = await stage.judged(play);
      play.gitlab.note({ ...play.mr, by: 'bchen', body: 'Reviewed after the fact: looks right', at: play.next() });
      const after = await watch(stage, workshop(), play, 4);
      expect(after.checks['RC-16']).toBe('pass reviewed_in_time');
      expect(after.overall).toBe('fail');
      expect(after.report.record_sha256).toBe(before.report.record_sha256);
      expect(remindersOf(stage, play)).toEqual([]);
    });

    it('by an approval in time passes, on a server that takes one', async () => {
      const play = rush(stage);
      await stage.judged(play);
      await switched(play.gitlab, { approvalAfterMerge: true }, async () => play.approve('bchen'));
      expect(await watch(stage, workshop(), play, 4)).toMatchObject({ checks: { 'RC-16': 'pass reviewed_in_time' } });
    });

    it.each([
      { who: 'the author', by: 'aruiz', body: 'Reviewed after the fact' },
      { who: 'a machine', by: 'renovate-bot', body: 'Reviewed after the fact' },
      { who: 'somebody who says something else', by: 'bchen', body: 'I have not reviewed after the fact yet' },
    ])('by $who is none', async ({ by, body }) => {
      const play = rush(stage);
      play.gitlab.note({ ...play.mr, by, body, at: play.next() });
      expect(await watch(stage, workshop(), play, 4)).toMatchObject({ checks: { 'RC-16': 'undetermined pending' } });
    });

    it('that comes after the deadline is too late, and the change is listed', async () => {
      const play = rush(stage);
      const late = new Date((await mergedAt(stage, play)) + 8 * hourMs + minuteMs).toISOString();
      play.gitlab.note({ ...play.mr, by: 'bchen', body: 'Reviewed after the fact', at: late });
      expect(await watch(stage, workshop(), play, 9)).toMatchObject({ checks: { 'RC-16': 'fail reviewed_too_late' } });
      expect(await overdueOf(stage, play)).toMatchObject([{ reason: 'not_reviewed_in_time', owner: 'payments' }]);
    });
  });

  describe('an emergency that nobody reviews', () => {
    it('is reminded of in the channel of its pod exactly once, when a quarter of the time is left', async () => {
      const play = rush(stage);
      await watch(stage, workshop(), play, 5);
      expect(remindersOf(stage, play)).toEqual([]);
      await watch(stage, workshop(), play, 6.5);
      await watch(stage, workshop(), play, 6.5);
      await watch(stage, workshop(), play, 7);
      expect(remindersOf(stage, play)).toMatchObject([{ channel: 'C0PAYMENTS' }]);
      expect(await overdueOf(stage, play)).toEqual([]);
    });

    it('fails once its time has run out, and is listed once', async () => {
      const play = rush(stage);
      await watch(stage, workshop(), play, 6.5);
      expect(await watch(stage, workshop(), play, 8.1)).toMatchObject({ checks: { 'RC-16': 'fail deadline_passed' } });
      await watch(stage, workshop(), play, 9);
      expect(await overdueOf(stage, play)).toMatchObject([{ reason: 'not_reviewed_in_time', owner: 'payments' }]);
      expect(remindersOf(stage, play)).toHaveLength(1);
    });

    it('is listed without a verdict while its reviews cannot be read, until one is read that came in time', async () => {
      const { faults } = stage.world.sandbox;
      const play = rush(stage);
      await stage.judged(play);
      play.gitlab.note({ ...play.mr, by: 'bchen', body: 'Reviewed after the fact', at: play.next() });
      faults.add({ vendor: 'gitlab', operation: '/notes$', kind: 'error_500', times: Infinity });
      const blind = await watch(stage, workshop(), play, 8.5);
      faults.clear();
      expect(blind.checks['RC-16']).toBe('undetermined pending');
      expect(await overdueOf(stage, play)).toMatchObject([{ reason: 'reviews_unreadable' }]);

      expect(await watch(stage, workshop(), play, 9)).toMatchObject({ checks: { 'RC-16': 'pass reviewed_in_time' } });
      expect(await overdueOf(stage, play)).toEqual([]);
    });
  });
});

describe('on a server that takes approvals after the merge, and does not say when they were given', () => {
  const old = setStage({
    sandbox: { tier: 'premium-old', switches: { gitlab: { approvalAfterMerge: true } } },
    configuration,
  });
  const oldWorkshop = setWorkshop(old, { configuration });
  beforeAll(() => makeLabel(old));

  it('a review is told by GitLab’s own note of the approval', async () => {
    const play = rush(old);
    await old.judged(play);
    play.approve('bchen');
    expect(await watch(old, oldWorkshop(), play, 4)).toMatchObject({ checks: { 'RC-16': 'pass reviewed_in_time' } });
  });

  it('a review that was taken back is none', async () => {
    const play = rush(old);
    await old.judged(play);
    play.approve('bchen');
    play.gitlab.eraseApproval({ ...play.mr, by: 'mlund', approver: 'bchen' });
    expect(await watch(old, oldWorkshop(), play, 4)).toMatchObject({ checks: { 'RC-16': 'undetermined pending' } });
  });
});
