import { select, type Filter } from '../filter.ts';
import { childrenOf } from '../issues.ts';
import { identifierOf } from '../lookup.ts';
import { pageOf, type Connection, type PageArguments } from '../paging.ts';
import type { Actor, Attachment, Comment, HistoryRow, Issue, StateSpan } from '../records.ts';
import type { Session } from '../session.ts';
import { need, type Store } from '../store.ts';
import type { Resolvers } from './resolver.ts';

export type Listing = PageArguments & { readonly filter?: Filter | null };

const priorities = ['No priority', 'Urgent', 'High', 'Medium', 'Low'];

/** Fields of an issue that are worked out rather than kept. */
export const issueResolvers: Resolvers = {
  identifier: (issue: Issue, _args, { store }) => identifierOf(store, issue),
  url: (issue: Issue, _args, { store }) => issueUrl(store, issue),
  branchName: (issue: Issue, _args, { store }) => branchName(store, issue),
  priorityLabel: (issue: Issue) => priorities[issue.priority],
  state: (issue: Issue, _args, { store }) => need(store.states, issue.stateId),
  team: (issue: Issue, _args, { store }) => need(store.teams, issue.teamId),
  parent: (issue: Issue, _args, { store }) => store.issues.get(issue.parentId ?? ''),
  assignee: (issue: Issue, _args, { store }) => store.users.get(issue.assigneeId ?? ''),
  creator: (issue: Issue, _args, { store }) => store.users.get(issue.creatorId ?? ''),
  labels: (issue: Issue, { filter, ...page }: Listing, session) => {
    const labels = issue.labelIds.map((id) => need(session.store.labels, id));
    return pageOf(session, select(session, 'label', labels, filter), page);
  },
  attachments: (issue: Issue, { filter, ...page }: Listing, session) =>
    pageOf(session, select(session, 'attachment', attachmentsOf(session.store, issue), filter), page),
  comments: (issue: Issue, { filter, ...page }: Listing, session) =>
    pageOf(session, select(session, 'comment', commentsOf(session.store, issue), filter), page),
  children: (issue: Issue, { filter, ...page }: Listing, session) =>
    pageOf(session, select(session, 'issue', childrenOf(session.store, issue), filter), page),
  history: (issue: Issue, page: PageArguments, session) => pageOf(session, issue.history.map(flatRow), page),
  stateHistory: (issue: Issue, page: PageArguments, session): Connection<StateSpan> =>
    pageOf(session, issue.spans, page),
};

/** Fields of a history row that point elsewhere. */
export const historyResolvers: Resolvers = {
  issue: (row: HistoryRow, _args, { store }) => need(store.issues, row.issueId),
  actor: (row: HistoryRow, _args, { store }) => ('userId' in row.by ? need(store.users, row.by.userId) : null),
  actorId: (row: HistoryRow) => ('userId' in row.by ? row.by.userId : null),
  actors: (row: HistoryRow, _args, { store }) => ('userId' in row.by ? [need(store.users, row.by.userId)] : []),
  botActor: (row: HistoryRow, _args, { store }) => botOf(store, row.by),
  attachment: (row: FlatRow, _args, { store }) => store.attachments.get(row.attachmentId ?? ''),
  fromState: (row: FlatRow, _args, { store }) => store.states.get(row.fromStateId ?? ''),
  toState: (row: FlatRow, _args, { store }) => store.states.get(row.toStateId ?? ''),
  fromTeam: (row: FlatRow, _args, { store }) => store.teams.get(row.fromTeamId ?? ''),
  toTeam: (row: FlatRow, _args, { store }) => store.teams.get(row.toTeamId ?? ''),
  fromAssignee: (row: FlatRow, _args, { store }) => store.users.get(row.fromAssigneeId ?? ''),
  toAssignee: (row: FlatRow, _args, { store }) => store.users.get(row.toAssigneeId ?? ''),
  fromParent: (row: FlatRow, _args, { store }) => store.issues.get(row.fromParentId ?? ''),
  toParent: (row: FlatRow, _args, { store }) => store.issues.get(row.toParentId ?? ''),
  addedLabels: (row: FlatRow, _args, session) => labelsOf(session, row.addedLabelIds),
  removedLabels: (row: FlatRow, _args, session) => labelsOf(session, row.removedLabelIds),
};

/** Fields of a span that point elsewhere. */
export const spanResolvers: Resolvers = {
  state: (span: StateSpan, _args, { store }) => store.states.get(span.stateId),
};

type FlatRow = ReturnType<typeof flatRow>;

function flatRow(row: HistoryRow): HistoryRow & HistoryRow['changes'] {
  return { ...row, ...row.changes };
}

function labelsOf({ store }: Session, ids: readonly string[] | undefined): unknown {
  return ids?.flatMap((id) => store.labels.get(id) ?? []) ?? null;
}

const botNames: Readonly<Record<string, string>> = { gitlab: 'GitLab', linear: 'Linear' };

// An application is an account and a bot at once.
function botOf(store: Store, by: Actor): unknown {
  if ('bot' in by) return { id: null, type: by.bot, name: botNames[by.bot] ?? by.bot };
  const user = need(store.users, by.userId);
  return user.app ? { id: user.id, type: 'oauthClient', name: user.name } : null;
}

/** Where people open an issue. */
export function issueUrl(store: Store, issue: Issue): string {
  return `https://linear.app/${store.organization.urlKey}/issue/${identifierOf(store, issue)}/${slug(issue.title)}`;
}

/** The branch name that Linear proposes. */
export function branchName(store: Store, issue: Issue): string {
  return `${store.keyOwner.displayName}/${identifierOf(store, issue).toLowerCase()}-${slug(issue.title)}`;
}

/** The attachments of an issue, oldest first. */
export function attachmentsOf(store: Store, issue: Issue): Attachment[] {
  return [...store.attachments.values()].filter(({ issueId }) => issueId === issue.id);
}

/** The comments on an issue, oldest first. */
export function commentsOf(store: Store, issue: Issue): Comment[] {
  return [...store.comments.values()].filter(({ issueId }) => issueId === issue.id);
}

function slug(title: string): string {
  const words = title
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^a-z0-9]+/g, '-');
  return words.slice(0, 60).replaceAll(/^-+|-+$/g, '') || 'issue';
}
