import { fail, pass, tally, undetermined, type Check } from './check.ts';
import { all } from '../finding.ts';
import { approvalReasons, approversIn, exemption, notAfterMerge, obstacle, twoPersonControls } from './shared.ts';

/** RC-03: the author is not the only one who approved. */
export const notAuthorAlone: Check = {
  id: 'RC-03',
  name: 'Author did not approve alone',
  fields: [
    '/evidence/merge_request/value/author',
    '/arrival/event/author_id',
    '/evidence/approvals',
    '/journal/events',
  ],
  controls: twoPersonControls,
  reasons: {
    ...approvalReasons,
    author_did_not_approve: 'The author did not approve it.',
    author_not_counted: 'The author approved it; somebody else did too, and the author is not counted.',
    author_alone: 'The author is the only one who approved it.',
    author_unknown: 'The author’s account is gone from GitLab, and no hook of the merge request names it.',
  },
  judge(facts) {
    const settled = exemption(facts) ?? obstacle(facts);
    if (settled !== undefined) return settled;
    const { authorId } = facts;
    if (authorId === null) return undetermined('author_unknown');
    const approvers = approversIn(facts);
    const standing = tally(approvers, (one) => all(one.standing, notAfterMerge(one)));
    if (!standing.possible.includes(authorId)) return pass('author_did_not_approve');
    if (standing.certain.some((id) => id !== authorId)) return pass('author_not_counted', [authorId]);
    const open = !standing.certain.includes(authorId) || standing.possible.some((id) => id !== authorId);
    return open && standing.doubt !== undefined
      ? undetermined(standing.doubt, standing.possible)
      : fail('author_alone', [authorId]);
  },
};
