import type { GraphQLSchema } from 'graphql';
import { select } from '../filter.ts';
import { defaultState, firstState } from '../issues.ts';
import { sees } from '../lookup.ts';
import { pageOf } from '../paging.ts';
import type { Attachment, Comment, Integration, Issue, Label, State, Team, User } from '../records.ts';
import { need, type Store } from '../store.ts';
import { historyResolvers, issueResolvers, issueUrl, spanResolvers, type Listing } from './issue.ts';
import { attach, type Resolvers } from './resolver.ts';

const attachmentResolvers: Resolvers = {
  issue: (attachment: Attachment, _args, { store }) => need(store.issues, attachment.issueId),
  creator: (attachment: Attachment, _args, { store }) => store.users.get(attachment.creatorId ?? ''),
  source: ({ sourceType }: Attachment) => (sourceType === null ? null : { type: sourceType }),
};

const commentResolvers: Resolvers = {
  issue: (comment: Comment, _args, { store }) => need(store.issues, comment.issueId),
  user: (comment: Comment, _args, { store }) => store.users.get(comment.userId ?? ''),
  parent: (comment: Comment, _args, { store }) => store.comments.get(comment.parentId ?? ''),
  url: (comment: Comment, _args, { store }) =>
    `${issueUrl(store, need(store.issues, comment.issueId))}#comment-${comment.id.slice(0, 8)}`,
};

const labelResolvers: Resolvers = {
  team: (label: Label, _args, { store }) => store.teams.get(label.teamId ?? ''),
  parent: (label: Label, _args, { store }) => store.labels.get(label.parentId ?? ''),
  creator: (label: Label, _args, { store }) => store.users.get(label.creatorId ?? ''),
  organization: (_label, _args, { store }) => store.organization,
  children: (label: Label, { filter, ...page }: Listing, session) => {
    const children = [...session.store.labels.values()].filter(({ parentId }) => parentId === label.id);
    return pageOf(session, select(session, 'label', children, filter), page);
  },
  issues: (label: Label, { filter, ...page }: Listing, session) => {
    const issues = visibleIssues(session.store).filter(({ labelIds }) => labelIds.includes(label.id));
    return pageOf(session, select(session, 'issue', issues, filter), page);
  },
};

const stateResolvers: Resolvers = {
  team: (state: State, _args, { store }) => need(store.teams, state.teamId),
  issues: (state: State, { filter, ...page }: Listing, session) => {
    const issues = visibleIssues(session.store).filter(({ stateId }) => stateId === state.id);
    return pageOf(session, select(session, 'issue', issues, filter), page);
  },
};

const teamResolvers: Resolvers = {
  private: (team: Team) => team.visibility === 'private',
  displayName: (team: Team) => team.name,
  organization: (_team, _args, { store }) => store.organization,
  parent: (team: Team, _args, { store }) => store.teams.get(team.parentId ?? ''),
  defaultIssueState: (team: Team, _args, { store }) => defaultState(store, team),
  triageIssueState: (team: Team, _args, { store }) => firstState(store, team, 'triage'),
  issueCount: (team: Team, _args, { store }) => visibleIssues(store).filter(({ teamId }) => teamId === team.id).length,
  timezone: () => 'Europe/Stockholm',
  states: (team: Team, { filter, ...page }: Listing, session) => {
    const states = [...session.store.states.values()].filter(({ teamId }) => teamId === team.id);
    return pageOf(session, select(session, 'state', states, filter), page);
  },
  labels: (team: Team, { filter, ...page }: Listing, session) => {
    const labels = [...session.store.labels.values()].filter(({ teamId }) => teamId === team.id);
    return pageOf(session, select(session, 'label', labels, filter), page);
  },
  issues: (team: Team, { filter, ...page }: Listing, session) => {
    const issues = visibleIssues(session.store).filter(({ teamId }) => teamId === team.id);
    return pageOf(session, select(session, 'issue', issues, filter), page);
  },
  members: (_team, { filter, ...page }: Listing, session) =>
    pageOf(session, select(session, 'user', session.store.users.values(), filter), page),
};

