import { projectOf, userOf } from '../find.ts';
import { discussionsResolved, headPipeline, headSha, mergeStatus } from '../mergeability.ts';
import { stateIds, type ApprovalRule, type MergeRequest, type Time, type User } from '../model.ts';
import { hookTime, hookTimeOrNull } from '../times.ts';
import { hasSince, isLicensed, type World } from '../world.ts';
import { hookCommit, hookLabels, hookProject, hookRepository, hookReviewer, hookUser } from './parts.ts';

/** One thing that happened to a merge request. */
export interface MergeRequestEvent {
  /** A test has none. */
  readonly action?: string;
  readonly user: User;
  readonly at: Time;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly oldrev?: string;
  readonly systemAction?: string;
}

/** The payload of a merge request event, as project and group hooks send it. */
export function mergeRequestPayload(world: World, mr: MergeRequest, event: MergeRequestEvent) {
  const project = projectOf(world, mr.projectId);
  const labels = hookLabels(world, mr.labelIds);
  const assignees = mr.assigneeIds.map((id) => hookUser(world, userOf(world, id)));
  const reviewers = mr.reviewers.map((reviewer) => hookReviewer(world, reviewer));
  const omits = world.switches.reviewersFieldOmittedWhenEmpty;
  return {
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: hookUser(world, event.user),
    project: hookProject(world, project),
    object_attributes: { ...attributesOf(world, mr), labels, ...eventAttributes(world, event) },
    labels,
    changes: event.changes ?? {},
    repository: hookRepository(world, project),
    ...(omits && assignees.length === 0 ? {} : { assignees }),
    ...(omits && reviewers.length === 0 ? {} : { reviewers }),
  };
}

/** The same event as system hooks of this or of older servers send it. */
export function systemHookPayload(world: World, mr: MergeRequest, event: MergeRequestEvent) {
  const { systemHookHasAction, systemHookHasEventName, systemHookLabelsNull } = world.switches;
  const { action, ...rest } = event;
  const shown = systemHookHasAction && action !== undefined ? { ...rest, action } : rest;
  const payload = mergeRequestPayload(world, mr, shown);
  return {
    ...(systemHookHasEventName ? { event_name: 'merge_request' } : {}),
    ...payload,
    ...(systemHookLabelsNull
      ? { labels: null, object_attributes: { ...payload.object_attributes, labels: null } }
      : {}),
  };
}

function eventAttributes(world: World, { action, at, oldrev, systemAction }: MergeRequestEvent) {
  return {
    ...(action === undefined ? {} : { action }),
    ...(action !== undefined && hasSince(world, '18.10') ? { actioned_at: hookTime(at) } : {}),
    ...(oldrev === undefined ? {} : { oldrev }),
    system: systemAction !== undefined,
    ...(systemAction === undefined ? {} : { system_action: systemAction }),
  };
}

function attributesOf(world: World, mr: MergeRequest) {
  const head = mr.commits.find(({ sha }) => sha === headSha(mr)) ?? mr.commits.at(-1);
  const mergeable = mr.state !== 'closed' && !mr.hasConflicts;
  return {
    assignee_id: mr.assigneeIds[0] ?? null,
    author_id: mr.authorId,
    created_at: hookTime(mr.createdAt),
    description: absoluteImages(world, mr),
    draft: mr.draft,
    head_pipeline_id: headPipeline(mr)?.id ?? null,
    id: mr.id,
    iid: mr.iid,
    last_edited_at: hookTimeOrNull(mr.editedAt),
    last_edited_by_id: mr.editedById,
    merge_commit_sha: mr.mergeCommitSha,
    merge_error: null,
    merge_params: { force_remove_source_branch: world.switches.mergeParamsAs === 'text' ? '1' : true },
    merge_status: mergeable ? 'can_be_merged' : 'cannot_be_merged',
    merge_user_id: world.switches.mergeUserIdInPayload ? (mr.mergeUserId ?? mr.armedById) : null,
    merge_when_pipeline_succeeds: mr.armedById !== null,
    milestone_id: null,
    source_branch: mr.sourceBranch,
    source_project_id: mr.sourceProjectId,
    state_id: stateIds[mr.state],
    target_branch: mr.targetBranch,
    target_project_id: mr.projectId,
    time_estimate: 0,
    title: mr.title,
    updated_at: hookTime(mr.updatedAt),
    updated_by_id: mr.updatedById,
    prepared_at: hookTime(mr.createdAt),
    assignee_ids: mr.assigneeIds,
    blocking_discussions_resolved: discussionsResolved(mr),
    detailed_merge_status: mergeStatus(world, mr),
    first_contribution: false,
    human_time_change: null,
    human_time_estimate: null,
    human_total_time_spent: null,
    last_commit: head === undefined ? null : hookCommit(world, projectOf(world, mr.sourceProjectId), head),
    reviewer_ids: mr.reviewers.map(({ userId }) => userId),
    source: hookProject(world, projectOf(world, mr.sourceProjectId)),
    state: mr.state,
    target: hookProject(world, projectOf(world, mr.projectId)),
    time_change: 0,
    total_time_spent: 0,
    url: webUrl(world, mr),
    work_in_progress: mr.draft,
    ...(isLicensed(world) ? { approval_rules: mr.rules.map((rule) => rawRule(mr, rule)) } : {}),
  };
}

function rawRule(mr: MergeRequest, rule: ApprovalRule) {
  return {
    id: rule.id,
    name: rule.name,
    rule_type: rule.type,
    approvals_required: rule.required,
    report_type: null,
    section: null,
    modified_from_project_rule: mr.rulesOverwritten,
    applicable_post_merge: mr.state === 'merged' ? true : null,
    project_id: null,
  };
}

export function webUrl(world: World, mr: MergeRequest): string {
  return `${world.origin}/${projectOf(world, mr.projectId).fullPath}/-/merge_requests/${mr.iid}`;
}

// Payloads show pictures of the description with whole addresses.
function absoluteImages(world: World, mr: MergeRequest): string {
  const base = `${world.origin}/${projectOf(world, mr.projectId).fullPath}`;
  return mr.description.replaceAll(/(!\[[^\]]*\]\()(\/uploads\/[^)\s]*)/g, `$1${base}$2`);
}
