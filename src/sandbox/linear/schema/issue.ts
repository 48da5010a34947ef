import { connection, page, plainPage } from './paging.ts';

const fields = /* GraphQL */ `
  addedToCycleAt: DateTime
  addedToProjectAt: DateTime
  addedToTeamAt: DateTime
  archivedAt: DateTime
  asksExternalUserRequester: ExternalUser
  asksRequester: User
  assignee: User
  attachments(${page}, filter: AttachmentFilter): AttachmentConnection!
  autoArchivedAt: DateTime
  autoClosedAt: DateTime
  boardOrder: Float! @deprecated
  botActor: ActorBot
  branchName: String!
  canceledAt: DateTime
  children(${page}, filter: IssueFilter): IssueConnection!
  comments(${page}, filter: CommentFilter): CommentConnection!
  completedAt: DateTime
  createdAt: DateTime!
  creator: User
  customerTicketCount: Int!
  cycle: Cycle
  delegate: User
  description: String
  dueDate: TimelessDate
  estimate: Float
  externalUserCreator: ExternalUser
  favorite: Favorite
  formerAttachments(${page}, filter: AttachmentFilter): AttachmentConnection!
  history(${page}): IssueHistoryConnection!
  id: ID!
  identifier: String!
  inheritsSharedAccess: Boolean!
  integrationSourceType: IntegrationService
  labelIds: [String!]!
  labels(${page}, filter: IssueLabelFilter): IssueLabelConnection!
  lastAppliedTemplate: Template
  number: Float!
  parent: Issue
  previousIdentifiers: [String!]!
  priority: Float!
  priorityLabel: String!
  prioritySortOrder: Float!
  project: Project
  projectMilestone: ProjectMilestone
  reactionData: JSONObject!
  reactions: [Reaction!]!
  recurringIssueTemplate: Template
  sharedAccess: IssueSharedAccess!
  slaBreachesAt: DateTime
  slaHighRiskAt: DateTime
  slaMediumRiskAt: DateTime
  slaStartedAt: DateTime
  slaType: String
  snoozedBy: User
  snoozedUntilAt: DateTime
  sortOrder: Float!
  sourceComment: Comment
  startedAt: DateTime
  startedTriageAt: DateTime
  state: WorkflowState!
  stateHistory(${plainPage}): IssueStateSpanConnection!
  subIssueSortOrder: Float
  subscribers(${page}, filter: UserFilter, includeDisabled: Boolean): UserConnection!
  syncedWith: [ExternalEntityInfo!]
  team: Team!
  title: String!
  trashed: Boolean
  triagedAt: DateTime
  updatedAt: DateTime!
  url: String!
`;

/** Issues, as themselves and as search results, and the spans of time in which they were in a state. */
export const issueTypes = /* GraphQL */ `
type Issue implements Node {${fields}}

type IssueSearchResult implements Node {${fields}
  metadata: JSONObject!
}

type IssueSearchPayload {
  archivePayload: ArchiveResponse!
  edges: [IssueSearchResultEdge!]!
  nodes: [IssueSearchResult!]!
  pageInfo: PageInfo!
  totalCount: Float!
}

type IssueSearchResultEdge {
  cursor: String!
  node: IssueSearchResult!
}

type ArchiveResponse {
  archive: String!
  databaseVersion: Float!
  includesDependencies: [String!]!
  totalCount: Float!
}

type IssueStateSpan {
  endedAt: DateTime
  id: ID!
  startedAt: DateTime!
  state: WorkflowState
  stateId: ID!
}

type IssueSharedAccess {
  disallowedIssueFields: [IssueSharedAccessDisallowedField!]!
  isShared: Boolean!
  sharedWithCount: Int!
  sharedWithUsers: [User!]!
  viewerHasOnlySharedAccess: Boolean!
}

enum IssueSharedAccessDisallowedField {
  cycleId
  projectId
  projectMilestoneId
  teamId
}

${connection('Issue')}
${connection('IssueStateSpan')}
`;
