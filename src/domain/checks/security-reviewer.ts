import type { Approver } from '../approvers.ts';
import type { Facts } from '../facts.ts';
import { all, no, unknown, yes, type Finding } from '../finding.ts';
import { isErased } from '../record-form.ts';
import { fail, notApplicable, pass, tally, undetermined, type Check } from './check.ts';
import { approvalReasons, approversIn, counts, exemption, obstacle, twoPersonControls } from './shared.ts';

/** RC-10: one of those whose approval counts is a security reviewer. */
export const securityReviewerApproved: Check = {
  id: 'RC-10',
  name: 'Security reviewer took part',
  fields: [
    '/evidence/security_reviewers',
    '/evidence/approvals',
    '/evidence/commits',
    '/evidence/earlier_commits',
    '/evidence/identities',
    '/evidence/people',
    '/evidence/notes',
    '/journal/events',
  ],
  controls: twoPersonControls,
  reasons: {
    ...approvalReasons,
    security_reviewer_approved: 'A security reviewer who had no hand in it approved it.',
    no_security_reviewer: 'No security reviewer who had no hand in it approved it.',
    none_configured: 'The policy names no security reviewers.',
    security_reviewers_not_read:
      'The members of the group of security reviewers were not read when it was captured: the policy named it later.',
    reviewer_name_unknown:
      'The name of an approver was erased or never shown, so it is not known whether it is a security reviewer.',
  },
  judge(facts) {
    const { group, usernames } = facts.policy.securityReviewers;
    if (group === null && usernames.length === 0) return notApplicable('none_configured');
    const settled = exemption(facts) ?? obstacle(facts);
    if (settled !== undefined) return settled;
    const { certain, possible, doubt } = tally(approversIn(facts), (one) =>
      all(counts(one), isSecurityReviewer(facts, one)),
    );
    if (certain.length > 0) return pass('security_reviewer_approved', certain);
    return doubt === undefined ? fail('no_security_reviewer') : undetermined(doubt, possible);
  },
};

function isSecurityReviewer({ policy, record, accounts }: Facts, { userId }: Approver): Finding {
  const { group, usernames } = policy.securityReviewers;
  const members = record.evidence.securityReviewers;
  const username = accounts.get(userId)?.username.toLowerCase();
  if (usernames.some((name) => name.toLowerCase() === username)) return yes;
  if (group !== null) {
    if (members === null) return unknown('security_reviewers_not_read');
    if (!members.ok) return unknown(`security_reviewers_${members.code}`);
    if (members.value.includes(userId)) return yes;
  }
  const isNamed = username !== undefined && !isErased(username);
  return isNamed || usernames.length === 0 ? no('no_security_reviewer') : unknown('reviewer_name_unknown');
}
