import type { Approver } from '../approvers.ts';
import { all, no, type Finding } from '../finding.ts';
import { fail, notApplicable, pass, tally, undetermined, type Check } from './check.ts';
import { approvalReasons, approversIn, exemption, notAfterMerge, obstacle, twoPersonControls } from './shared.ts';

/** RC-04: enough of those who approved had no hand in the change. */
export const notContributorsAlone: Check = {
  id: 'RC-04',
  name: 'Contributor did not approve alone',
  fields: [
    '/evidence/approvals',
    '/evidence/commits',
    '/evidence/earlier_commits',
    '/evidence/identities',
    '/evidence/notes',
    '/journal/events',
  ],
  controls: twoPersonControls,
  reasons: {
    ...approvalReasons,
    approved_from_outside: 'Enough of those who approved it had no hand in it.',
    only_contributors_approved: 'Only people who had a hand in it approved it.',
    contributors_needed: 'Without those who had a hand in it, too few approved it.',
    too_few_approvals: 'Too few people approved it, and none of them had a hand in it.',
  },
  judge(facts) {
    const settled = exemption(facts) ?? obstacle(facts);
    if (settled !== undefined) return settled;
    const needed = facts.policy.approvals;
    const approvers = approversIn(facts).filter((one) => all(one.standing, notAfterMerge(one)).is !== 'no');
    const outside = tally(approvers, (one) => all(one.standing, fromOutside(one)));
    if (outside.certain.length >= needed) return pass('approved_from_outside', outside.certain);
    if (outside.possible.length >= needed && outside.doubt !== undefined) {
      return undetermined(outside.doubt, outside.possible);
    }
    const inside = approvers.filter(({ contributed }) => contributed.is === 'yes').map(({ userId }) => userId);
    if (inside.length === 0) return notApplicable('too_few_approvals');
    return fail(inside.length === approvers.length ? 'only_contributors_approved' : 'contributors_needed', inside);
  },
};

function fromOutside({ contributed }: Approver): Finding {
  if (contributed.is === 'unknown') return contributed;
  return contributed.is === 'yes' ? no('contributor') : { is: 'yes', why: contributed.why };
}
