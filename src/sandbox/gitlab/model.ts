import type { Commit, Version } from './git-model.ts';

/** Free has neither approval rules nor group hooks; premium-old is a licensed server before `approved_at` and signatures. */
export const tiers = ['free', 'premium-old', 'premium'] as const;
export type Tier = (typeof tiers)[number];

export const roles = { guest: 10, reporter: 20, developer: 30, maintainer: 40, owner: 50 } as const;
export type Role = keyof typeof roles;

export const visibilities = { private: 0, internal: 10, public: 20 } as const;
export type Visibility = keyof typeof visibilities;

/** ISO 8601 with milliseconds, in UTC. */
export type Time = string;

export const userKinds = ['person', 'project_bot', 'group_bot', 'service_account', 'ghost'] as const;
export type UserKind = (typeof userKinds)[number];

export const userStates = ['active', 'blocked', 'deactivated', 'banned', 'ldap_blocked'] as const;

export interface User {
  readonly id: number;
  readonly username: string;
  name: string;
  readonly email: string;
  readonly otherEmails: EmailAddress[];
  /** Empty where the user shows none. */
  readonly publicEmail: string;
  state: (typeof userStates)[number];
  readonly admin: boolean;
  readonly kind: UserKind;
  readonly createdAt: Time;
}

export interface EmailAddress {
  readonly address: string;
  readonly confirmed: boolean;
}

export interface Token {
  readonly id: number;
  readonly name: string;
  readonly value: string;
  readonly userId: number;
  readonly scopes: readonly string[];
  readonly createdAt: Time;
  expiresAt: Time | null;
  revoked: boolean;
  lastUsedAt: Time | null;
}

/** What holds members: a group or a project. */
export interface Membership {
  readonly members: Map<number, number>;
}

export interface Group extends Membership {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly fullPath: string;
  readonly parentId: number | null;
  readonly visibility: Visibility;
  readonly createdAt: Time;
  /** Settings fixed here for everything below. */
  readonly lockedSettings: Partial<ApprovalSettings>;
}

export interface ApprovalSettings {
  authorMayApprove: boolean;
  committersMayApprove: boolean;
  resetOnPush: boolean;
  codeOwnersOnly: boolean;
  rulesFixed: boolean;
  reauthenticate: boolean;
}

export interface Project extends Membership {
  readonly id: number;
  name: string;
  path: string;
  fullPath: string;
  groupId: number;
  readonly forkedFromId: number | null;
  readonly description: string;
  readonly defaultBranch: string;
  readonly createdAt: Time;
  visibility: Visibility;
  archived: boolean;
  mergeMethod: 'merge' | 'rebase_merge' | 'ff';
  pipelineMustSucceed: boolean;
  discussionsMustBeResolved: boolean;
  /** References such as SEC-123 lead to another tracker. */
  externalTracker: boolean;
  readonly settings: ApprovalSettings;
  rules: ApprovalRule[];
  /** By iid. */
  readonly mergeRequests: Map<number, MergeRequest>;
  /** Grows for ever: the number of a merge request that was deleted is not given again. */
  lastIid: number;
  /** Every commit that can be asked for, by sha. */
  readonly commits: Map<string, Commit>;
  /** The newest commit of each branch that was merged into. */
  readonly branches: Map<string, string>;
}

export const ruleTypes = ['any_approver', 'regular', 'code_owner', 'report_approver'] as const;

export interface ApprovalRule {
  readonly id: number;
  readonly name: string;
  readonly type: (typeof ruleTypes)[number];
  readonly required: number;
  userIds: readonly number[];
  readonly groupIds: readonly number[];
  /** The project's rule that a merge request's own rule was copied from. */
  readonly sourceId: number | null;
}

export interface Label {
  readonly id: number;
  title: string;
  readonly color: string;
  readonly description: string | null;
  readonly groupId: number | null;
  readonly projectId: number | null;
  readonly createdAt: Time;
}

export const reviewStates = [
  'unreviewed',
  'review_started',
  'reviewed',
  'requested_changes',
  'approved',
  'unapproved',
] as const;
export type ReviewState = (typeof reviewStates)[number];

export interface Reviewer {
  readonly userId: number;
  readonly createdAt: Time;
  readonly state: ReviewState;
  readonly reRequested: boolean;
}

export const pipelineStatuses = ['success', 'failed', 'running', 'canceled'] as const;
export type PipelineStatus = (typeof pipelineStatuses)[number];

export interface Pipeline {
  readonly id: number;
  readonly iid: number;
  readonly sha: string;
  userId: number;
  readonly createdAt: Time;
  updatedAt: Time;
  status: PipelineStatus;
}

export interface Note {
  readonly id: number;
  /** Notes of one thread have it in common. */
  readonly discussionId: string;
  authorId: number;
  readonly body: string;
  readonly system: boolean;
  readonly at: Time;
  readonly resolvable: boolean;
  resolvedBy: number | null;
  resolvedAt: Time | null;
}

export interface LabelEvent {
  readonly id: number;
  userId: number;
  readonly at: Time;
  readonly labelId: number;
  readonly action: 'add' | 'remove';
}

/** What brought about a merge that nobody pressed the button for. */
export interface MergeSource {
  readonly commit?: string;
  readonly mergeRequestId?: number;
}

export interface StateEvent {
  readonly id: number;
  /** Null once the user is deleted. */
  userId: number | null;
  readonly at: Time;
  readonly state: 'opened' | 'closed' | 'reopened' | 'merged';
  readonly source: MergeSource;
}

export interface Approval {
  readonly userId: number;
  readonly at: Time;
  /** Of the diff that was approved. */
  readonly patchId: string;
}

export const stateIds = { opened: 1, closed: 2, merged: 3, locked: 4 } as const;
export type MergeRequestState = keyof typeof stateIds;

export interface MergeRequest {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  readonly sourceProjectId: number;
  readonly sourceBranch: string;
  readonly createdAt: Time;
  readonly imported: boolean;
  readonly squash: boolean;
  authorId: number;
  title: string;
  description: string;
  targetBranch: string;
  draft: boolean;
  state: MergeRequestState;
  assigneeIds: number[];
  reviewers: Reviewer[];
  labelIds: number[];
  updatedAt: Time;
  updatedById: number | null;
  editedAt: Time | null;
  editedById: number | null;
  closedAt: Time | null;
  closedById: number | null;
  mergedAt: Time | null;
  mergeUserId: number | null;
  mergeCommitSha: string | null;
  squashCommitSha: string | null;
  /** Who set it to merge by itself; null where nobody did. */
  armedById: number | null;
  hasConflicts: boolean;
  /** Where the target branch was when the source branch left it. */
  baseSha: string;
  approvals: Approval[];
  /** Whose push still has to take approvals away; null unless a reset is late. */
  resetDueFor: number | null;
  rules: ApprovalRule[];
  rulesOverwritten: boolean;
  readonly commits: Commit[];
  readonly versions: Version[];
  readonly pipelines: Pipeline[];
  readonly notes: Note[];
  readonly labelEvents: LabelEvent[];
  readonly stateEvents: StateEvent[];
}
