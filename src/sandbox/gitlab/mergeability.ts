import { summariseApprovals } from './approval-state.ts';
import { projectOf } from './find.ts';
import type { MergeRequest, Pipeline } from './model.ts';
import { isLicensed, type World } from './world.ts';

/** The newest pipeline of the newest commit. */
export function headPipeline(mr: MergeRequest): Pipeline | null {
  const sha = headSha(mr);
  return mr.pipelines.findLast((pipeline) => pipeline.sha === sha) ?? null;
}

export function headSha(mr: MergeRequest): string {
  return mr.versions.at(-1)?.headSha ?? '';
}

export function discussionsResolved(mr: MergeRequest): boolean {
  return mr.notes.every(({ resolvable, resolvedBy }) => !resolvable || resolvedBy !== null);
}

/** What `detailed_merge_status` says: `mergeable`, or the first thing in the way. */
export function mergeStatus(world: World, mr: MergeRequest): string {
  if (mr.state !== 'opened') return 'not_open';
  const project = projectOf(world, mr.projectId);
  const pipeline = headPipeline(mr);
  if (mr.draft) return 'draft_status';
  if (mr.hasConflicts) return 'conflict';
  if (project.discussionsMustBeResolved && !discussionsResolved(mr)) return 'discussions_not_resolved';
  if (project.pipelineMustSucceed && pipeline?.status === 'running') return 'ci_still_running';
  if (project.pipelineMustSucceed && pipeline?.status !== 'success') return 'ci_must_pass';
  if (!isLicensed(world)) return 'mergeable';
  if (mr.reviewers.some(({ state }) => state === 'requested_changes')) return 'requested_changes';
  return summariseApprovals(world, mr).approved ? 'mergeable' : 'not_approved';
}
