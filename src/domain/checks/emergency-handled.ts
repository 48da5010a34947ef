import type { LateReview } from '../afterwards.ts';
import { isContributor } from '../contributors.ts';
import { deadlineOf, descriptionOf, isEmergency, reasonOf } from '../emergency.ts';
import type { Facts } from '../facts.ts';
import { no, unknown, yes, type Finding } from '../finding.ts';
import { isErased } from '../record-form.ts';
import { approvedBeforeMerge } from './approved-before-merge.ts';
import { fail, pass, undetermined, type Check, type Judgement } from './check.ts';
import { finalRevisionApproved } from './final-revision-approved.ts';
import { independentApproval } from './independent-approval.ts';
import { approvalReasons, reviewControls } from './shared.ts';

/** RC-16: an emergency gives its reason, and somebody independent reviewed it before the merge or soon after. */
export const emergencyHandled: Check = {
  id: 'RC-16',
  name: 'Emergency handled',
  fields: [
    '/arrival/event/labels',
    '/arrival/event/source_branch',
    '/evidence/merge_request/value/description',
    '/evidence/merge_request/value/merged_at',
    ...independentApproval.fields,
  ],
  controls: reviewControls,
  reasons: {
    not_an_emergency: 'It was no emergency.',
    reviewed_before_merge: 'It was an emergency, and was reviewed before the merge like any other change.',
    reviewed_in_time: 'It was an emergency, and somebody who had no hand in it reviewed it in time after the merge.',
    reason_missing: 'It was an emergency, and its description gives no reason.',
    reviewed_too_late: 'It was an emergency, and was reviewed only after the deadline.',
    deadline_passed: 'It was an emergency, and nobody who had no hand in it reviewed it until the deadline.',
    pending: 'It was an emergency; the deadline for its review has not passed. A review by somebody else settles it.',
    source_branch_erased: 'The name of its branch was erased, so it is not known whether it was an emergency.',
    description_erased:
      'It was an emergency, and its description was erased, so it is not known whether it gave a reason.',
    reviewer_not_read: 'The account of a reviewer was not read, so it is not known whether it is a person.',
    unmapped_commit_identity:
      'A commit address belongs to no known user, so whoever reviewed it afterwards may have written the code. Map it under identities.',
    no_commits_shown: approvalReasons.no_commits_shown,
    merge_time_unknown: approvalReasons.merge_time_unknown,
  },
  judge(facts) {
    const { record, policy, mergedAt } = facts;
    if (!isEmergency(record, policy)) {
      const isDoubtful = isErased(record.arrival.event.sourceBranch) && policy.emergency.sourceBranches.length > 0;
      return isDoubtful ? undetermined('source_branch_erased') : pass('not_an_emergency');
    }
    if (isErased(descriptionOf(record))) return undetermined('description_erased');
    if (reasonOf(record, policy) === null) return fail('reason_missing');
    const usual = [independentApproval, approvedBeforeMerge, finalRevisionApproved];
    if (usual.every((check) => check.judge(facts).verdict === 'pass')) return pass('reviewed_before_merge');
    return mergedAt === null
      ? undetermined('merge_time_unknown')
      : judgeAfterwards(facts, Date.parse(deadlineOf(mergedAt, policy)));
  },
};

function judgeAfterwards(facts: Facts, deadline: number): Judgement {
  const { reviews, asOf } = facts.afterwards;
  const found = reviews
    .map((review) => ({
      ...review,
      independent: isIndependent(facts, review),
      inTime: Date.parse(review.at) <= deadline,
    }))
    .filter(({ independent }) => independent.is !== 'no');
  const inTime = found.filter((review) => review.inTime);
  const sure = inTime.find(({ independent }) => independent.is === 'yes');
  if (sure !== undefined) return pass('reviewed_in_time', [sure.userId]);
  const [doubtful] = inTime;
  if (doubtful !== undefined) return undetermined(doubtful.independent.why, [doubtful.userId]);
  if (Date.parse(asOf) <= deadline) return undetermined('pending');
  const [late] = found;
  return late === undefined ? fail('deadline_passed') : fail('reviewed_too_late', [late.userId]);
}

function isIndependent({ contributors }: Facts, { userId, kind }: LateReview): Finding {
  if (kind !== null && kind !== 'human') return no(kind);
  const contributed = isContributor(userId, contributors);
  if (contributed.is === 'yes') return no('contributor');
  if (kind === null) return unknown('reviewer_not_read');
  return contributed.is === 'no' ? yes : contributed;
}
