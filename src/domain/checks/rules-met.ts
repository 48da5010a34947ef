import type { ApprovalRule } from '../evidence.ts';
import type { Facts } from '../facts.ts';
import { all } from '../finding.ts';
import { fail, notApplicable, pass, undetermined, type Check } from './check.ts';
import { approvalReasons, approversIn, obstacle, reviewControls } from './shared.ts';

/** RC-08: every approval rule has the approvals it asks for, counted and not believed. */
export const rulesMet: Check = {
  id: 'RC-08',
  name: 'Rules truly met',
  fields: ['/evidence/approval_state', '/evidence/approvals', '/journal/events'],
  controls: reviewControls,
  reasons: {
    ...approvalReasons,
    rules_met: 'Every approval rule has as many approvals as it asks for.',
    rule_unmet: 'An approval rule has fewer approvals than it asks for.',
    auto_approved: 'GitLab counts a rule as approved that has fewer approvals than it asks for.',
    rules_hidden: 'An approval rule names groups that the token may not see, so its approvers are not all known.',
    no_rules: 'This GitLab has no approval rules: they come with Premium.',
  },
  judge(facts) {
    if (facts.landing.kind === 'carried') return undetermined('carried_by_another_merge_request');
    const { approvalState } = facts.record.evidence;
    if (!approvalState.ok) {
      return approvalState.code === 'not_licensed'
        ? notApplicable('no_rules')
        : undetermined(`approval_state_${approvalState.code}`);
    }
    const obstructed = obstacle(facts);
    if (obstructed !== undefined) return obstructed;

    const short = approvalState.value.rules.filter((rule) => approvedInTime(facts, rule) < rule.approvalsRequired);
    const doubts = short.map((rule) => doubtOf(facts, rule));
    const unmet = short.find((_, index) => doubts[index] === undefined);
    if (unmet !== undefined) return fail(unmet.approved === true ? 'auto_approved' : 'rule_unmet', unmet.approvedBy);
    const doubt = doubts.find((one) => one !== undefined);
    return doubt === undefined ? pass('rules_met') : undetermined(doubt);
  },
};

// Rules are shown as they were after the merge: with whoever approved only then, on servers that let them, and without
// those whose approval went only then.
function approvedInTime(facts: Facts, rule: ApprovalRule): number {
  const approvers = approversIn(facts);
  const late = approvers.filter(({ beforeMerge }) => beforeMerge.is === 'no');
  const gone = approvers.filter(
    ({ userId, standing, beforeMerge, interval }) =>
      all(standing, beforeMerge).is === 'yes' && interval.shownAfterwards === false && mayMeet(rule, userId),
  );
  const ids = [...rule.approvedBy, ...gone.map(({ userId }) => userId)];
  return new Set(ids.filter((id) => late.every(({ userId }) => userId !== id))).size;
}

function doubtOf(facts: Facts, rule: ApprovalRule): string | undefined {
  if (rule.hiddenGroups) return 'rules_hidden';
  const missing = approversIn(facts).find(
    ({ userId, standing, interval }) =>
      standing.is === 'unknown' && interval.shownAfterwards === false && mayMeet(rule, userId),
  );
  return missing?.standing.why;
}

// A rule for any approver names nobody.
function mayMeet({ type, eligible }: ApprovalRule, userId: number): boolean {
  return type === 'any_approver' || eligible.includes(userId);
}
