import { all } from '../finding.ts';
import { fail, notApplicable, pass, undetermined, type Check } from './check.ts';
import {
  approvalReasons,
  approversIn,
  counts,
  obstacle,
  revisionReasons,
  tallyCounted,
  twoPersonControls,
} from './shared.ts';

/** RC-06: what was approved is what was merged: the same commit, or the same patch after a clean rebase. */
export const finalRevisionApproved: Check = {
  id: 'RC-06',
  name: 'Final revision approved',
  fields: [
    '/evidence/versions',
    '/arrival/event/head_sha',
    '/evidence/approvals',
    '/evidence/notes',
    '/journal/events',
  ],
  controls: twoPersonControls,
  reasons: {
    ...approvalReasons,
    ...revisionReasons,
    final_revision_approved: 'The revision that was merged is the one that was approved, or the same patch rebased.',
    later_revision_not_approved: 'Code was pushed after the approvals, and nobody who counts approved it afterwards.',
    no_approval: 'No approval is there that could count.',
    push_at_the_approval:
      'Code was pushed within two seconds of an approval: clocks cannot order them. The hook of the approval would.',
    approved_revision_unknown: 'Nothing says which revision was approved: no hook, and no time of the approval.',
    patch_id_not_shown: 'Code was pushed after the approval, and GitLab does not show whether it is the same patch.',
  },
  judge(facts) {
    const obstructed = obstacle(facts);
    if (obstructed !== undefined) return obstructed;
    const counted = approversIn(facts).filter((one) => counts(one).is !== 'no');
    if (counted.length === 0) return notApplicable('no_approval');
    const needed = Math.min(facts.policy.approvals, counted.length);
    const { certain, possible, doubt } = tallyCounted(
      counted,
      facts.policy.approvals,
      (one) => all(counts(one), one.beforeMerge),
      ({ finalRevision }) => finalRevision,
    );
    if (certain.length >= needed) return pass('final_revision_approved', certain);
    if (possible.length >= needed && doubt !== undefined) return undetermined(doubt, possible);
    return fail(
      'later_revision_not_approved',
      counted.map(({ userId }) => userId),
    );
  },
};
