import { all, no, yes, type Finding } from '../finding.ts';
import type { Approver } from '../approvers.ts';
import type { Facts } from '../facts.ts';
import { matchesAny } from '../pattern.ts';
import { isErased } from '../record-form.ts';
import { notApplicable, tally, undetermined, type ControlReference, type Judgement, type Tally } from './check.ts';

/** Controls that ask for the review of changes before they are released. */
export const reviewControls: readonly ControlReference[] = [
  { framework: 'SOC 2', control: 'CC8.1' },
  { framework: 'ISO 27001', control: 'A.8.25' },
  { framework: 'ISO 27001', control: 'A.8.32' },
  { framework: 'PCI DSS', control: '6.2.3' },
  { framework: 'NIST SSDF', control: 'PW.7' },
];

/** Controls that ask for the approval of a second person. */
export const twoPersonControls: readonly ControlReference[] = [
  ...reviewControls,
  { framework: 'PCI DSS', control: '6.5.1' },
  { framework: 'SLSA', control: 'Two-party review' },
];

/**
 * What keeps every check of approvals from judging this merge request by itself: its approvals could not be read, or
 * they were given on another one. Undefined where nothing does.
 */
export function obstacle(facts: Facts): Judgement | undefined {
  if (facts.landing.kind === 'carried') return undetermined('carried_by_another_merge_request');
  if (!facts.approvers.ok) return undetermined(facts.approvers.code);
  return undefined;
}

/** The approvers, where {@link obstacle} found nothing. */
export function approversIn(facts: Facts): readonly Approver[] {
  return facts.approvers.ok ? facts.approvers.value : [];
}

/** An approval that came after the merge is none; one of which that is not known, is left to the check that asks. */
export function notAfterMerge({ beforeMerge }: Approver): Finding {
  return beforeMerge.is === 'no' ? no('approved_after_merge') : yes;
}

/** Stands, was not late, and is independent: what the policy's number counts. */
export function counts(approver: Approver): Finding {
  return all(approver.standing, notAfterMerge(approver), approver.independent);
}

/**
 * Tallies a question about the approvals that count. Where enough of them count beyond doubt, only those can answer it
 * beyond doubt: so that no change passes because one approver satisfies one check and another the next.
 */
export function tallyCounted(
  counted: readonly Approver[],
  needed: number,
  isSure: (approver: Approver) => Finding,
  question: (approver: Approver) => Finding,
): Tally {
  const sure = counted.filter((approver) => isSure(approver).is === 'yes');
  return sure.length < needed
    ? tally(counted, question)
    : tally(counted, (approver) => all(question(approver), isSure(approver)));
}

/**
 * The judgement of a change that the policy lets a bot make alone; undefined where it does not, and where somebody else
 * had a hand in it: whoever pushes to a bot's branch makes a change of their own.
 */
export function exemption({ policy, authorId, accounts, contributors, record }: Facts): Judgement | undefined {
  const author = accounts.get(authorId ?? 0)?.username ?? '';
  const here = policy.exemptions.filter(({ projects }) => matchesAny(projects, record.arrival.event.project.path));
  if (here.length > 0 && isErased(author)) return undetermined('author_erased');
  const isExempt = here.some(({ bot }) => bot.toLowerCase() === author.toLowerCase());
  if (!isExempt || [...contributors.ids].some((id) => id !== authorId)) return undefined;
  const doubt = contributors.missing ?? (contributors.unmapped > 0 ? 'unmapped_commit_identity' : null);
  return doubt === null ? notApplicable('exempt_bot') : undetermined(doubt);
}

/** Reasons that any check of approvals may give. */
export const approvalReasons = {
  carried_by_another_merge_request:
    'Another merge request carried these commits to the target branch: judge the review of that one.',
  author_erased: 'The name of the author was erased, so it is not known whether the policy exempts it.',
  exempt_bot: 'The policy lets this bot change this project without human approval.',
  approval_missing_afterwards:
    'An approval that was given is not shown after the merge, and nothing tells when it went. GitLab’s audit events can settle it.',
  approval_shown_after_its_end:
    'GitLab shows an approval that journal or notes say had ended. GitLab’s audit events can settle it.',
  withdrawn_late: 'An approval was withdrawn, and nothing tells whether before or after the merge.',
  reset_late: 'An approval was reset, and nothing tells whether before or after the merge.',
  withdrawal_at_the_merge:
    'An approval ended within two seconds of the merge: clocks cannot order them. The hook of the withdrawal would.',
  merge_time_unknown: 'Nothing says when it was merged. Reading the merge request from GitLab would settle it.',
  approver_deleted: 'The account of an approver is gone from GitLab, so it is not known whether it was a person.',
  approver_not_read: 'The account of an approver was not read, so it is not known whether it is a person.',
  account_erased: 'The name of an approver was erased, and GitLab did not say whether it was a person.',
  account_state_not_shown: 'GitLab did not show whether the account of an approver is active.',
  account_not_active_now: 'An approver’s account is not active now; whether it was at the merge is not known.',
  unmapped_commit_identity:
    'A commit address belongs to no known user, so an approver may have written the code. Map it under identities.',
  no_commits_shown: 'GitLab showed no commits, so it is not known who wrote the code.',
} satisfies Readonly<Record<string, string>>;

/** Reasons why it is not known which revision was merged. */
export const revisionReasons = {
  no_revision_before_merge: 'GitLab shows no version of the diff from before the merge.',
  head_not_among_revisions: 'The head that was merged is not among the versions of the diff.',
  head_disagrees: 'The merge event and the versions of the diff do not agree on the head that was merged.',
  push_at_the_merge:
    'Code was pushed within two seconds of the merge: clocks cannot order them. The hook of the merge would.',
} satisfies Readonly<Record<string, string>>;