const userResolvers: Resolvers = {
  isMe: (user: User, _args, { viewer }) => user.id === viewer.id,
  isAssignable: (user: User) => !user.app,
  isMentionable: () => true,
  owner: (user: User) => user.admin,
  canAccessAnyPublicTeam: () => true,
  initials: (user: User) => user.name.replaceAll(/[^A-Z]/g, ''),
  avatarBackgroundColor: () => '#5e6ad2',
  url: (user: User, _args, { store }) => `https://linear.app/${store.organization.urlKey}/profiles/${user.displayName}`,
  organization: (_user, _args, { store }) => store.organization,
  teams: (_user, { filter, ...page }: Listing, session) =>
    pageOf(session, select(session, 'team', [...session.store.teams.values()].filter(sees), filter), page),
  assignedIssues: (user: User, { filter, ...page }: Listing, session) => {
    const issues = visibleIssues(session.store).filter(({ assigneeId }) => assigneeId === user.id);
    return pageOf(session, select(session, 'issue', issues, filter), page);
  },
  createdIssues: (user: User, { filter, ...page }: Listing, session) => {
    const issues = visibleIssues(session.store).filter(({ creatorId }) => creatorId === user.id);
    return pageOf(session, select(session, 'issue', issues, filter), page);
  },
};

const integrationResolvers: Resolvers = {
  creator: (_integration, _args, { store }) => store.keyOwner,
  organization: (_integration, _args, { store }) => store.organization,
};

const organizationResolvers: Resolvers = {
  gitBranchFormat: () => '{username}/{issueIdentifier}-{issueTitle}',
  pullRequestIssueMode: () => 'off',
  securitySettings: (_organization, _args, { store }) => ({
    labelManagementRole: store.labelsByAdminsOnly ? 'admin' : 'user',
  }),
  userCount: (_organization, _args, { store }) => [...store.users.values()].filter(({ app }) => !app).length,
  createdIssueCount: (_organization, _args, { store }) => store.issues.size,
  labels: (_organization, { filter, ...page }: Listing, session) => {
    const labels = [...session.store.labels.values()].filter(({ teamId }) => teamId === null);
    return pageOf(session, select(session, 'label', labels, filter), page);
  },
  teams: (_organization, { filter, ...page }: Listing, session) =>
    pageOf(session, select(session, 'team', [...session.store.teams.values()].filter(sees), filter), page),
  integrations: (_organization, page: Listing, session) => pageOf(session, integrationsOf(session.store), page),
  users: (_organization, page: Listing, session) => pageOf(session, [...session.store.users.values()], page),
};

/** Lets every entity answer its fields. */
export function attachEntities(schema: GraphQLSchema): void {
  attach(schema, 'Issue', issueResolvers);
  attach(schema, 'IssueSearchResult', issueResolvers);
  attach(schema, 'IssueHistory', historyResolvers);
  attach(schema, 'IssueStateSpan', spanResolvers);
  attach(schema, 'Attachment', attachmentResolvers);
  attach(schema, 'Comment', commentResolvers);
  attach(schema, 'IssueLabel', labelResolvers);
  attach(schema, 'WorkflowState', stateResolvers);
  attach(schema, 'Team', teamResolvers);
  attach(schema, 'User', userResolvers);
  attach(schema, 'Organization', organizationResolvers);
  attach(schema, 'Integration', integrationResolvers);
}

/** What the workspace is connected with: GitLab, or nothing. */
export function integrationsOf({ gitlabConnected, gitlabIntegration }: Store): Integration[] {
  return gitlabConnected ? [gitlabIntegration] : [];
}

/** The issues of every team that the credential reaches. */
export function visibleIssues(store: Store): Issue[] {
  return [...store.issues.values()].filter(({ teamId }) => sees(need(store.teams, teamId)));
}
