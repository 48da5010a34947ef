import { fail, pass, tally, undetermined, type Check } from './check.ts';
import { approvalReasons, approversIn, counts, exemption, obstacle, twoPersonControls } from './shared.ts';

/** RC-02: enough people approved who had no hand in the change. */
export const independentApproval: Check = {
  id: 'RC-02',
  name: 'Independent approval',
  fields: [
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
    independently_approved: 'Enough people approved who had no hand in it.',
    nobody_approved: 'Nobody approved it.',
    too_few_independent_approvals: 'Fewer people approved who had no hand in it than the policy asks for.',
  },
  judge(facts) {
    const settled = exemption(facts) ?? obstacle(facts);
    if (settled !== undefined) return settled;
    const approvers = approversIn(facts);
    const { certain, possible, doubt } = tally(approvers, counts);
    if (certain.length >= facts.policy.approvals) return pass('independently_approved', certain);
    if (possible.length >= facts.policy.approvals && doubt !== undefined) return undetermined(doubt, possible);
    return approvers.length === 0
      ? fail('nobody_approved')
      : fail(
          'too_few_independent_approvals',
          approvers.map(({ userId }) => userId),
        );
  },
};
