import type { ApprovalRule, ApprovalState } from '../evidence.ts';
import { fail, notApplicable, pass, undetermined, type Check } from './check.ts';
import { approvalReasons, reviewControls } from './shared.ts';

/** RC-09: nobody lowered the project's approval rules for this merge request. */
export const rulesNotWeakened: Check = {
  id: 'RC-09',
  name: 'Rules not weakened',
  fields: ['/evidence/approval_state', '/evidence/state_events'],
  controls: reviewControls,
  reasons: {
    carried_by_another_merge_request: approvalReasons.carried_by_another_merge_request,
    rules_as_in_project: 'The approval rules are those of the project.',
    rule_lowered: 'An approval rule was changed to ask for fewer approvals than the project’s rule.',
    rule_emptied: 'The approval rules were changed, and one asks for approvals that nobody can give.',
    override_effect_unknown:
      'The approval rules were changed, and a rule of the project may be gone. GitLab’s audit events can settle it.',
    override_flag_not_shown:
      'GitLab does not show whether the approval rules were changed. The merge request’s edit page shows them.',
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
    const overridden = isOverridden(approvalState.value);
    if (overridden === null) return undetermined('override_flag_not_shown');
    if (!overridden) return pass('rules_as_in_project');
    const { rules } = approvalState.value;
    if (rules.some(isLowered)) return fail('rule_lowered');
    return rules.some(isEmptied) ? fail('rule_emptied') : undetermined('override_effect_unknown');
  },
};

function isOverridden({ rulesOverwritten, rules }: ApprovalState): boolean | null {
  return rules.some(({ overridden }) => overridden === true) ? true : rulesOverwritten;
}

function isLowered({ approvalsRequired, sourceRequired }: ApprovalRule): boolean {
  return sourceRequired !== null && approvalsRequired < sourceRequired;
}

// A rule for any approver names nobody; one with hidden groups may name people whom the token cannot see.
function isEmptied({ type, approvalsRequired, eligible, hiddenGroups }: ApprovalRule): boolean {
  return type !== 'any_approver' && approvalsRequired > 0 && eligible.length === 0 && !hiddenGroups;
}
