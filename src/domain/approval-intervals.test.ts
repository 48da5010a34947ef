import { describe, expect, test } from 'vitest';
import { accountsOf, idsByUsername } from './accounts.ts';
import { approvalHistory } from './approval-intervals.ts';
import { ana, bo } from './fixtures/change.ts';
import {
  approvedLine,
  at,
  carl,
  line,
  note,
  read,
  recordOf,
  rule,
  unread,
  version,
  type RecordChanges,
} from './fixtures/record.ts';

const approved = 'approved this merge request';
const unapproved = 'unapproved this merge request';
const withdrawn = (time: string, changes = {}) => line('unapproved', time, { userId: bo.id, ...changes });
const reset = (time: string) =>
  line('unapproved', time, { userId: ana.id, system: true, systemAction: 'approvals_reset_on_push' });
const codeOwnerReset = (time: string) =>
  line('update', time, { userId: ana.id, system: true, systemAction: 'code_owner_approvals_reset_on_push' });

function historyOf(changes: RecordChanges) {
  const record = recordOf({ approvedBy: [], notes: [], journal: [], ...changes });
  return approvalHistory(record.evidence, record.journal, idsByUsername(accountsOf(record.evidence, record.arrival)));
}

/** `13 13:00:00–13:10:00 withdrawn`: whose approval, from when until when, and why it ended. */
function told(changes: RecordChanges): string[] {
  const time = (iso: string | null) => iso?.slice(11, 19) ?? '?';
  return historyOf(changes).intervals.map(
    ({ userId, start, end, endCause }) =>
      `${userId} ${time(start)}–${endCause === null ? '' : `${time(end)} ${endCause}`}`,
  );
}

const contradictions = (changes: RecordChanges) => historyOf(changes).contradictions.map(({ code }) => code);

describe('an approval', () => {
  test('that only the listing shows stands since the time that the listing gives, or since nobody knows when', () => {
    expect(historyOf({ approvedBy: [[bo, at('13:00:00')]] }).intervals).toMatchObject([
      { userId: bo.id, start: at('13:00:00'), origin: 'api_approved_at', headSha: null, endCause: null },
    ]);
    expect(historyOf({ approvedBy: [[bo, null]] }).intervals).toMatchObject([{ start: null, origin: 'api' }]);
  });

  test('that a hook told of stands on the head that the hook named, and says how the hook was trusted', () => {
    const signed = { approvedBy: [[bo, at('13:00:00')]], journal: [approvedLine(at('13:00:00'))] } as const;
    expect(historyOf(signed).intervals).toMatchObject([
      { origin: 'hook_signed', headSha: '1a2b', stateAtStart: 'opened', shownAfterwards: true },
    ]);
    const token = { ...signed, journal: [approvedLine(at('13:00:00'), { authenticatedBy: 'secret_token' })] };
    expect(historyOf(token).intervals).toMatchObject([{ origin: 'hook_token' }]);
  });

  test('is one, though hook, note and listing tell of it with seconds between them', () => {
    expect(
      told({
        approvedBy: [[bo, at('13:00:00')]],
        journal: [approvedLine(at('13:00:01'))],
        notes: [note(approved, bo, at('13:00:02'))],
      }),
    ).toEqual(['13 13:00:01–']);
  });

  test('is told by its note where the hook was lost', () => {
    const lost = { approvedBy: [[bo, null]], notes: [note(approved, bo, at('13:00:00'))] } as const;
    expect(told(lost)).toEqual(['13 13:00:00–']);
    expect(historyOf(lost).intervals).toMatchObject([{ origin: 'system_note', headSha: null }]);
  });

  test('that was told twice must have ended in between, unheard', () => {
    expect(
      told({
        approvedBy: [[bo, at('13:30:00')]],
        journal: [approvedLine(at('13:00:00')), approvedLine(at('13:30:00'))],
      }),
    ).toEqual(['13 13:00:00–13:30:00 unknown', '13 13:30:00–']);
  });
});

describe('a withdrawal', () => {
  test('ends the approval, and is kept as history', () => {
    expect(told({ journal: [approvedLine(at('13:00:00')), withdrawn(at('13:10:00'))] })).toEqual([
      '13 13:00:00–13:10:00 withdrawn',
    ]);
  });

  test('is told by its note where the hook was lost', () => {
    const notes = [note(approved, bo, at('13:00:00'), 1), note(unapproved, bo, at('13:10:00'), 2)];
    expect(told({ notes })).toEqual(['13 13:00:00–13:10:00 withdrawn']);
  });

  test('ends the approval of nobody else', () => {
    expect(
      told({
        approvedBy: [[carl, at('13:05:00')]],
        journal: [
          approvedLine(at('13:00:00')),
          approvedLine(at('13:05:00'), { userId: carl.id }),
          withdrawn(at('13:10:00')),
        ],
      }),
    ).toEqual(['13 13:00:00–13:10:00 withdrawn', '14 13:05:00–']);
  });

  test('of what was never told ends nothing', () => {
    expect(told({ journal: [withdrawn(at('13:10:00'))] })).toEqual([]);
  });

  test('and a new approval are two approvals', () => {
    expect(
      told({
        approvedBy: [[bo, at('13:20:00')]],
        journal: [approvedLine(at('13:00:00')), withdrawn(at('13:10:00')), approvedLine(at('13:20:00'))],
      }),
    ).toEqual(['13 13:00:00–13:10:00 withdrawn', '13 13:20:00–']);
  });
});

