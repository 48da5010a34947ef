import type { ApprovalHistory, ApprovalInterval } from './approval-intervals.ts';
import { isContributor, type Contributors } from './contributors.ts';
import type { Account, Version } from './evidence.ts';
import { all, no, unknown, yes, type Finding, type Known } from './finding.ts';
import { orderOf } from './instant.ts';
import { kindOf, type PersonKind } from './people.ts';
import type { RecordInput } from './record.ts';
import { isErased } from './record-form.ts';
import { lastAt, revisionsOf, sameChange } from './revisions.ts';

/** A person who approved, and what their last approval is worth. Each question is answered by itself. */
export interface Approver {
  readonly userId: number;
  readonly kind: PersonKind | null;
  readonly interval: ApprovalInterval;
  /** Whether the approval had not been withdrawn or reset by the merge. */
  readonly standing: Finding;
  /** Whether it came before the merge. */
  readonly beforeMerge: Finding;
  /** Whether it was given for what was merged. */
  readonly finalRevision: Finding;
  readonly isHuman: Finding;
  readonly contributed: Finding;
  /** Human, active, and no contributor. */
  readonly independent: Finding;
}

interface AskedFacts {
  readonly record: RecordInput;
  readonly accounts: ReadonlyMap<number, Account>;
  readonly contributors: Contributors;
  readonly finalRevision: Known<Version>;
  readonly history: ApprovalHistory;
  readonly mergedAt: string | null;
}

interface ApproverFacts extends AskedFacts {
  readonly revisions: readonly Version[];
}

/** Everybody who ever approved, by id, each with the approval that counts most: the last one. */
export function approversOf(asked: AskedFacts): Approver[] {
  const { versions } = asked.record.evidence;
  const facts = { ...asked, revisions: revisionsOf(versions.ok ? versions.value : []) };
  const lastOfEach = new Map(facts.history.intervals.map((interval) => [interval.userId, interval]));
  return [...lastOfEach.values()]
    .toSorted((left, right) => left.userId - right.userId)
    .map((interval) => approverOf(facts, interval));
}

function approverOf(facts: ApproverFacts, interval: ApprovalInterval): Approver {
  const { userId } = interval;
  const { kind, isHuman, isActive } = personOf(facts, userId);
  const contributed = isContributor(userId, facts.contributors);
  return {
    userId,
    kind,
    interval,
    standing: standingOf(facts, interval),
    beforeMerge: beforeMergeOf(facts, interval),
    finalRevision: finalRevisionOf(facts, interval),
    isHuman,
    contributed,
    independent: all(isHuman, isActive, not(contributed, 'contributor')),
  };
}

function standingOf({ mergedAt, history }: ApproverFacts, interval: ApprovalInterval): Finding {
  const doubt = history.contradictions.find(
    ({ userId, code }) => userId === interval.userId && code !== 'approval_times_differ',
  );
  if (doubt !== undefined) return unknown(doubt.code);
  if (interval.endCause === null) return yes;
  const cause = interval.endCause === 'withdrawn' ? 'withdrawn' : 'reset';
  // What GitLab told while the merge request was open, happened before the merge, whatever the clocks say.
  if (interval.stateAtEnd === 'opened') return no(cause);
  if (interval.stateAtEnd === 'merged' || interval.end === null || mergedAt === null) return unknown(`${cause}_late`);
  const order = orderOf(interval.end, mergedAt);
  if (order === 'before') return no(cause);
  return order === 'after' ? yes : unknown('withdrawal_at_the_merge');
}

function beforeMergeOf({ mergedAt }: ApproverFacts, { start, stateAtStart }: ApprovalInterval): Finding {
  if (stateAtStart === 'opened') return yes;
  if (stateAtStart === 'merged') return no('approved_after_merge');
  if (start === null) return unknown('approval_time_unknown');
  if (mergedAt === null) return unknown('merge_time_unknown');
  const order = orderOf(start, mergedAt);
  if (order === 'same_instant') return unknown('approval_at_the_merge');
  return order === 'before' ? yes : no('approved_after_merge');
}

function finalRevisionOf({ revisions, finalRevision }: ApproverFacts, interval: ApprovalInterval): Finding {
  if (!finalRevision.ok) return unknown(finalRevision.code);
  const final = finalRevision.value;
  const approved = seenBy(interval, revisions);
  if (approved.length === 0) return unknown('approved_revision_unknown');
  const same = new Set(approved.map((revision) => sameChange(revision, final)));
  if (same.size > 1) return unknown('push_at_the_approval');
  if (same.has('yes')) return yes;
  return same.has('no') ? no('later_revision_not_approved') : unknown('patch_id_not_shown');
}

/** The revisions that may have been the one which an approval was given for. */
function seenBy({ headSha, start }: ApprovalInterval, revisions: readonly Version[]): readonly Version[] {
  const then = start === null ? [] : lastAt(revisions, start);
  if (headSha === null) return then;
  // A head has several where the target branch was changed, or a push was taken back: then the moment tells.
  const ofHead = revisions.filter((revision) => revision.headSha === headSha);
  const ofHeadThen = ofHead.filter((revision) => then.includes(revision));
  return ofHeadThen.length > 0 ? ofHeadThen : ofHead;
}

function personOf(
  { record, accounts }: ApproverFacts,
  userId: number,
): { kind: PersonKind | null; isHuman: Finding; isActive: Finding } {
  const shown = record.evidence.people.find(({ id }) => id === userId)?.details;
  const account = shown?.ok === true ? shown.value : accounts.get(userId);
  const byName = account === undefined ? null : kindOf({ username: account.username, bot: null });
  if (byName === 'ghost') return { kind: byName, isHuman: unknown('approver_deleted'), isActive: yes };
  if (byName !== null && byName !== 'human') return { kind: byName, isHuman: no(byName), isActive: yes };
  if (shown === undefined) return { kind: null, isHuman: unknown('approver_not_read'), isActive: yes };
  if (!shown.ok) {
    const why = shown.code === 'not_found' ? 'approver_deleted' : `approver_${shown.code}`;
    return { kind: null, isHuman: unknown(why), isActive: yes };
  }
  if (isErased(shown.value.username) && shown.value.bot === null) {
    return { kind: null, isHuman: unknown('account_erased'), isActive: yes };
  }
  const kind = kindOf(shown.value);
  return { kind, isHuman: kind === 'human' ? yes : no(kind), isActive: activityOf(record, shown.value) };
}

// The state is that of the reading. Right after the merge it is that of the merge; long after, it says nothing about it.
function activityOf({ arrival }: RecordInput, { state }: Account): Finding {
  if (state === undefined) return unknown('account_state_not_shown');
  if (state === 'active') return yes;
  return arrival.origin === 'webhook' ? no('account_not_active') : unknown('account_not_active_now');
}

function not(finding: Finding, why: string): Finding {
  if (finding.is === 'unknown') return finding;
  return finding.is === 'yes' ? no(why) : yes;
}
