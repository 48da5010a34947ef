import { all } from '../finding.ts';
import { fail, notApplicable, pass, tally, undetermined, type Check } from './check.ts';
import { approvalReasons, approversIn, notAfterMerge, obstacle, reviewControls } from './shared.ts';

/** RC-07: enough approvals still stood at the merge. */
export const noWithdrawnApproval: Check = {
  id: 'RC-07',
  name: 'No withdrawn approval relied on',
  fields: ['/evidence/approvals', '/evidence/notes', '/journal/events', '/history/approvals'],
  controls: reviewControls,
  reasons: {
    ...approvalReasons,
    approvals_stood: 'The approvals that count still stood at the merge.',
    only_withdrawn_approvals: 'Without approvals that had been withdrawn or reset, too few stood at the merge.',
    no_approval: 'No approval is there that could have been withdrawn.',
  },
  judge(facts) {
    const obstructed = obstacle(facts);
    if (obstructed !== undefined) return obstructed;
    // Withdrawals are deleted from the listing: without the notes a withdrawal may have gone unseen.
    const { notes } = facts.record.evidence;
    if (!notes.ok) return undetermined(`notes_${notes.code}`);
    const relied = approversIn(facts).filter((one) => all(one.independent, notAfterMerge(one)).is !== 'no');
    if (relied.length === 0) return notApplicable('no_approval');
    const { certain, possible, doubt } = tally(relied, ({ standing }) => standing);
    if (certain.length >= facts.policy.approvals) return pass('approvals_stood', certain);
    if (possible.length >= facts.policy.approvals && doubt !== undefined) return undetermined(doubt, possible);
    const ended = relied.filter(({ standing }) => standing.is === 'no').map(({ userId }) => userId);
    if (ended.length > 0) return fail('only_withdrawn_approvals', ended);
    return doubt === undefined ? pass('approvals_stood', certain) : undetermined(doubt, possible);
  },
};
