import { notApplicable, pass, undetermined, type Check } from './check.ts';
import { approvalReasons, reviewControls } from './shared.ts';

/** RC-01: a scope label stood on the merge request at the merge. */
export const inScopeAtMerge: Check = {
  id: 'RC-01',
  name: 'In scope at merge',
  fields: ['/arrival/event/labels', '/evidence/label_events', '/evidence/merge_request/value/labels'],
  controls: reviewControls,
  reasons: {
    scope_label_at_merge: 'A label of the scope stood on it at the merge.',
    no_scope_label: 'No label of the scope stood on it at the merge.',
    labels_disagree:
      'The merge event and GitLab’s label history do not agree on the labels at the merge. Look at the history there.',
    label_at_the_merge: 'The label changed within two seconds of the merge: clocks cannot order them.',
    label_deleted: 'A label was deleted from GitLab since, so its history no longer says which one it was.',
    merge_time_unknown: approvalReasons.merge_time_unknown,
  },
  judge({ inScope }) {
    if (inScope.is === 'yes') return pass('scope_label_at_merge');
    return inScope.is === 'no' ? notApplicable(inScope.why) : undetermined(inScope.why);
  },
};
