import { z } from 'zod';
import type * as evidence from '../../domain/evidence.ts';
import { Account, AccountOrNull } from './account.ts';
import {
  count,
  countOrNull,
  flagOrNull,
  id,
  idOrNull,
  text,
  textOrEmpty,
  textOrNull,
  time,
  timeOrNull,
} from './fields.ts';

const Pipeline = z
  .object({ id, status: text, sha: text, created_at: timeOrNull, updated_at: timeOrNull })
  .transform(({ created_at, updated_at, ...shown }): evidence.Pipeline => ({
    ...shown,
    createdAt: created_at,
    updatedAt: updated_at,
  }))
  .nullish();

// Plain titles; objects only where a listing was asked for details.
const LabelTitle = z.union([text, z.object({ name: text }).transform(({ name }) => name)]);

/** `GET /projects/:id/merge_requests/:iid` */
export const MergeRequest = z
  .object({
    id,
    iid: id,
    project_id: id,
    source_project_id: idOrNull,
    state: text,
    title: text,
    description: textOrEmpty,
    web_url: text,
    source_branch: text,
    target_branch: text,
    draft: flagOrNull,
    work_in_progress: flagOrNull,
    author: AccountOrNull,
    merge_user: AccountOrNull,
    merged_by: AccountOrNull,
    created_at: time,
    prepared_at: timeOrNull,
    merged_at: timeOrNull,
    sha: textOrNull,
    merge_commit_sha: textOrNull,
    squash_commit_sha: textOrNull,
    labels: z.array(LabelTitle),
    references: z.object({ full: textOrNull }).nullish(),
    blocking_discussions_resolved: flagOrNull,
    head_pipeline: Pipeline,
    pipeline: Pipeline,
    imported: flagOrNull,
  })
  .transform((shown): evidence.MergeRequest => ({
    id: shown.id,
    iid: shown.iid,
    projectId: shown.project_id,
    sourceProjectId: shown.source_project_id,
    state: shown.state,
    title: shown.title,
    description: shown.description,
    webUrl: shown.web_url,
    sourceBranch: shown.source_branch,
    targetBranch: shown.target_branch,
    draft: shown.draft ?? shown.work_in_progress ?? false,
    author: shown.author,
    // `merge_user` since 14.7; before that, and deprecated since, `merged_by`.
    mergeUser: shown.merge_user ?? shown.merged_by,
    createdAt: shown.created_at,
    preparedAt: shown.prepared_at,
    mergedAt: shown.merged_at,
    sha: shown.sha,
    mergeCommitSha: shown.merge_commit_sha,
    squashCommitSha: shown.squash_commit_sha,
    labels: shown.labels,
    reference: shown.references?.full ?? null,
    blockingDiscussionsResolved: shown.blocking_discussions_resolved,
    headPipeline: shown.head_pipeline ?? shown.pipeline ?? null,
    imported: shown.imported ?? false,
  }));

/** `GET …/approvals`: on Free without `approvals_required`; before 18.4–18.6 without `approved_at`. */
export const Approvals = z
  .object({
    approved: flagOrNull,
    approvals_required: countOrNull,
    approved_by: z.array(z.object({ user: Account, approved_at: timeOrNull })),
  })
  .transform((shown): evidence.Approvals => ({
    approved: shown.approved,
    approvalsRequired: shown.approvals_required,
    approvedBy: shown.approved_by.map(({ user, approved_at }) => ({ user, approvedAt: approved_at })),
  }));

const UserIds = z
  .array(z.object({ id }))
  .nullish()
  .transform((users) => (users ?? []).map((user) => user.id));

/** `GET …/approval_state`, Premium and above. */
export const ApprovalState = z
  .object({
    approval_rules_overwritten: flagOrNull,
    rules: z.array(
      z.object({
        id: idOrNull,
        name: text,
        rule_type: textOrEmpty,
        approvals_required: count,
        approved: flagOrNull,
        eligible_approvers: UserIds,
        approved_by: UserIds,
        overridden: flagOrNull,
        contains_hidden_groups: flagOrNull,
        source_rule: z.object({ approvals_required: countOrNull }).nullish(),
      }),
    ),
  })
  .transform((shown): evidence.ApprovalState => ({
    rulesOverwritten: shown.approval_rules_overwritten,
    rules: shown.rules.map((rule) => ({
      id: rule.id,
      name: rule.name,
      type: rule.rule_type,
      approvalsRequired: rule.approvals_required,
      approved: rule.approved,
      eligible: rule.eligible_approvers,
      approvedBy: rule.approved_by,
      overridden: rule.overridden,
      hiddenGroups: rule.contains_hidden_groups ?? false,
      sourceRequired: rule.source_rule?.approvals_required ?? null,
    })),
  }));

/** One element of `GET …/reviewers`; servers of the time before review states show none. */
export const Reviewer = z
  .object({ user: Account, state: textOrNull, created_at: timeOrNull })
  .transform(({ user, state, created_at }): evidence.Reviewer => ({
    user,
    state: state ?? 'unknown',
    askedAt: created_at,
  }));

/** One element of `GET …/resource_label_events`. */
export const LabelEvent = z
  .object({
    id,
    action: z.enum(['add', 'remove']),
    label: z.object({ id, name: text }).nullish(),
    user: AccountOrNull,
    created_at: time,
  })
  .transform(({ label, created_at, ...shown }): evidence.LabelEvent => ({
    ...shown,
    label: label ?? null,
    createdAt: created_at,
  }));

/** One element of `GET …/resource_state_events`; servers of the time before they told the source of a merge show none. */
export const StateEvent = z
  .object({
    id,
    state: text,
    user: AccountOrNull,
    created_at: time,
    source_commit: text.nullish(),
    source_merge_request_id: id.nullish(),
  })
  .transform(({ created_at, source_commit, source_merge_request_id, ...shown }): evidence.StateEvent => ({
    ...shown,
    createdAt: created_at,
    ...sourceOf(source_commit, source_merge_request_id),
  }));

function sourceOf(
  commit: string | null | undefined,
  mergeRequestId: number | null | undefined,
): Pick<evidence.StateEvent, 'source'> {
  if (typeof commit === 'string') return { source: { kind: 'commit', id: commit } };
  if (typeof mergeRequestId === 'number') return { source: { kind: 'merge_request', id: String(mergeRequestId) } };
  // Neither is said only by a server that shows both fields.
  return commit === null && mergeRequestId === null ? { source: null } : {};
}

/** `GET /projects/:id/approvals`, Premium and above. Some flags permit and some forbid: here all say what is allowed. */
export const ProjectSettings = z
  .object({
    merge_requests_author_approval: flagOrNull,
    merge_requests_disable_committers_approval: flagOrNull,
    reset_approvals_on_push: flagOrNull,
    disable_overriding_approvers_per_merge_request: flagOrNull,
  })
  .refine((shown) => Object.values(shown).some((value) => value !== null), 'none of the settings')
  .transform((shown): evidence.ProjectSettings => ({
    authorMayApprove: shown.merge_requests_author_approval,
    committersMayApprove: not(shown.merge_requests_disable_committers_approval),
    resetOnPush: shown.reset_approvals_on_push,
    rulesFixed: shown.disable_overriding_approvers_per_merge_request,
  }));

function not(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}
