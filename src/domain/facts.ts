import { accountsOf, idsByUsername } from './accounts.ts';
import type { Afterwards } from './afterwards.ts';
import { approvalHistory, type ApprovalHistory } from './approval-intervals.ts';
import { approversOf, type Approver } from './approvers.ts';
import { authorIdOf, contributorsOf, type Contributors } from './contributors.ts';
import type { Account, Version } from './evidence.ts';
import type { Finding, Known } from './finding.ts';
import { finalRevisionOf } from './final-revision.ts';
import { landingOf, type Landing } from './landing.ts';
import type { Policy } from './policy.ts';
import type { RecordInput } from './record.ts';
import { scopeAtMerge } from './scope-at-merge.ts';

/** What the checks ask about: worked out once from a record under a policy, the same for every run. */
export interface Facts {
  readonly record: RecordInput;
  readonly policy: Policy;
  /** *Tm*; null where nothing says when it was merged. */
  readonly mergedAt: string | null;
  readonly authorId: number | null;
  readonly accounts: ReadonlyMap<number, Account>;
  readonly contributors: Contributors;
  /** *R*, the revision that was merged. */
  readonly finalRevision: Known<Version>;
  readonly history: ApprovalHistory;
  /** Everybody whose approval may have counted, once each; unknown where approvals could not be read. */
  readonly approvers: Known<readonly Approver[]>;
  readonly inScope: Finding;
  readonly landing: Landing;
  readonly afterwards: Afterwards;
}

/** Works out what a record says about the review, by the definitions of the policy. No clock, no network. */
export function factsOf(record: RecordInput, policy: Policy, afterwards: Afterwards): Facts {
  const { evidence, arrival } = record;
  const mergedAt = mergedAtOf(record);
  const accounts = accountsOf(evidence, arrival);
  const contributors = contributorsOf(record, policy);
  const finalRevision = revisionAt(record, mergedAt);
  const history = approvalHistory(evidence, record.journal, idsByUsername(accounts));
  return {
    record,
    policy,
    mergedAt,
    authorId: authorIdOf(record),
    accounts,
    contributors,
    finalRevision,
    history,
    approvers: evidence.approvals.ok
      ? { ok: true, value: approversOf({ record, accounts, contributors, finalRevision, history, mergedAt }) }
      : { ok: false, code: `approvals_${evidence.approvals.code}` },
    inScope: scopeAtMerge(record, policy, mergedAt),
    landing: landingOf(record),
    afterwards,
  };
}

/** When it was merged: as GitLab shows it, or failing that as the hook of the merge told; null where neither does. */
export function mergedAtOf({ evidence, arrival }: Pick<RecordInput, 'evidence' | 'arrival'>): string | null {
  const shown = evidence.mergeRequest.ok ? evidence.mergeRequest.value.mergedAt : null;
  if (shown !== null || arrival.event.action !== 'merge') return shown;
  return arrival.event.actionedAt ?? arrival.event.updatedAt;
}

function revisionAt({ evidence, arrival }: RecordInput, mergedAt: string | null): Known<Version> {
  if (!evidence.versions.ok) return { ok: false, code: `versions_${evidence.versions.code}` };
  if (mergedAt === null) return { ok: false, code: 'merge_time_unknown' };
  const headAtMerge = arrival.event.action === 'merge' ? arrival.event.headSha : null;
  return finalRevisionOf({ versions: evidence.versions.value, mergedAt, headAtMerge });
}
