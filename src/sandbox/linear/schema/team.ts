import { connection, page } from './paging.ts';

/** Teams and people. */
export const teamTypes = /* GraphQL */ `
type Team implements Node {
  activeCycle: Cycle
  aiDiscussionSummariesEnabled: Boolean!
  aiThreadSummariesEnabled: Boolean!
  allMembersCanJoin: Boolean
  archivedAt: DateTime
  autoArchivePeriod: Float!
  autoCloseChildIssues: Boolean
  autoCloseParentIssues: Boolean
  autoClosePeriod: Float
  autoCloseStateId: String
  color: String
  createdAt: DateTime!
  cycleCalenderUrl: String!
  cycleCooldownTime: Float!
  cycleDuration: Float!
  cycleIssueAutoAssignCompleted: Boolean!
  cycleIssueAutoAssignStarted: Boolean!
  cycleLockToActive: Boolean!
  cycleStartDay: Float!
  cyclesEnabled: Boolean!
  defaultIssueEstimate: Float!
  defaultIssueState: WorkflowState
  defaultProjectTemplate: Template
  defaultTemplateForMembers: Template
  defaultTemplateForMembersId: String @deprecated
  defaultTemplateForNonMembers: Template
  defaultTemplateForNonMembersId: String @deprecated
  description: String
  displayName: String!
  draftWorkflowState: WorkflowState @deprecated
  gitAutomationStates(${page}): GitAutomationStateConnection!
  groupIssueHistory: Boolean!
  icon: String
  id: ID!
  inheritIssueEstimation: Boolean!
  inheritWorkflowStatuses: Boolean!
  initiativesEnabled: Boolean!
  integrationsSettings: IntegrationsSettings
  inviteHash: String! @deprecated
  issueCount(includeArchived: Boolean = false): Int!
  issueEstimationAllowZero: Boolean!
  issueEstimationExtended: Boolean!
  issueEstimationType: String!
  issueOrderingNoPriorityFirst: Boolean! @deprecated
  issueSortOrderDefaultToBottom: Boolean! @deprecated
  issues(${page}, filter: IssueFilter, includeSubTeams: Boolean = false): IssueConnection!
  key: String!
  labels(${page}, filter: IssueLabelFilter): IssueLabelConnection!
  ledInitiativeCount: Int!
  markedAsDuplicateWorkflowState: WorkflowState @deprecated
  members(${page}, filter: UserFilter, includeDisabled: Boolean, sort: [UserSortInput!]): UserConnection!
  mergeWorkflowState: WorkflowState @deprecated
  mergeableWorkflowState: WorkflowState @deprecated
  name: String!
  organization: Organization!
  parent: Team
  private: Boolean! @deprecated
  requirePriorityToLeaveTriage: Boolean!
  retiredAt: DateTime
  reviewWorkflowState: WorkflowState @deprecated
  scimGroupName: String
  scimManaged: Boolean!
  securitySettings: JSONObject!
  setIssueSortOrderOnStateChange: String!
  slackIssueComments: Boolean! @deprecated
  slackIssueStatuses: Boolean! @deprecated
  slackNewIssue: Boolean! @deprecated
  startWorkflowState: WorkflowState @deprecated
  states(${page}, filter: WorkflowStateFilter): WorkflowStateConnection!
  timezone: String!
  triageEnabled: Boolean!
  triageIssueState: WorkflowState
  triageResponsibility: TriageResponsibility
  upcomingCycleCount: Float!
  updatedAt: DateTime!
  viewerCanJoin: Boolean!
  viewerCanLeave: Boolean!
  viewerMembership: TeamMembership
  visibility: TeamVisibility!
}

enum TeamVisibility {
  private
  public
  restricted
}

type GitAutomationState implements Node {
  archivedAt: DateTime
  branchPattern: String @deprecated
  createdAt: DateTime!
  event: GitAutomationStates!
  id: ID!
  state: WorkflowState
  targetBranch: GitAutomationTargetBranch
  team: Team!
  updatedAt: DateTime!
}

type GitAutomationTargetBranch implements Node {
  archivedAt: DateTime
  automationStates(${page}): GitAutomationStateConnection!
  branchPattern: String!
  createdAt: DateTime!
  id: ID!
  isRegex: Boolean!
  team: Team!
  updatedAt: DateTime!
}

enum GitAutomationStates {
  draft
  merge
  mergeable
  review
  start
}

type User implements Node {
  active: Boolean!
  admin: Boolean!
  app: Boolean!
  archivedAt: DateTime
  assignedIssues(${page}, filter: IssueFilter): IssueConnection!
  avatarBackgroundColor: String!
  avatarUrl: String
  calendarHash: String
  canAccessAnyPublicTeam: Boolean!
  createdAt: DateTime!
  createdIssueCount: Int!
  createdIssues(${page}, filter: IssueFilter): IssueConnection!
  delegatedIssues(${page}, filter: IssueFilter): IssueConnection!
  description: String
  disableReason: String
  displayName: String!
  email: String!
  gitHubUserId: String
  guest: Boolean!
  id: ID!
  initials: String!
  inviteHash: String! @deprecated
  isAssignable: Boolean!
  isMe: Boolean!
  isMentionable: Boolean!
  lastSeen: DateTime
  name: String!
  organization: Organization!
  owner: Boolean!
  statusEmoji: String
  statusLabel: String
  statusUntilAt: DateTime
  supportsAgentSessions: Boolean!
  teams(${page}, filter: TeamFilter): TeamConnection!
  timezone: String
  title: String
  updatedAt: DateTime!
  url: String!
}

${connection('Team')}
${connection('User')}
${connection('GitAutomationState')}
`;
