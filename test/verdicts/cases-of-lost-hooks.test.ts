import { describe, expect, it } from 'vitest';
import { setStage, type Judged, type Play } from './stage.ts';

const stage = setStage();

/** What happens to the merge request before its merge: six hooks with its opening. */
function live(play: Play): void {
  play.approve('cdahl');
  play.push('aruiz');
  play.approve('bchen');
}

/** Opens, lives and merges it; its hooks come in the order of these numbers, and some more than once or never. */
async function playedWith(order: readonly number[]): Promise<Judged> {
  const { gitlab } = stage.world.sandbox;
  gitlab.holdDeliveries({});
  const play = stage.open();
  live(play);
  play.merge();
  await gitlab.releaseDeliveries({ order: [...order] });
  return stage.judged(play);
}

/** What a record says of its journal and of the approvals, without the people’s and the revisions’ digests. */
function storyOf({ report }: Judged): unknown {
  const { journal, history } = report.record as { journal: { events: object[] }; history: { approvals: object[] } };
  return {
    events: journal.events.map((event) => pick(event, ['action', 'state', 'user_id', 'system', 'system_action'])),
    approvals: history.approvals.map((one) => pick(one, ['user_id', 'origin', 'end_cause', 'shown_afterwards'])),
  };
}

function pick(from: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

// The opening, an approval, the push and its reset, an approval, the merge.
const inOrder = [0, 1, 2, 3, 4, 5];

describe('hooks of one merge request', () => {
  it.each([
    { how: 'out of order', order: [4, 3, 2, 1, 0, 5] },
    { how: 'more than once', order: [0, 0, 1, 2, 1, 3, 4, 4, 0, 5] },
    { how: 'out of order and more than once', order: [3, 4, 3, 1, 0, 2, 1, 5] },
  ])('that come $how make the same journal and the same verdict', async ({ order }) => {
    const usual = await playedWith(inOrder);
    const other = await playedWith(order);
    expect(usual.overall).toBe('pass');
    expect(storyOf(usual)).toMatchObject({
      events: [{ action: 'open' }, {}, {}, { system: true }, { action: 'approved' }, { action: 'merge' }],
      approvals: [{ end_cause: 'reset_on_push' }, { end_cause: null, shown_afterwards: true }],
    });
    expect(storyOf(other)).toEqual(storyOf(usual));
    expect(other.checks).toEqual(usual.checks);
  });

  it('of which only that of the merge comes leave GitLab’s own notes, and the same verdict', async () => {
    const usual = await playedWith(inOrder);
    const lost = await playedWith([5]);
    expect(lost.checks).toEqual(usual.checks);
    expect(storyOf(lost)).toMatchObject({
      events: [{ action: 'merge' }],
      approvals: [
        { origin: 'system_note', end_cause: 'reset_on_push' },
        { origin: 'system_note', end_cause: null },
      ],
    });
  });

  it('of which that of the merge comes first of all make the same verdict', async () => {
    const usual = await playedWith(inOrder);
    const early = await playedWith([5, 0, 1, 2, 3, 4]);
    expect(early.checks).toEqual(usual.checks);
  });

  it('of which that of the merge overtakes an approval’s are all in the record: it waits a moment for them', async () => {
    const usual = await playedWith(inOrder);
    const overtaken = await playedWith([0, 1, 2, 3, 5, 4]);
    expect(storyOf(overtaken)).toEqual(storyOf(usual));
  });

  it('that are sent again long after change neither record nor verdict', async () => {
    const { gitlab } = stage.world.sandbox;
    const play = stage.open();
    live(play);
    play.merge();
    await gitlab.delivered();
    const before = await stage.judged(play);
    const [hook] = gitlab.snapshot().hooks;
    for (const { id } of hook!.deliveries.slice(-6)) await gitlab.resendDelivery({ hook: hook!.id, delivery: id });
    const after = await stage.judged(play);
    expect(after.report.record_sha256).toBe(before.report.record_sha256);
    expect(after.checks).toEqual(before.checks);
  });
});