describe('a push that resets approvals', () => {
  test('ends everybody’s', () => {
    expect(
      told({
        journal: [
          approvedLine(at('13:00:00')),
          approvedLine(at('13:05:00'), { userId: carl.id }),
          reset(at('13:10:00')),
        ],
      }),
    ).toEqual(['13 13:00:00–13:10:00 reset_on_push', '14 13:05:00–13:10:00 reset_on_push']);
  });

  test('may reset later than it came: what was approved in between is gone too', () => {
    const journal = [
      approvedLine(at('13:00:00')),
      line('update', at('13:05:00'), { oldRev: '0f0e' }),
      approvedLine(at('13:05:30'), { userId: carl.id }),
      reset(at('13:06:00')),
    ];
    expect(told({ journal })).toEqual(['13 13:00:00–13:06:00 reset_on_push', '14 13:05:30–13:06:00 reset_on_push']);
  });

  test('ends those of whom its note tells, where the hook was lost', () => {
    expect(
      told({
        approvedBy: [[carl, at('13:05:00')]],
        notes: [
          note(approved, bo, at('13:00:00'), 1),
          note(approved, carl, at('13:05:00'), 2),
          note('reset approvals from @BChen by pushing to the branch', ana, at('13:10:00'), 3),
        ],
      }),
    ).toEqual(['13 13:00:00–13:10:00 reset_on_push', '14 13:05:00–']);
  });

  test('may have ended anybody’s where its note names somebody who has another name now', () => {
    const notes = [
      note(approved, bo, at('13:00:00'), 1),
      note('reset approvals from @bo-of-old by pushing to the branch', ana, at('13:10:00'), 2),
    ];
    expect(told({ notes })).toEqual(['13 13:00:00–13:10:00 reset_on_push']);
    expect(contradictions({ notes, approvedBy: [[bo, null]] })).toEqual(['approval_shown_after_its_end']);
    expect(told({ notes, approvedBy: [[bo, at('13:20:00')]] })).toEqual([
      '13 13:00:00–13:10:00 reset_on_push',
      '13 13:20:00–',
    ]);
    // Whose approval of before is still shown, was not the one.
    expect(told({ notes, approvedBy: [[bo, at('13:00:00')]] })).toEqual(['13 13:00:00–']);
  });

  test('and only those of code owners, ends theirs that are not shown any more', () => {
    const owned = {
      approvalState: read({ rulesOverwritten: false, rules: [rule({ type: 'code_owner', eligible: [bo.id] })] }),
    };
    const journal = [
      approvedLine(at('13:00:00')),
      approvedLine(at('13:05:00'), { userId: carl.id }),
      codeOwnerReset(at('13:10:00')),
    ];
    expect(told({ journal, approvedBy: [[carl, at('13:05:00')]], evidence: owned })).toEqual([
      '13 13:00:00–13:10:00 code_owner_reset',
      '14 13:05:00–',
    ]);
  });

  test('of code owners leaves one alone who is still shown, or owns no code', () => {
    const owned = {
      approvalState: read({ rulesOverwritten: false, rules: [rule({ type: 'code_owner', eligible: [bo.id] })] }),
    };
    const journal = [approvedLine(at('13:00:00')), codeOwnerReset(at('13:10:00'))];
    expect(told({ journal, approvedBy: [[bo, at('13:00:00')]], evidence: owned })).toEqual(['13 13:00:00–']);
    const byCarl = [approvedLine(at('13:00:00'), { userId: carl.id }), codeOwnerReset(at('13:10:00'))];
    expect(told({ journal: byCarl, evidence: owned })).toEqual(['14 13:00:00–? unknown']);
  });
});

