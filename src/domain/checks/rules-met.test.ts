import { expect, test } from 'vitest';
import type { ApprovalRule } from '../evidence.ts';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { bo } from '../fixtures/change.ts';
import { approvedLine, at, carl, carried, note, person, read, rule, unread } from '../fixtures/record.ts';
import { rulesMet } from './rules-met.ts';

const cases: readonly Case[] = [
  ['every rule has the approvals that it asks for', {}, 'pass rules_met'],
  ['there are no rules', { evidence: rules() }, 'pass rules_met'],
  [
    'a rule has fewer than it asks for, and GitLab says so',
    { evidence: rules(rule(), rule({ approvalsRequired: 2, approved: false })) },
    'fail rule_unmet',
  ],
  [
    'a rule with nobody eligible is approved by GitLab itself',
    { evidence: rules(rule({ eligible: [], approvedBy: [], approved: true })) },
    'fail auto_approved',
  ],
  [
    'one who approved twice is one',
    { evidence: rules(rule({ approvalsRequired: 2, approvedBy: [bo.id, bo.id], approved: false })) },
    'fail rule_unmet',
  ],
  [
    'one who approved after the merge is none',
    {
      approvedBy: [[bo, at('15:00:00')]],
      evidence: rules(rule({ approved: true })),
    },
    'fail auto_approved',
  ],
  [
    'a rule names groups that the token may not see',
    { evidence: rules(rule({ approvedBy: [], hiddenGroups: true })) },
    'undetermined rules_hidden',
  ],
  [
    'an eligible approver’s approval is gone afterwards, and nothing says since when',
    {
      approvedBy: [[carl, at('13:00:00')]],
      journal: [approvedLine(at('13:00:00'))],
      evidence: { ...rules(rule({ approvedBy: [] })), people: [person(bo), person(carl)] },
    },
    'undetermined approval_missing_afterwards',
  ],
  [
    'anybody’s approval would do, and one is gone afterwards, and nothing says since when',
    {
      approvedBy: [[carl, at('13:00:00')]],
      journal: [approvedLine(at('13:00:00'))],
      evidence: {
        ...rules(rule({ type: 'any_approver', eligible: [], approvedBy: [] })),
        people: [person(bo), person(carl)],
      },
    },
    'undetermined approval_missing_afterwards',
  ],
  [
    'an eligible approver’s approval went only after the merge, as a note tells',
    {
      approvedBy: [],
      notes: [
        note('approved this merge request', bo, at('13:00:00'), 1),
        note('unapproved this merge request', bo, at('14:20:00'), 2),
      ],
      evidence: rules(rule({ approvedBy: [], approved: false })),
    },
    'pass rules_met',
  ],
  [
    'the approval of one who is not eligible went only after the merge',
    {
      approvedBy: [],
      notes: [
        note('approved this merge request', bo, at('13:00:00'), 1),
        note('unapproved this merge request', bo, at('14:20:00'), 2),
      ],
      evidence: rules(rule({ eligible: [carl.id], approvedBy: [], approved: false })),
    },
    'fail rule_unmet',
  ],
  ['this GitLab has no rules', { evidence: { approvalState: unread('not_licensed') } }, 'not_applicable no_rules'],
  [
    'the rules could not be read',
    { evidence: { approvalState: unread('forbidden') } },
    'undetermined approval_state_forbidden',
  ],
  ['the approvals could not be read', { evidence: { approvals: unread('lost') } }, 'undetermined approvals_lost'],
  [
    'another merge request carried the commits',
    { evidence: { stateEvents: read([carried]) } },
    'undetermined carried_by_another_merge_request',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(rulesMet, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(rulesMet, cases)).toEqual([]);
});

function rules(...shown: readonly ApprovalRule[]) {
  return { approvalState: read({ rulesOverwritten: false, rules: shown }) };
}
