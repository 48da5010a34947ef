import { connection } from './paging.ts';

/** What happened to an issue, and through which actor. */
export const historyTypes = /* GraphQL */ `
  type IssueHistory implements Node {
    actor: User
    actorId: String
    actors: [User!] @deprecated
    addedLabelIds: [String!]
    addedLabels: [IssueLabel!]
    addedToReleaseIds: [String!]
    archived: Boolean
    archivedAt: DateTime
    attachment: Attachment
    attachmentId: String
    autoArchived: Boolean
    autoClosed: Boolean
    botActor: ActorBot
    createdAt: DateTime!
    customerNeedId: String
    descriptionUpdatedBy: [User!]
    fromAssignee: User
    fromAssigneeId: String
    fromCycle: Cycle
    fromCycleId: String
    fromDelegate: User
    fromDueDate: TimelessDate
    fromEstimate: Float
    fromParent: Issue
    fromParentId: String
    fromPriority: Float
    fromProject: Project
    fromProjectId: String
    fromProjectMilestone: ProjectMilestone
    fromSlaBreached: Boolean
    fromSlaBreachesAt: DateTime
    fromSlaStartedAt: DateTime
    fromSlaType: String
    fromState: WorkflowState
    fromStateId: String
    fromTeam: Team
    fromTeamId: String
    fromTitle: String
    id: ID!
    issue: Issue!
    issueImport: IssueImport
    relationChanges: [IssueRelationHistoryPayload!]
    removedFromReleaseIds: [String!]
    removedLabelIds: [String!]
    removedLabels: [IssueLabel!]
    toAssignee: User
    toAssigneeId: String
    toConvertedProject: Project
    toConvertedProjectId: String
    toCycle: Cycle
    toCycleId: String
    toDelegate: User
    toDueDate: TimelessDate
    toEstimate: Float
    toParent: Issue
    toParentId: String
    toPriority: Float
    toProject: Project
    toProjectId: String
    toProjectMilestone: ProjectMilestone
    toSlaBreached: Boolean
    toSlaBreachesAt: DateTime
    toSlaStartedAt: DateTime
    toSlaType: String
    toState: WorkflowState
    toStateId: String
    toTeam: Team
    toTeamId: String
    toTitle: String
    trashed: Boolean
    triageResponsibilityAutoAssigned: Boolean
    triageResponsibilityNotifiedUsers: [User!]
    triageResponsibilityTeam: Team
    updatedAt: DateTime!
    updatedDescription: Boolean
  }

  type IssueRelationHistoryPayload {
    identifier: String!
    type: String!
  }

  type ActorBot {
    avatarUrl: String
    id: ID
    name: String
    subType: String
    type: String!
    userDisplayName: String
  }

  ${connection('IssueHistory')}
`;