describe('journal and listing contradict each other', () => {
  test('where an approval is missing afterwards, and nothing tells when it went', () => {
    const missing = { journal: [approvedLine(at('13:00:00'))] };
    expect(contradictions(missing)).toEqual(['approval_missing_afterwards']);
    expect(told(missing)).toEqual(['13 13:00:00–? unknown']);
  });

  test('where an approval is shown after its end', () => {
    const journal = [approvedLine(at('13:00:00')), withdrawn(at('13:10:00'))];
    expect(contradictions({ journal, approvedBy: [[bo, null]] })).toEqual(['approval_shown_after_its_end']);
    expect(contradictions({ journal, approvedBy: [[bo, at('13:00:00')]] })).toEqual(['approval_shown_after_its_end']);
  });

  test('where they give times that are more than a minute apart', () => {
    const journal = [approvedLine(at('13:00:00'))];
    expect(contradictions({ journal, approvedBy: [[bo, at('13:01:01')]] })).toEqual(['approval_times_differ']);
    expect(contradictions({ journal, approvedBy: [[bo, at('13:01:00')]] })).toEqual([]);
  });

  test.each([['12:58:59'], ['13:01:01']])(
    'there the listing counts, and the head that was heard does not: %s',
    (time) => {
      const differing = { journal: [approvedLine(at('13:00:00'))], approvedBy: [[bo, at(time)]] } as const;
      expect(historyOf(differing).intervals).toMatchObject([
        { start: at(time), origin: 'api_approved_at', headSha: null, stateAtStart: null, endCause: null },
      ]);
    },
  );

  test('but not where the listing shows a new approval whose hook was lost', () => {
    const journal = [approvedLine(at('13:00:00')), withdrawn(at('13:10:00'))];
    const again = { journal, approvedBy: [[bo, at('13:20:00')]] } as const;
    expect(contradictions(again)).toEqual([]);
    expect(told(again)).toEqual(['13 13:00:00–13:10:00 withdrawn', '13 13:20:00–']);
  });

  test('and not where the listing could not be read: then nothing is said of afterwards', () => {
    const unheard = { journal: [approvedLine(at('13:00:00'))], evidence: { approvals: unread('forbidden') } };
    expect(contradictions(unheard)).toEqual([]);
    expect(historyOf(unheard).intervals).toMatchObject([{ endCause: null, shownAfterwards: null }]);
  });
});

test('one whom the listing shows twice approved at the later time, in whatever order they stand there', () => {
  const twice = [
    [bo, at('13:00:00')],
    [bo, at('13:20:00')],
  ] as const;
  expect(told({ approvedBy: twice })).toEqual(['13 13:20:00–']);
  expect(told({ approvedBy: twice.toReversed() })).toEqual(['13 13:20:00–']);
});

test('ten thousand turns that hooks and notes tell of are told apart within seconds', () => {
  const times = Array.from({ length: 5000 }, (_, at) => new Date(Date.UTC(2026, 8, 21, 8, 0, at)).toISOString());
  const journal = times.map((time, at) =>
    at % 2 === 0 ? approvedLine(time, { userId: 100 + (at % 50) }) : { ...reset(time), headSha: `${at}` },
  );
  const notes = times.map((time, at) =>
    note(at % 2 === 0 ? approved : 'reset all approvals by pushing to the branch', bo, time, at),
  );
  const began = performance.now();
  historyOf({ journal, notes });
  expect(performance.now() - began).toBeLessThan(5000);
});

describe('an approval and its withdrawal in one second', () => {
  const both = [approvedLine(at('13:00:00')), withdrawn(at('13:00:00'))];

  test.each([
    ['approved first', both],
    ['withdrawn first', both.toReversed()],
  ])('stand as the listing shows them: %s', (_, journal) => {
    expect(contradictions({ journal, approvedBy: [[bo, at('13:00:00')]] })).toEqual([]);
    expect(told({ journal, approvedBy: [[bo, at('13:00:00')]] }).at(-1)).toBe('13 13:00:00–');
    expect(contradictions({ journal })).toEqual([]);
    expect(told({ journal })).toEqual(['13 13:00:00–13:00:00 withdrawn']);
  });
});

describe('an approval, a push that resets it and a new approval in one second', () => {
  const moment = at('13:00:00');
  const journal = [
    approvedLine(moment, { headSha: '1a2b' }),
    { ...line('update', moment, { userId: ana.id, headSha: '0000' }), oldRev: '1a2b' },
    { ...reset(moment), headSha: '0000' },
    approvedLine(moment, { headSha: '0000' }),
  ];
  const pushed = { versions: read([version(22, '1a2b', at('10:00:00')), version(23, '0000', moment)]) };

  test.each([
    ['as it happened', journal],
    ['backwards', journal.toReversed()],
    ['the new approval first', [journal[3]!, ...journal.slice(0, 3)]],
  ])('stand on the revision on which they were given: %s', (_, told) => {
    const { intervals, contradictions: doubts } = historyOf({
      journal: told,
      approvedBy: [[bo, moment]],
      evidence: pushed,
    });
    expect(intervals).toMatchObject([
      { headSha: '1a2b', endCause: 'reset_on_push' },
      { headSha: '0000', endCause: null },
    ]);
    expect(doubts).toEqual([]);
  });
});

test('a history does not depend on the order in which hooks came, or on how often', () => {
  const journal = [approvedLine(at('13:00:00')), withdrawn(at('13:10:00')), approvedLine(at('13:20:00'))];
  const approvedBy = [[bo, at('13:20:00')]] as const;
  expect(historyOf({ journal: [...journal, ...journal].toReversed(), approvedBy })).toEqual(
    historyOf({ journal, approvedBy }),
  );
});
