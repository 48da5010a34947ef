import { expect, test } from 'vitest';
import type { ApprovalRule } from '../evidence.ts';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { carried, read, rule, unread } from '../fixtures/record.ts';
import { rulesNotWeakened } from './rules-not-weakened.ts';

const cases: readonly Case[] = [
  ['nobody changed the rules', {}, 'pass rules_as_in_project'],
  [
    'a changed rule asks for less than the project’s',
    { evidence: state(true, rule(), rule({ approvalsRequired: 1, sourceRequired: 2 })) },
    'fail rule_lowered',
  ],
  [
    'a rule says that it was changed, though the summary does not',
    { evidence: state(false, rule({ overridden: true, approvalsRequired: 0, sourceRequired: 1 })) },
    'fail rule_lowered',
  ],
  [
    'a changed rule asks for approvals that nobody can give',
    { evidence: state(true, rule({ eligible: [] })) },
    'fail rule_emptied',
  ],
  [
    'a rule for any approver names nobody and asks for somebody',
    { evidence: state(true, rule({ type: 'any_approver', eligible: [] })) },
    'undetermined override_effect_unknown',
  ],
  [
    'a changed rule whose approvers the token may not see need not be empty',
    { evidence: state(true, rule({ eligible: [], hiddenGroups: true })) },
    'undetermined override_effect_unknown',
  ],
  [
    'a changed rule that asks for nothing needs nobody',
    { evidence: state(true, rule({ eligible: [], approvalsRequired: 0, sourceRequired: 0 })) },
    'undetermined override_effect_unknown',
  ],
  [
    'a changed rule asks for more than the project’s, and another may be gone',
    { evidence: state(true, rule({ approvalsRequired: 2, sourceRequired: 1 })) },
    'undetermined override_effect_unknown',
  ],
  [
    'GitLab does not show whether the rules were changed',
    { evidence: state(null, rule({ overridden: null })) },
    'undetermined override_flag_not_shown',
  ],
  ['this GitLab has no rules', { evidence: { approvalState: unread('not_licensed') } }, 'not_applicable no_rules'],
  [
    'the rules could not be read',
    { evidence: { approvalState: unread('forbidden') } },
    'undetermined approval_state_forbidden',
  ],
  [
    'another merge request carried the commits',
    { evidence: { stateEvents: read([carried]) } },
    'undetermined carried_by_another_merge_request',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(rulesNotWeakened, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(rulesNotWeakened, cases)).toEqual([]);
});

function state(rulesOverwritten: boolean | null, ...rules: readonly ApprovalRule[]) {
  return { approvalState: read({ rulesOverwritten, rules }) };
}
