import { connection, page } from './paging.ts';

/** The workspace. Most of it the sandbox answers with an empty value of the right type. */
export const organizationTypes = /* GraphQL */ `
type Organization implements Node {
  aiDiscussionSummariesEnabled: Boolean!
  aiThreadSummariesEnabled: Boolean!
  allowMembersToInvite: Boolean @deprecated
  allowedAuthServices: [String!]! @deprecated
  allowedFileUploadContentTypes: [String!]
  archivedAt: DateTime
  authSettings: JSONObject!
  createdAt: DateTime!
  createdIssueCount: Int!
  customerCount: Int!
  customersConfiguration: JSONObject!
  customersEnabled: Boolean!
  defaultFeedSummarySchedule: FeedSummarySchedule
  defaultHomeView: String
  defaultHomeViewTargetId: String
  deletionRequestedAt: DateTime
  feedEnabled: Boolean!
  fiscalYearStartMonth: Float!
  gitBranchFormat: String
  gitLinkbackDescriptionsEnabled: Boolean!
  gitLinkbackMessagesEnabled: Boolean!
  gitPublicLinkbackMessagesEnabled: Boolean!
  hideNonPrimaryOrganizations: Boolean! @deprecated
  hipaaComplianceEnabled: Boolean!
  id: ID!
  initiativeUpdateReminderFrequencyInWeeks: Float
  initiativeUpdateRemindersDay: Day!
  initiativeUpdateRemindersHour: Float!
  integrations(${page}): IntegrationConnection!
  labels(${page}, filter: IssueLabelFilter): IssueLabelConnection!
  logoUrl: String
  name: String!
  periodUploadVolume: Float!
  previousUrlKeys: [String!]!
  projectStatuses: [ProjectStatus!]!
  projectUpdateReminderFrequencyInWeeks: Float
  projectUpdateRemindersDay: Day!
  projectUpdateRemindersHour: Float!
  projectUpdatesReminderFrequency: ProjectUpdateReminderFrequency! @deprecated
  pullRequestIssueMode: String!
  pullRequestTourEnabled: Boolean!
  releaseChannel: ReleaseChannel!
  releasesEnabled: Boolean!
  restrictLabelManagementToAdmins: Boolean @deprecated
  restrictTeamCreationToAdmins: Boolean @deprecated
  roadmapEnabled: Boolean!
  samlEnabled: Boolean!
  scimEnabled: Boolean!
  securitySettings: JSONObject!
  slaDayCount: SLADayCountType! @deprecated
  slackProjectChannelIntegration: Integration
  slackProjectChannelPrefix: String!
  subscription: PaidSubscription
  suggestedBranchNameEnabled: Boolean!
  teams(${page}, filter: TeamFilter): TeamConnection!
  trialEndsAt: DateTime
  trialStartsAt: DateTime
  updatedAt: DateTime!
  urlKey: String!
  userCount: Int!
  users(${page}, includeDisabled: Boolean): UserConnection!
}

type Integration implements Node {
  archivedAt: DateTime
  createdAt: DateTime!
  creator: User!
  id: ID!
  organization: Organization!
  service: String!
  team: Team
  updatedAt: DateTime!
}

type PaidSubscription implements Node {
  archivedAt: DateTime
  cancelAt: DateTime
  canceledAt: DateTime
  collectionMethod: String!
  createdAt: DateTime!
  creator: User
  id: ID!
  nextBillingAt: DateTime
  pendingChangeType: String
  seats: Float!
  seatsMaximum: Float
  seatsMinimum: Float
  type: String!
  updatedAt: DateTime!
}

type ProjectStatus implements Node {
  archivedAt: DateTime
  color: String!
  createdAt: DateTime!
  description: String
  id: ID!
  indefinite: Boolean!
  name: String!
  position: Float!
  type: ProjectStatusType!
  updatedAt: DateTime!
}

enum FeedSummarySchedule {
  daily
  never
  weekly
}

enum Day {
  Friday
  Monday
  Saturday
  Sunday
  Thursday
  Tuesday
  Wednesday
}

enum ProjectUpdateReminderFrequency {
  month
  never
  twoWeeks
  week
}

enum ReleaseChannel {
  beta
  development
  internal
  preRelease
  privateBeta
  public
}

enum SLADayCountType {
  all
  onlyBusinessDays
}

enum ProjectStatusType {
  backlog
  canceled
  completed
  paused
  planned
  started
}

${connection('Integration')}
`;
