// Kept by name, so that clients which select them are understood; the sandbox has none.
const identified = [
  'AgentSession',
  'Cycle',
  'Document',
  'ExternalUser',
  'Favorite',
  'Initiative',
  'InitiativeUpdate',
  'IntegrationsSettings',
  'Project',
  'ProjectMilestone',
  'ProjectUpdate',
  'TeamMembership',
  'Template',
  'TriageResponsibility',
];

/** Types that issues, teams and comments point to and that the sandbox always leaves empty. */
export const foreignTypes = /* GraphQL */ `
  ${identified.map((name) => `type ${name} implements Node {\n  id: ID!\n}`).join('\n\n')}

  type ExternalEntityInfo {
    id: String!
    metadata: ExternalEntityInfoMetadata
    service: ExternalSyncService!
  }

  union ExternalEntityInfoMetadata =
    | ExternalEntityInfoGithubMetadata
    | ExternalEntityInfoJiraMetadata
    | ExternalEntitySlackMetadata

  enum ExternalSyncService {
    github
    jira
    slack
  }

  type ExternalEntityInfoGithubMetadata {
    number: Float
    owner: String
    repo: String
  }

  type ExternalEntityInfoJiraMetadata {
    issueKey: String
    issueTypeId: String
    projectId: String
  }

  type ExternalEntitySlackMetadata {
    channelId: String
    channelName: String
    isFromSlack: Boolean!
    messageUrl: String
  }

  type SyncedExternalThread {
    displayName: String
    id: ID
    isConnected: Boolean!
    isPersonalIntegrationConnected: Boolean!
    isPersonalIntegrationRequired: Boolean!
    name: String
    subType: String
    type: String!
    url: String
  }

  type DocumentContent implements Node {
    aiPromptRules: AiPromptRules
    archivedAt: DateTime
    content: String
    contentState: String
    createdAt: DateTime!
    document: Document
    id: ID!
    initiative: Initiative
    issue: Issue
    project: Project
    projectMilestone: ProjectMilestone
    restoredAt: DateTime
    updatedAt: DateTime!
    welcomeMessage: WelcomeMessage
  }

  type WelcomeMessage implements Node {
    archivedAt: DateTime
    createdAt: DateTime!
    enabled: Boolean!
    id: ID!
    title: String
    updatedAt: DateTime!
    updatedBy: User
  }

  type AiPromptRules implements Node {
    archivedAt: DateTime
    createdAt: DateTime!
    id: ID!
    updatedAt: DateTime!
    updatedBy: User
  }

  type IssueImport implements Node {
    archivedAt: DateTime
    createdAt: DateTime!
    creatorId: String
    csvFileUrl: String
    displayName: String!
    error: String
    errorMetadata: JSONObject
    id: ID!
    mapping: JSONObject
    progress: Float
    service: String!
    serviceMetadata: JSONObject
    status: String!
    teamName: String
    updatedAt: DateTime!
  }

  enum IntegrationService {
    airbyte
    asksWeb
    discord
    email
    figma
    figmaPlugin
    front
    github
    githubCodeAccessPersonal
    githubCommit
    githubEnterpriseServer
    githubImport
    githubPersonal
    gitlab
    gong
    googleCalendarPersonal
    googleSheets
    intercom
    jira
    jiraPersonal
    launchDarkly
    launchDarklyPersonal
    loom
    mcpServer
    mcpServerPersonal
    microsoftPersonal
    microsoftTeams
    microsoftTeamsProjectPost
    notion
    opsgenie
    pagerDuty
    salesforce
    sentry
    slack
    slackAsks
    slackCustomViewNotifications
    slackInitiativePost
    slackOrgInitiativeUpdatesPost
    slackOrgProjectUpdatesPost
    slackPersonal
    slackPost
    slackProjectPost
    slackProjectUpdatesPost
    zendesk
  }
`;
