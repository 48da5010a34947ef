import { all } from '../finding.ts';
import { fail, notApplicable, pass, undetermined, type Check } from './check.ts';
import { approvalReasons, approversIn, counts, obstacle, reviewControls, tallyCounted } from './shared.ts';

/** RC-05: the approvals that count were given before the merge. */
export const approvedBeforeMerge: Check = {
  id: 'RC-05',
  name: 'Approved before merge',
  fields: ['/evidence/merge_request/value/merged_at', '/evidence/approvals', '/evidence/notes', '/journal/events'],
  controls: reviewControls,
  reasons: {
    ...approvalReasons,
    approved_before_merge: 'The approvals that count came before the merge.',
    approved_after_merge: 'The approvals came after the merge.',
    no_approval: 'No approval is there that could count.',
    approval_time_unknown: 'Nothing says when it was approved: neither this GitLab nor a hook nor a note.',
    approval_at_the_merge:
      'It was approved within two seconds of the merge: clocks cannot order them. The hook of the approval would.',
  },
  judge(facts) {
    const obstructed = obstacle(facts);
    if (obstructed !== undefined) return obstructed;
    const counted = approversIn(facts).filter((one) => all(one.standing, one.independent).is !== 'no');
    if (counted.length === 0) return notApplicable('no_approval');
    const needed = Math.min(facts.policy.approvals, counted.length);
    const { certain, possible, doubt } = tallyCounted(
      counted,
      facts.policy.approvals,
      counts,
      ({ beforeMerge }) => beforeMerge,
    );
    if (certain.length >= needed) return pass('approved_before_merge', certain);
    if (possible.length >= needed && doubt !== undefined) return undetermined(doubt, possible);
    return fail(
      'approved_after_merge',
      counted.map(({ userId }) => userId),
    );
  },
};
