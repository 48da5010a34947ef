import { comparable } from '../attachments.ts';
import { notFound } from '../errors.ts';
import type { LinearFact } from '../facts.ts';
import { select } from '../filter.ts';
import type { Bucket } from '../limits.ts';
import {
  identifierOf,
  requireAttachment,
  requireIssue,
  requireLabel,
  requireState,
  requireTeam,
  sees,
  seesIssue,
  seesLabel,
} from '../lookup.ts';
import { pageOf, type PageArguments } from '../paging.ts';
import type { Issue } from '../records.ts';
import type { Session } from '../session.ts';
import { need } from '../store.ts';
import { integrationsOf, visibleIssues } from './entities.ts';
import { branchName, commentsOf, type Listing } from './issue.ts';
import type { Resolvers } from './resolver.ts';

interface ById {
  readonly id: string;
}

/** The fields of `Query`. */
export const queryResolvers: Resolvers = {
  viewer: (_root, _args, session) => from(session, 'linear 1 self check', session.viewer),
  organization: (_root, _args, session) => from(session, 'linear 1 self check', session.store.organization),

  integrations: (_root, page: PageArguments, session) =>
    from(session, 'linear 4.3 integrations', pageOf(session, integrationsOf(session.store), page)),

  issue: (_root, { id }: ById, session) =>
    from(session, 'linear 4 issue by UUID or identifier', requireIssue(session, id)),
  issues: (_root, { filter, ...page }: Listing, session) => {
    session.facts.add('linear 4 issues by filter');
    return pageOf(session, select(session, 'issue', visibleIssues(session.store), filter), page);
  },
  issueVcsBranchSearch: (_root, { branchName }: { branchName: string }, session) =>
    from(session, 'linear 4 issueVcsBranchSearch null for no match', issueOfBranch(session, branchName)),
  searchIssues: (_root, { term, filter, includeComments, teamId, ...page }: Search, session) => {
    session.facts.add('linear 4 searchIssues not exact');
    const issues = visibleIssues(session.store)
      .filter((issue) => !teamId || issue.teamId === teamId)
      .filter((issue) => mentions(session, issue, term, includeComments ?? false));
    const found = select(session, 'issue', issues, filter);
    return { ...pageOf(session, found, page), totalCount: found.length };
  },

  attachmentsForURL: (_root, { url, ...page }: PageArguments & { url: string }, session) => {
    session.facts.add('linear 4 attachmentsForURL exact match');
    const { store, switches } = session;
    const wanted = comparable(session, url);
    const all = [...store.attachments.values()].filter((attachment) => {
      const archived = need(store.issues, attachment.issueId).archivedAt !== null;
      const listed = !archived || page.includeArchived === true || switches.archivedIssueKeepsAttachmentsListed;
      return listed && seesIssue(store, attachment.issueId) && comparable(session, attachment.url) === wanted;
    });
    return pageOf(session, all, page);
  },
  attachments: (_root, { filter, ...page }: Listing, session) => {
    const visible = [...session.store.attachments.values()].filter(({ issueId }) => seesIssue(session.store, issueId));
    return pageOf(session, select(session, 'attachment', visible, filter), page);
  },
  attachment: (_root, { id }: ById, session) => requireAttachment(session, id),
  attachmentIssue: (_root, { id }: ById, session) => need(session.store.issues, requireAttachment(session, id).issueId),

  workflowStates: (_root, { filter, ...page }: Listing, session) => {
    session.facts.add('linear 5 states belong to one team');
    const { states, teams } = session.store;
    const visible = [...states.values()].filter(({ teamId }) => sees(need(teams, teamId)));
    return pageOf(session, select(session, 'state', visible, filter), page);
  },
  workflowState: (_root, { id }: ById, session) => requireState(session, id),
  issueLabels: (_root, { filter, ...page }: Listing, session) => {
    session.facts.add('linear 6 labels are found by filter');
    const visible = [...session.store.labels.values()].filter((label) => seesLabel(session.store, label));
    return pageOf(session, select(session, 'label', visible, filter), page);
  },
  issueLabel: (_root, { id }: ById, session) => requireLabel(session, id),
  teams: (_root, { filter, ...page }: Listing, session) => {
    session.facts.add('linear 8.1 private team invisible');
    return pageOf(session, select(session, 'team', [...session.store.teams.values()].filter(sees), filter), page);
  },
  team: (_root, { id }: ById, session) => requireTeam(session, id),
  users: (_root, { filter, ...page }: Listing, session) =>
    pageOf(session, select(session, 'user', session.store.users.values(), filter), page),
  user: (_root, { id }: ById, session) => session.store.users.get(id) ?? reject(session, 'User'),
  comments: (_root, { filter, ...page }: Listing, session) => {
    const visible = [...session.store.comments.values()].filter(({ issueId }) => seesIssue(session.store, issueId));
    return pageOf(session, select(session, 'comment', visible, filter), page);
  },
  comment: (_root, { id }: { id?: string | null }, session) => {
    const comment = session.store.comments.get(id ?? '');
    return comment !== undefined && seesIssue(session.store, comment.issueId) ? comment : reject(session, 'Comment');
  },

  rateLimitStatus: (_root, _args, session) => {
    session.facts.add('linear 3 rateLimitStatus');
    const { requests, complexity } = session.limits;
    return {
      identifier: session.viewer.id,
      kind: session.viewer.app ? 'oauthApp' : 'user',
      limits: [limitStatus('request', requests, 1), limitStatus('complexity', complexity, 1)],
    };
  },
};

interface Search extends Listing {
  readonly term: string;
  readonly includeComments?: boolean | null;
  readonly teamId?: string | null;
}

function from<T>(session: Session, fact: LinearFact, value: T): T {
  session.facts.add(fact);
  return value;
}

function reject(session: Session, entity: string): never {
  throw notFound(session, entity);
}

function mentions({ store }: Session, issue: Issue, term: string, includeComments: boolean): boolean {
  const comments = includeComments ? commentsOf(store, issue).map(({ body }) => body) : [];
  const texts = [identifierOf(store, issue), ...issue.previousIdentifiers, issue.title, issue.description ?? ''];
  return [...texts, ...comments].some((text) => text.toLowerCase().includes(term.toLowerCase()));
}

// A branch of the proposed name, else one that has an identifier as a part of it.
function issueOfBranch(session: Session, branch: string): Issue | null {
  const { store, switches } = session;
  const issues = visibleIssues(store).filter(({ archivedAt }) => archivedAt === null || switches.archivedVisibleById);
  const exact = issues.find((issue) => branchName(store, issue) === branch);
  if (exact !== undefined) return exact;
  for (const [identifier] of branch.toUpperCase().matchAll(/(?<![A-Z0-9])[A-Z][A-Z0-9]*-\d+(?![A-Z0-9])/g)) {
    const found = issues.find((issue) => identifierOf(store, issue) === identifier);
    if (found !== undefined) return found;
  }
  return null;
}

function limitStatus(type: string, bucket: Bucket, requestedAmount: number): unknown {
  return {
    type,
    allowedAmount: bucket.allowed,
    remainingAmount: bucket.remaining(),
    requestedAmount,
    period: bucket.periodMs,
    reset: bucket.reset(),
  };
}
