import type { Understood } from './review.ts';
import type { ApprovalOrigin, EndCause } from './approval-intervals.ts';
import { inOrder, timeOf, type JournalLine } from './journal.ts';
import { revisionsOf } from './revisions.ts';

/** One person's approval begins or ends. */
export type Turn = {
  readonly userId: number;
  readonly at: string;
  readonly state: string | null;
  /** Head of the branch when GitLab told of it; null where only a note did. */
  readonly headSha: string | null;
} & ({ readonly kind: 'start'; readonly origin: ApprovalOrigin } | { readonly kind: 'end'; readonly cause: EndCause });

type Sources = Pick<Understood, 'approvals' | 'notes' | 'approvalState' | 'versions'>;

/** Every turn that journal and system notes tell of, in order of happening; what both tell stands once. */
export function approvalTurns(
  evidence: Sources,
  journal: readonly JournalLine[],
  usernames: ReadonlyMap<string, number>,
): Turn[] {
  const told = fromJournal(evidence, inOrder(journal));
  const noted = fromNotes(evidence, told, usernames);
  const isHeard = among(told);
  const unheard = noted.filter((turn) => !isHeard(turn));
  const rank = rankOf(evidence);
  return [...told, ...unheard].toSorted(
    (left, right) =>
      Date.parse(left.at) - Date.parse(right.at) || rank(left) - rank(right) || left.userId - right.userId,
  );
}

// GitLab tells seconds. What happened in the same one is ordered by the revision on which it did, and there a reset,
// which the push of that revision brought, comes before whatever people did.
function rankOf({ versions }: Sources): (turn: Turn) => number {
  const revisions = revisionsOf(versions.ok ? versions.value : []);
  const places = new Map(revisions.map(({ headSha }, place) => [headSha, place]));
  return (turn) => {
    const isReset = turn.kind === 'end' && turn.cause !== 'withdrawn';
    return (places.get(turn.headSha ?? '') ?? -1) * 2 + (isReset ? 0 : 1);
  };
}

function fromJournal(evidence: Sources, journal: readonly JournalLine[]): Turn[] {
  const turns: Turn[] = [];
  const approvers = new Set<number>();
  const add = (turn: Turn): void => {
    approvers.add(turn.userId);
    turns.push(turn);
  };
  for (const line of journal) {
    const at = timeOf(line);
    const { state, userId, headSha } = line;
    if (line.action === 'approved' || line.action === 'approval') {
      const origin = line.authenticatedBy === 'signing_token' ? 'hook_signed' : 'hook_token';
      if (userId !== null) add({ kind: 'start', userId, at, state, origin, headSha });
    } else if (line.systemAction?.startsWith('code_owner_') === true && line.system) {
      // It does not say whose went: of the code owners, those that the listing no longer shows.
      for (const gone of [...approvers].filter((id) => mayOwnCode(evidence, id) && !isShown(evidence, id))) {
        add({ kind: 'end', userId: gone, at, state, headSha, cause: 'code_owner_reset' });
      }
    } else if (isReset(line)) {
      for (const gone of approvers) {
        add({ kind: 'end', userId: gone, at, state, headSha, cause: 'reset_on_push' });
      }
    } else if ((line.action === 'unapproved' || line.action === 'unapproval') && userId !== null) {
      add({ kind: 'end', userId, at, state, headSha, cause: 'withdrawn' });
    }
  }
  return turns;
}

// Source and documentation differ in the action that a reset has; both mark it as the system's own.
function isReset({ system, systemAction, action }: JournalLine): boolean {
  if (!system) return false;
  return systemAction === 'approvals_reset_on_push' || action === 'unapproved' || action === 'unapproval';
}

function mayOwnCode({ approvalState }: Sources, userId: number): boolean {
  if (!approvalState.ok) return true;
  return approvalState.value.rules.some((rule) => rule.type === 'code_owner' && rule.eligible.includes(userId));
}

function isShown({ approvals }: Sources, userId: number): boolean {
  return approvals.ok && approvals.value.approvedBy.some(({ user }) => user.id === userId);
}

function fromNotes(evidence: Sources, told: readonly Turn[], usernames: ReadonlyMap<string, number>): Turn[] {
  const { notes } = evidence;
  if (!notes.ok) return [];
  const turns: Turn[] = [];
  const noted = { state: null, headSha: null };
  const approvers = new Set(told.map(({ userId }) => userId));
  const add = (turn: Turn): void => {
    approvers.add(turn.userId);
    turns.push(turn);
  };
  const ordered = notes.value.system.toSorted(
    (left, right) => Date.parse(left.createdAt) - Date.parse(right.createdAt) || left.id - right.id,
  );
  for (const note of ordered) {
    const { meaning, createdAt: at } = note;
    const author = note.author?.id;
    if (meaning?.kind === 'approved' && author !== undefined) {
      add({ ...noted, kind: 'start', userId: author, at, origin: 'system_note' });
    } else if (meaning?.kind === 'unapproved' && author !== undefined) {
      add({ ...noted, kind: 'end', userId: author, at, cause: 'withdrawn' });
    } else if (meaning?.kind === 'reset') {
      const named = meaning.usernames.map((name) => usernames.get(name.toLowerCase()));
      // A name that nobody has any more may be that of anybody whose approval is not shown to have stayed.
      const others = named.includes(undefined) ? [...approvers].filter((id) => !hasStayed(evidence, id, at)) : [];
      const gone = named.length === 0 ? approvers : [...named.filter((id) => id !== undefined), ...others];
      for (const userId of new Set(gone)) add({ ...noted, kind: 'end', userId, at, cause: 'reset_on_push' });
    }
  }
  return turns;
}

function hasStayed({ approvals }: Sources, userId: number, moment: string): boolean {
  const shown = approvals.ok ? approvals.value.approvedBy.find(({ user }) => user.id === userId) : undefined;
  return shown?.approvedAt != null && Date.parse(shown.approvedAt) < Date.parse(moment);
}

// Hook and note of one turn carry the time of two clocks and two precisions.
const sameTurnMs = 5000;

/** Tells whether a turn is one of these. In windows as long as they may differ, the same turn lies next door at most. */
function among(turns: readonly Turn[]): (turn: Turn) => boolean {
  const windowOf = ({ userId, kind, at }: Turn, step = 0): string =>
    `${userId} ${kind} ${Math.floor(Date.parse(at) / sameTurnMs) + step}`;
  const windows = Map.groupBy(turns, (turn) => windowOf(turn));
  return (turn) =>
    [-1, 0, 1].some((step) => windows.get(windowOf(turn, step))?.some((one) => isClose(one, turn)) === true);
}

function isClose(left: Turn, right: Turn): boolean {
  return Math.abs(Date.parse(left.at) - Date.parse(right.at)) <= sameTurnMs;
}
