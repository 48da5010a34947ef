import type { Pipeline } from '../evidence.ts';
import { orderOf } from '../instant.ts';
import { fail, pass, undetermined, type Check, type Judgement } from './check.ts';
import { approvalReasons, reviewControls, revisionReasons } from './shared.ts';

/** RC-13: the pipeline of the merged revision had succeeded when it was merged. */
export const pipelineGreen: Check = {
  id: 'RC-13',
  name: 'Checks green on the merged revision',
  fields: [
    '/evidence/merge_request/value/head_pipeline',
    '/evidence/merge_request/value/merged_at',
    '/evidence/versions',
    '/arrival/event/head_sha',
  ],
  controls: reviewControls,
  reasons: {
    ...revisionReasons,
    pipeline_succeeded: 'The pipeline of the revision that was merged succeeded before the merge.',
    pipeline_not_successful: 'The pipeline of the revision that was merged failed, or was canceled or skipped.',
    pipeline_of_another_revision: 'The last pipeline ran for an earlier revision, not for the one that was merged.',
    pipeline_after_merge: 'The pipeline of the revision that was merged was started after the merge.',
    no_pipeline: 'No pipeline ran for it, or the token may not see pipelines.',
    pipeline_of_unknown_commit:
      'The last pipeline ran for a commit that is no revision of this merge request, as one that tests the merged result does. The pipeline’s page shows for what it ran.',
    pipeline_unfinished: 'The pipeline had not ended when it was read. The pipeline’s page shows how it ended.',
    pipeline_changed_after_merge:
      'The pipeline succeeded, and changed after the merge: it may have ended only then. The times of its jobs can tell.',
    pipeline_end_unknown: 'The pipeline succeeded, and GitLab does not show when. The times of its jobs can tell.',
    merge_time_unknown: approvalReasons.merge_time_unknown,
  },
  judge({ record, policy, finalRevision, mergedAt }) {
    const { mergeRequest, versions } = record.evidence;
    if (!mergeRequest.ok) return undetermined(`merge_request_${mergeRequest.code}`);
    const pipeline = mergeRequest.value.headPipeline;
    if (pipeline === null) return policy.pipelines === 'required' ? fail('no_pipeline') : undetermined('no_pipeline');
    if (!finalRevision.ok) return undetermined(finalRevision.code);
    if (pipeline.sha !== finalRevision.value.headSha) {
      // A pipeline of merged results runs for a commit that GitLab makes of the revision and the target branch.
      return versions.ok && versions.value.some(({ headSha }) => headSha === pipeline.sha)
        ? fail('pipeline_of_another_revision')
        : undetermined('pipeline_of_unknown_commit');
    }
    return judgeStatus(pipeline, mergedAt ?? '');
  },
};

function judgeStatus({ status, createdAt, updatedAt }: Pipeline, mergedAt: string): Judgement {
  if (status === 'failed' || status === 'canceled' || status === 'skipped') return fail('pipeline_not_successful');
  if (status !== 'success') return undetermined('pipeline_unfinished');
  if (createdAt !== null && orderOf(createdAt, mergedAt) === 'after') return fail('pipeline_after_merge');
  if (updatedAt === null) return undetermined('pipeline_end_unknown');
  // An auto-merge follows within a second, so that the same instant is no doubt here.
  return orderOf(updatedAt, mergedAt) === 'after'
    ? undetermined('pipeline_changed_after_merge')
    : pass('pipeline_succeeded');
}
