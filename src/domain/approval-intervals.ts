import type { Understood } from './review.ts';
import { approvalTurns, type Turn } from './approval-turns.ts';
import type { Approvals } from './evidence.ts';
import type { JournalLine } from './journal.ts';

export type ApprovalOrigin = 'hook_signed' | 'hook_token' | 'system_note' | 'api_approved_at' | 'api';
export type EndCause = 'withdrawn' | 'reset_on_push' | 'code_owner_reset' | 'unknown';

/** How long one approval stood. */
export interface ApprovalInterval {
  readonly userId: number;
  /** Null where only the listing after the merge shows it, without a time. */
  readonly start: string | null;
  readonly origin: ApprovalOrigin;
  /** Null where nothing tells on which revision it was given. */
  readonly headSha: string | null;
  /** What the merge request was when GitLab told of it: `opened` proves that it came before the merge. */
  readonly stateAtStart: string | null;
  /** Null while it stands, and where it is gone and nothing tells since when. */
  readonly end: string | null;
  readonly endCause: EndCause | null;
  readonly stateAtEnd: string | null;
  /** Whether the listing that was read after the merge shows it; null where it could not be read. */
  readonly shownAfterwards: boolean | null;
}

/** Where journal and listing do not tell the same story about one person's approval. */
export interface Contradiction {
  readonly code: 'approval_missing_afterwards' | 'approval_shown_after_its_end' | 'approval_times_differ';
  readonly userId: number;
}

export interface ApprovalHistory {
  readonly intervals: readonly ApprovalInterval[];
  readonly contradictions: readonly Contradiction[];
}

/**
 * Who approved from when until when, from journal, system notes and the listing that was read after the merge. GitLab
 * deletes withdrawn and reset approvals from the listing; the journal keeps them. Sorted by start, then by user.
 */
export function approvalHistory(
  evidence: Pick<Understood, 'approvals' | 'notes' | 'approvalState' | 'versions'>,
  journal: readonly JournalLine[],
  usernames: ReadonlyMap<string, number>,
): ApprovalHistory {
  const shown = evidence.approvals.ok ? shownTimes(evidence.approvals.value) : null;
  const turns = Map.groupBy(approvalTurns(evidence, journal, usernames), ({ userId }) => userId);
  const userIds = new Set([...turns.keys(), ...(shown?.keys() ?? [])]);

  const histories = [...userIds].map((userId) =>
    historyOf(
      userId,
      turns.get(userId) ?? [],
      shown === null ? null : { is: shown.has(userId), at: shown.get(userId) ?? null },
    ),
  );
  return {
    intervals: histories.flatMap(({ intervals }) => intervals).toSorted(byStartThenUser),
    contradictions: histories.flatMap(({ contradictions }) => contradictions).toSorted((a, b) => a.userId - b.userId),
  };
}

// Nobody stands in it twice; if somebody did, the last time would count, in whatever order they came.
function shownTimes({ approvedBy }: Approvals): Map<number, string | null> {
  const times = approvedBy.map(({ user, approvedAt }) => [user.id, approvedAt] as const);
  return new Map(times.toSorted(([, left], [, right]) => ((left ?? '') < (right ?? '') ? -1 : 1)));
}

interface Shown {
  readonly is: boolean;
  readonly at: string | null;
}

function historyOf(userId: number, turns: readonly Turn[], shown: Shown | null): ApprovalHistory {
  const intervals: ApprovalInterval[] = [];
  for (const turn of settleTies(turns, shown)) {
    const open = intervals.at(-1)?.endCause === null ? intervals.pop() : undefined;
    if (turn.kind === 'end') {
      if (open !== undefined) intervals.push({ ...open, end: turn.at, endCause: turn.cause, stateAtEnd: turn.state });
    } else if (open === undefined) {
      intervals.push(opened(userId, turn));
    } else if (turn.origin === 'system_note') {
      // A note adds nothing to an approval that is known to stand.
      intervals.push(open);
    } else {
      // Nobody can approve twice: between the two it must have ended, unheard.
      intervals.push({ ...open, end: turn.at, endCause: 'unknown', stateAtEnd: turn.state }, opened(userId, turn));
    }
  }
  return shown === null ? { intervals, contradictions: [] } : compare(userId, intervals, shown);
}

/** Holds what was pieced together against the listing, which knows the end of the story and not the way there. */
function compare(userId: number, intervals: readonly ApprovalInterval[], shown: Shown): ApprovalHistory {
  const closed = intervals.filter(({ endCause }) => endCause !== null);
  const last = intervals.at(-1);
  const open = last?.endCause === null ? last : undefined;

  if (!shown.is) {
    const marked = closed.map((interval) => ({ ...interval, shownAfterwards: false }));
    if (open === undefined) return { intervals: marked, contradictions: [] };
    const gone: ApprovalInterval = { ...open, endCause: 'unknown', shownAfterwards: false };
    return {
      intervals: [...marked, gone],
      contradictions: [{ code: 'approval_missing_afterwards', userId }],
    };
  }
  const differ = open?.start != null && shown.at !== null && farApart(shown.at, open.start);
  if (open !== undefined && !differ) {
    return { intervals: [...closed, { ...open, shownAfterwards: true }], contradictions: [] };
  }
  const listed: ApprovalInterval = {
    userId,
    start: shown.at,
    origin: shown.at === null ? 'api' : 'api_approved_at',
    headSha: null,
    stateAtStart: null,
    end: null,
    endCause: null,
    stateAtEnd: null,
    shownAfterwards: true,
  };
  if (differ) {
    // What stands is the approval that GitLab shows, with its time: what was heard of another, as its head, is not of it.
    return { intervals: [...closed, listed], contradictions: [{ code: 'approval_times_differ', userId }] };
  }
  const ended = last?.end ?? null;
  const again = ended === null || (shown.at !== null && Date.parse(shown.at) >= Date.parse(ended));
  return {
    intervals: [...closed, listed],
    contradictions: again ? [] : [{ code: 'approval_shown_after_its_end', userId }],
  };
}

// GitLab tells seconds. Where the last turns of one second disagree with the listing, the one that agrees was the last:
// so the order in which their deliveries came does not matter.
function settleTies(turns: readonly Turn[], shown: Shown | null): readonly Turn[] {
  const last = turns.at(-1);
  if (shown === null || last === undefined) return turns;
  const lastKind = shown.is ? 'start' : 'end';
  if (last.kind === lastKind) return turns;
  const settling = turns.findLast(({ kind, at }) => kind === lastKind && second(at) === second(last.at));
  return settling === undefined ? turns : [...turns.filter((turn) => turn !== settling), settling];
}

function second(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}

const farApartMs = 60_000;

function farApart(left: string, right: string): boolean {
  return Math.abs(Date.parse(left) - Date.parse(right)) > farApartMs;
}

function opened(userId: number, turn: Extract<Turn, { kind: 'start' }>): ApprovalInterval {
  return {
    userId,
    start: turn.at,
    origin: turn.origin,
    headSha: turn.headSha,
    stateAtStart: turn.state,
    end: null,
    endCause: null,
    stateAtEnd: null,
    shownAfterwards: null,
  };
}

function byStartThenUser(left: ApprovalInterval, right: ApprovalInterval): number {
  const start = ({ start: at }: ApprovalInterval): number => (at === null ? Infinity : Date.parse(at));
  const difference = start(left) - start(right);
  return difference === 0 || Number.isNaN(difference) ? left.userId - right.userId : difference;
}
