import { accessLevel, projectOf } from '../find.ts';
import { webUrl } from '../hooks/payload.ts';
import { discussionsResolved, headPipeline, headSha, mergeStatus } from '../mergeability.ts';
import { roles, type MergeRequest, type User } from '../model.ts';
import { changedFiles } from '../revisions.ts';
import { hasSince, type World } from '../world.ts';
import { showLabel, showUserById, showUserOrNull } from './entities.ts';
import { showPipeline } from './git-entities.ts';

const mostCounted = 1000;

/** A merge request as listings show one. */
export function listMergeRequest(world: World, mr: MergeRequest, labelDetails: boolean) {
  const project = projectOf(world, mr.projectId);
  const labels = mr.labelIds
    .flatMap((id) => world.labels.get(id) ?? [])
    .toSorted((a, b) => (a.title < b.title ? -1 : 1));
  const mergedBy = showUserOrNull(world, mr.mergeUserId);
  const isMerged = mr.state === 'merged';
  return {
    id: mr.id,
    iid: mr.iid,
    project_id: mr.projectId,
    title: mr.title,
    description: mr.description,
    state: mr.state,
    created_at: mr.createdAt,
    updated_at: mr.updatedAt,
    merged_by: mergedBy,
    // Who merged, or who set it to merge by itself.
    merge_user: showUserOrNull(world, mr.mergeUserId ?? mr.armedById),
    merged_at: mr.mergedAt,
    ...(hasSince(world, '17.8') ? { merge_after: null } : {}),
    prepared_at: mr.createdAt,
    closed_by: showUserOrNull(world, mr.closedById),
    closed_at: mr.closedAt,
    target_branch: mr.targetBranch,
    source_branch: mr.sourceBranch,
    user_notes_count: mr.notes.filter(({ system }) => !system).length,
    upvotes: 0,
    downvotes: 0,
    author: showUserById(world, mr.authorId),
    assignees: mr.assigneeIds.map((id) => showUserById(world, id)),
    assignee: showUserOrNull(world, mr.assigneeIds[0] ?? null),
    // Here `state` is the account's; the review's stands at /reviewers.
    reviewers: mr.reviewers.map(({ userId }) => showUserById(world, userId)),
    source_project_id: mr.sourceProjectId,
    target_project_id: mr.projectId,
    labels: labelDetails ? labels.map(showLabel) : labels.map(({ title }) => title),
    draft: mr.draft,
    imported: mr.imported,
    imported_from: mr.imported ? 'gitlab_migration' : 'none',
    work_in_progress: mr.draft,
    milestone: null,
    merge_when_pipeline_succeeds: mr.armedById !== null && !isMerged,
    merge_status: mr.hasConflicts ? 'cannot_be_merged' : 'can_be_merged',
    detailed_merge_status: mergeStatus(world, mr),
    sha: world.switches.shaOfSquash === 'squash' ? (mr.squashCommitSha ?? headSha(mr)) : headSha(mr),
    merge_commit_sha: mr.mergeCommitSha,
    squash_commit_sha: mr.squashCommitSha,
    discussion_locked: null,
    should_remove_source_branch: isMerged ? true : null,
    force_remove_source_branch: true,
    reference: `!${mr.iid}`,
    references: { short: `!${mr.iid}`, relative: `!${mr.iid}`, full: `${project.fullPath}!${mr.iid}` },
    web_url: webUrl(world, mr),
    time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null },
    squash: mr.squash || mr.squashCommitSha !== null,
    squash_on_merge: mr.squash || mr.squashCommitSha !== null,
    task_completion_status: { count: 0, completed_count: 0 },
    has_conflicts: mr.hasConflicts,
    blocking_discussions_resolved: discussionsResolved(mr),
    approvals_before_merge: null,
  };
}

/** A merge request by itself: with its pipeline, its diff's corners and the count of its changes. */
export function showMergeRequest(world: World, mr: MergeRequest, viewer: User | null, labelDetails: boolean) {
  const project = projectOf(world, mr.projectId);
  const version = mr.versions.at(-1);
  const pipeline = headPipeline(mr);
  const files = changedFiles(mr.commits).length;
  const short = pipeline === null ? null : showPipeline(world, mr, project, pipeline);
  return {
    ...listMergeRequest(world, mr, labelDetails),
    subscribed: false,
    changes_count: files > mostCounted ? `${mostCounted}+` : String(files),
    latest_build_started_at: pipeline?.createdAt ?? null,
    latest_build_finished_at: pipeline === null || pipeline.status === 'running' ? null : pipeline.updatedAt,
    first_deployed_to_production_at: null,
    pipeline: short,
    head_pipeline:
      pipeline === null
        ? null
        : {
            ...short,
            before_sha: '0'.repeat(40),
            tag: false,
            yaml_errors: null,
            user: showUserById(world, pipeline.userId),
            started_at: pipeline.createdAt,
            finished_at: pipeline.status === 'running' ? null : pipeline.updatedAt,
            committed_at: null,
            duration: null,
            queued_duration: null,
            coverage: null,
          },
    diff_refs:
      version === undefined
        ? null
        : { base_sha: version.baseSha, head_sha: version.headSha, start_sha: version.baseSha },
    merge_error: null,
    first_contribution: false,
    user: { can_merge: accessLevel(world, viewer, project) >= roles.developer },
  };
}
