import type { Understood } from './review.ts';
import type { ApprovalOrigin, EndCause } from './approval-intervals.ts';
import { inOrder, timeOf, type JournalLine } from './journal.ts';

/** One person's approval begins or ends. */
export type Turn = { readonly userId: number; readonly at: string; readonly state: string | null } & (
  | { readonly kind: 'start'; readonly origin: ApprovalOrigin; readonly headSha: string | null }
  | { readonly kind: 'end'; readonly cause: EndCause }
);

type Sources = Pick<Understood, 'approvals' | 'notes' | 'approvalState'>;

/** Every turn that journal and system notes tell of, in order of happening; what both tell stands once. */
export function approvalTurns(
  evidence: Sources,
  journal: readonly JournalLine[],
  usernames: ReadonlyMap<string, number>,
): Turn[] {
  const told = fromJournal(evidence, inOrder(journal));
  const noted = fromNotes(evidence, told, usernames);
  const unheard = noted.filter((turn) => !told.some((heard) => isSame(heard, turn)));
  return [...told, ...unheard].toSorted(
    (left, right) => Date.parse(left.at) - Date.parse(right.at) || left.userId - right.userId,
  );
}

function fromJournal(evidence: Sources, journal: readonly JournalLine[]): Turn[] {
  const turns: Turn[] = [];
  const approvers = (): number[] => [...new Set(turns.map(({ userId }) => userId))];
  for (const line of journal) {
    const at = timeOf(line);
    const { state, userId } = line;
    if (line.action === 'approved' || line.action === 'approval') {
      const origin = line.authenticatedBy === 'signing_token' ? 'hook_signed' : 'hook_token';
      if (userId !== null) turns.push({ kind: 'start', userId, at, state, origin, headSha: line.headSha });
    } else if (line.systemAction?.startsWith('code_owner_') === true && line.system) {
      // It does not say whose went: of the code owners, those that the listing no longer shows.
      for (const gone of approvers().filter((id) => mayOwnCode(evidence, id) && !isShown(evidence, id))) {
        turns.push({ kind: 'end', userId: gone, at, state, cause: 'code_owner_reset' });
      }
    } else if (isReset(line)) {
      for (const gone of approvers()) turns.push({ kind: 'end', userId: gone, at, state, cause: 'reset_on_push' });
    } else if ((line.action === 'unapproved' || line.action === 'unapproval') && userId !== null) {
      turns.push({ kind: 'end', userId, at, state, cause: 'withdrawn' });
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
  const approvers = (): number[] => [...new Set([...told, ...turns].map(({ userId }) => userId))];
  const ordered = notes.value.system.toSorted(
    (left, right) => Date.parse(left.createdAt) - Date.parse(right.createdAt) || left.id - right.id,
  );
  for (const note of ordered) {
    const { meaning, createdAt: at } = note;
    const author = note.author?.id;
    if (meaning?.kind === 'approved' && author !== undefined) {
      turns.push({ kind: 'start', userId: author, at, state: null, origin: 'system_note', headSha: null });
    } else if (meaning?.kind === 'unapproved' && author !== undefined) {
      turns.push({ kind: 'end', userId: author, at, state: null, cause: 'withdrawn' });
    } else if (meaning?.kind === 'reset') {
      const named = meaning.usernames.map((name) => usernames.get(name.toLowerCase()));
      // A name that nobody has any more may be that of anybody whose approval is not shown to have stayed.
      const others = named.includes(undefined) ? approvers().filter((id) => !hasStayed(evidence, id, at)) : [];
      const gone = named.length === 0 ? approvers() : [...named.filter((id) => id !== undefined), ...others];
      for (const userId of new Set(gone)) turns.push({ kind: 'end', userId, at, state: null, cause: 'reset_on_push' });
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

function isSame(left: Turn, right: Turn): boolean {
  const close = Math.abs(Date.parse(left.at) - Date.parse(right.at)) <= sameTurnMs;
  return close && left.userId === right.userId && left.kind === right.kind;
}
