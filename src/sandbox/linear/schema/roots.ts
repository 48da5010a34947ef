import { page } from './paging.ts';

/** The operations, what they answer with, and the scalars. */
export const rootTypes = /* GraphQL */ `
type Query {
  attachment(id: String!): Attachment!
  attachmentIssue(id: String!): Issue! @deprecated
  attachments(${page}, filter: AttachmentFilter): AttachmentConnection!
  attachmentsForURL(${page}, url: String!): AttachmentConnection!
  comment(hash: String, id: String): Comment!
  comments(${page}, filter: CommentFilter): CommentConnection!
  integrations(${page}): IntegrationConnection!
  issue(id: String!): Issue!
  issueLabel(id: String!): IssueLabel!
  issueLabels(${page}, filter: IssueLabelFilter): IssueLabelConnection!
  issueVcsBranchSearch(branchName: String!): Issue
  issues(${page}, filter: IssueFilter, sort: [IssueSortInput!]): IssueConnection!
  organization: Organization!
  rateLimitStatus: RateLimitPayload!
  searchIssues(
    ${page}, filter: IssueFilter, includeComments: Boolean, teamId: String, term: String!
  ): IssueSearchPayload!
  team(id: String!): Team!
  teams(${page}, filter: TeamFilter): TeamConnection!
  user(id: String!): User!
  users(${page}, filter: UserFilter, includeDisabled: Boolean, sort: [UserSortInput!]): UserConnection!
  viewer: User!
  workflowState(id: String!): WorkflowState!
  workflowStates(${page}, filter: WorkflowStateFilter): WorkflowStateConnection!
}

type Mutation {
  attachmentCreate(input: AttachmentCreateInput!): AttachmentPayload!
  attachmentDelete(id: String!): DeletePayload!
  attachmentLinkGitLabMR(
    createAsUser: String
    displayIconUrl: String
    id: String
    issueId: String!
    number: Float!
    projectPathWithNamespace: String!
    title: String
    url: String!
  ): AttachmentPayload!
  attachmentLinkURL(
    createAsUser: String
    displayIconUrl: String
    id: String
    issueId: String!
    title: String
    url: String!
  ): AttachmentPayload!
  attachmentUpdate(id: String!, input: AttachmentUpdateInput!): AttachmentPayload!
  commentCreate(input: CommentCreateInput!): CommentPayload!
  commentDelete(id: String!): DeletePayload!
  issueAddLabel(id: String!, labelId: String!): IssuePayload!
  issueArchive(id: String!, trash: Boolean): IssueArchivePayload!
  issueCreate(input: IssueCreateInput!): IssuePayload!
  issueLabelCreate(input: IssueLabelCreateInput!, replaceTeamLabels: Boolean): IssueLabelPayload!
  issueLabelDelete(id: String!): DeletePayload!
  issueLabelRestore(id: String!): IssueLabelPayload!
  issueLabelRetire(id: String!): IssueLabelPayload!
  issueRemoveLabel(id: String!, labelId: String!): IssuePayload!
  issueUnarchive(id: String!): IssueArchivePayload!
  issueUpdate(id: String!, input: IssueUpdateInput!): IssuePayload!
}

type AttachmentPayload {
  attachment: Attachment!
  lastSyncId: Float!
  success: Boolean!
}

type CommentPayload {
  comment: Comment!
  lastSyncId: Float!
  success: Boolean!
}

type DeletePayload implements ArchivePayload {
  entityId: String!
  lastSyncId: Float!
  success: Boolean!
}

type IssueArchivePayload implements ArchivePayload {
  entity: Issue
  lastSyncId: Float!
  success: Boolean!
}

type IssueLabelPayload {
  issueLabel: IssueLabel!
  lastSyncId: Float!
  success: Boolean!
}

type IssuePayload {
  issue: Issue
  lastSyncId: Float!
  success: Boolean!
}

type RateLimitPayload {
  identifier: String
  kind: String!
  limits: [RateLimitResultPayload!]!
}

type RateLimitResultPayload {
  allowedAmount: Float!
  period: Float!
  remainingAmount: Float!
  requestedAmount: Float!
  reset: Float!
  type: String!
}

interface Node {
  id: ID!
}

interface ArchivePayload {
  lastSyncId: Float!
  success: Boolean!
}

type PageInfo {
  endCursor: String
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
}

enum PaginationOrderBy {
  createdAt
  updatedAt
}

scalar DateTime
scalar DateTimeOrDuration
scalar JSON
scalar JSONObject
scalar TimelessDate
scalar TimelessDateOrDuration
`;
