import { fail, pass, undetermined, type Check } from './check.ts';
import { reviewControls } from './shared.ts';

/** RC-12: the commits reached the target branch through this merge request. */
export const landedThroughMergeRequest: Check = {
  id: 'RC-12',
  name: 'Landed through this merge request',
  fields: ['/evidence/state_events', '/evidence/notes', '/evidence/merge_request', '/arrival/event/previous_state'],
  controls: reviewControls,
  reasons: {
    merged_by_gitlab: 'GitLab merged it.',
    pushed_to_target: 'Its commits were pushed to the target branch past the merge request.',
    carried_by_another_merge_request:
      'Another merge request carried these commits to the target branch: judge the review of that one.',
    not_shown_as_merged: 'GitLab does not show it as merged.',
    landed_commit_not_shown: 'GitLab does not show which commit landed on the target branch.',
    open_until_merged:
      'It was open until it was merged, as after a push to the target branch, and this GitLab does not say what merged it.',
    merge_source_not_shown:
      'This GitLab does not say what merged it, and no hook told whether it was locked or open until then.',
    merge_not_among_state_events: 'The merge is not in GitLab’s history of states, and no hook told how it came about.',
  },
  judge({ landing }) {
    switch (landing.kind) {
      case 'merged':
        return pass('merged_by_gitlab');
      case 'pushed':
        return fail('pushed_to_target');
      case 'carried':
        return undetermined('carried_by_another_merge_request');
      case 'unknown':
        return undetermined(landing.why);
    }
  },
};
