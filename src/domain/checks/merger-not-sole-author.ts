import { isContributor } from '../contributors.ts';
import type { Account } from '../evidence.ts';
import type { Facts } from '../facts.ts';
import { kindOf } from '../people.ts';
import { isErased } from '../record-form.ts';
import { fail, pass, undetermined, type Check, type Judgement } from './check.ts';
import { independentApproval } from './independent-approval.ts';
import { approvalReasons, twoPersonControls } from './shared.ts';

/** RC-11: whoever merged it did not decide alone about work of their own. */
export const mergerNotSoleAuthor: Check = {
  id: 'RC-11',
  name: 'Merger is not the sole author',
  fields: ['/evidence/merge_request/value/merge_user', ...independentApproval.fields],
  controls: twoPersonControls,
  reasons: {
    carried_by_another_merge_request: approvalReasons.carried_by_another_merge_request,
    merged_by_somebody_else: 'Whoever merged it had no hand in it.',
    merged_after_approval: 'Whoever merged it had a hand in it, after somebody who had none approved it.',
    merged_without_approval: 'Whoever merged it had a hand in it, and too few others approved it.',
    author_may_not_merge: 'Whoever merged it had a hand in it, which the policy does not allow.',
    approval_undetermined:
      'Whoever merged it had a hand in it, and RC-02 leaves open whether others approved it. What settles RC-02 settles this.',
    merged_by_bot: 'A bot merged it. Who told it to is not known; GitLab’s notes on auto-merge can tell.',
    merger_unknown: 'GitLab does not show who merged it. Its audit events can settle it.',
    merger_deleted: 'The account that merged is gone from GitLab. Its audit events can settle it.',
    merger_erased: 'The name of whoever merged it was erased, and GitLab did not say whether it was a person.',
    unmapped_commit_identity:
      'A commit address belongs to no known user, so whoever merged may have written the code. Map it under identities.',
    no_commits_shown: approvalReasons.no_commits_shown,
  },
  judge(facts) {
    if (facts.landing.kind === 'carried') return undetermined('carried_by_another_merge_request');
    const { mergeRequest } = facts.record.evidence;
    if (!mergeRequest.ok) return undetermined(`merge_request_${mergeRequest.code}`);
    const merger = mergeRequest.value.mergeUser;
    if (merger === null) return undetermined('merger_unknown');
    return notAPerson(facts, merger) ?? judgePerson(facts, merger.id);
  },
};

/** Undefined where nothing says that the merger is no person. */
function notAPerson({ record }: Facts, { id, username }: Account): Judgement | undefined {
  const shown = record.evidence.people.find((person) => person.id === id)?.details;
  const bot = shown?.ok === true ? shown.value.bot : null;
  const kind = kindOf({ username, bot });
  if (kind === 'ghost') return undetermined('merger_deleted', [id]);
  if (kind !== 'human') return undetermined('merged_by_bot', [id]);
  if (isErased(username) && bot === null) return undetermined('merger_erased', [id]);
  // Only accounts of approvers are asked for. Of any other merger the name alone has to tell.
  return shown?.ok === false ? undetermined(`merger_${shown.code}`, [id]) : undefined;
}

function judgePerson(facts: Facts, merger: number): Judgement {
  const contributed = isContributor(merger, facts.contributors);
  if (contributed.is === 'no') return pass('merged_by_somebody_else', [merger]);
  const approval = independentApproval.judge(facts).verdict;
  if (approval === 'pass' && facts.policy.authorMayMerge) return pass('merged_after_approval', [merger]);
  if (contributed.is === 'unknown') return undetermined(contributed.why, [merger]);
  if (!facts.policy.authorMayMerge) return fail('author_may_not_merge', [merger]);
  return approval === 'fail'
    ? fail('merged_without_approval', [merger])
    : undetermined('approval_undetermined', [merger]);
}
