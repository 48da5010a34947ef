import { connection, page } from './paging.ts';

/** What belongs to an issue: its state, its labels, its attachments and its comments. */
export const partTypes = /* GraphQL */ `
type WorkflowState implements Node {
  archivedAt: DateTime
  color: String!
  createdAt: DateTime!
  description: String
  id: ID!
  inheritedFrom: WorkflowState
  issues(${page}, filter: IssueFilter): IssueConnection!
  name: String!
  position: Float!
  team: Team!
  type: String!
  updatedAt: DateTime!
}

type IssueLabel implements Node {
  archivedAt: DateTime
  children(${page}, filter: IssueLabelFilter): IssueLabelConnection!
  color: String!
  createdAt: DateTime!
  creator: User
  description: String
  id: ID!
  inheritedFrom: IssueLabel
  groupType: LabelGroupType
  isGroup: Boolean!
  issues(${page}, filter: IssueFilter): IssueConnection!
  lastAppliedAt: DateTime
  name: String!
  organization: Organization! @deprecated
  parent: IssueLabel
  retiredAt: DateTime
  retiredBy: User
  team: Team
  updatedAt: DateTime!
}

enum LabelGroupType {
  multiSelect
  singleSelect
}

type Attachment implements Node {
  archivedAt: DateTime
  bodyData: String
  createdAt: DateTime!
  creator: User
  externalUserCreator: ExternalUser
  groupBySource: Boolean!
  id: ID!
  issue: Issue!
  metadata: JSONObject!
  originalIssue: Issue
  source: JSONObject
  sourceType: String
  subtitle: String
  title: String!
  updatedAt: DateTime!
  url: String!
}

type Comment implements Node {
  agentSession: AgentSession
  archivedAt: DateTime
  body: String!
  botActor: ActorBot
  children(${page}, filter: CommentFilter): CommentConnection!
  createdAt: DateTime!
  createdIssues(${page}, filter: IssueFilter): IssueConnection!
  documentContent: DocumentContent
  documentContentId: String
  editedAt: DateTime
  externalThread: SyncedExternalThread
  externalUser: ExternalUser
  id: ID!
  initiative: Initiative
  initiativeId: String
  initiativeUpdate: InitiativeUpdate
  initiativeUpdateId: String
  issue: Issue
  issueId: String
  parent: Comment
  parentId: String
  project: Project
  projectId: String
  projectUpdate: ProjectUpdate
  projectUpdateId: String
  quotedText: String
  reactionData: JSONObject!
  reactions: [Reaction!]!
  resolvedAt: DateTime
  resolvingComment: Comment
  resolvingCommentId: String
  resolvingUser: User
  syncedWith: [ExternalEntityInfo!]
  updatedAt: DateTime!
  url: String!
  user: User
}

type Reaction implements Node {
  archivedAt: DateTime
  comment: Comment
  createdAt: DateTime!
  emoji: String!
  externalUser: ExternalUser
  id: ID!
  initiativeUpdate: InitiativeUpdate
  issue: Issue
  projectUpdate: ProjectUpdate
  updatedAt: DateTime!
  user: User
}

${connection('WorkflowState')}
${connection('IssueLabel')}
${connection('Attachment')}
${connection('Comment')}
`;
