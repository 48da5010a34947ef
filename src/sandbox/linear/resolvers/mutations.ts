import {
  checkText,
  linkAddress,
  linkMergeRequest,
  putAttachment,
  rewriteAttachment,
  type AttachmentInput,
} from '../attachments.ts';
import { addComment, type CommentInput } from '../comments.ts';
import { createIssue, type IssueInput } from '../create-issue.ts';
import { forbidden, inputError, invalidArgument, notFound } from '../errors.ts';
import { archiveIssue, changeIssue, unarchiveIssue, type IssueChange } from '../issues.ts';
import { createLabel, deleteLabel, type LabelInput } from '../labels.ts';
import { requireAttachment, requireIssue, requireIssueToWrite, requireLabel } from '../lookup.ts';
import type { Session } from '../session.ts';
import { touch } from '../store.ts';
import type { Resolvers } from './resolver.ts';

interface ById {
  readonly id: string;
}

interface AsUser {
  readonly createAsUser?: string | null;
  readonly displayIconUrl?: string | null;
}

type AttachmentCreate = AttachmentInput & AsUser & { readonly issueId: string; readonly commentBody?: string | null };

interface Link extends AsUser {
  readonly id?: string | null;
  readonly issueId: string;
  readonly url: string;
  readonly title?: string | null;
}

const mergeRequest = /^https?:\/\/[^/]+\/(.+)\/-\/merge_requests\/(\d+)(?:[/?#].*)?$/;

/** The fields of `Mutation`. Several in one document run in order; the first that fails ends the document. */
export const mutationResolvers: Resolvers = {
  issueCreate: (_root, { input }: { input: IssueInput & AsUser }, session) => {
    requireScope(session, 'issues:create');
    refuseAsUser(session, input);
    return done(session, { issue: createIssue(session, input) });
  },
  issueUpdate: (_root, { id, input }: ById & { input: IssueChange }, session) => {
    requireScope(session);
    const issue = requireIssueToWrite(session, id);
    changeIssue(session, issue, input);
    return done(session, { issue });
  },
  issueAddLabel: (_root, { id, labelId }: ById & { labelId: string }, session) => {
    requireScope(session);
    const issue = requireIssueToWrite(session, id);
    changeIssue(session, issue, { addedLabelIds: [labelId] });
    return done(session, { issue });
  },
  issueRemoveLabel: (_root, { id, labelId }: ById & { labelId: string }, session) => {
    requireScope(session);
    const issue = requireIssueToWrite(session, id);
    changeIssue(session, issue, { removedLabelIds: [labelId] });
    return done(session, { issue });
  },
  issueArchive: (_root, { id, trash }: ById & { trash?: boolean | null }, session) => {
    requireScope(session);
    const issue = requireIssueToWrite(session, id);
    session.facts.add('linear 8 issue archived');
    archiveIssue(session.store, issue, session.actor, trash ?? false);
    return done(session, { entity: issue });
  },
  issueUnarchive: (_root, { id }: ById, session) => {
    requireScope(session);
    const issue = requireIssueToWrite(session, id);
    session.facts.add('linear 8 issue archived');
    unarchiveIssue(session.store, issue, session.actor);
    return done(session, { entity: issue });
  },

  issueLabelCreate: (_root, args: { input: LabelInput; replaceTeamLabels?: boolean | null }, session) => {
    requireScope(session);
    return done(session, { issueLabel: createLabel(session, args.input, args.replaceTeamLabels ?? false) });
  },
  issueLabelRetire: (_root, { id }: ById, session) => setRetired(session, id, true),
  issueLabelRestore: (_root, { id }: ById, session) => setRetired(session, id, false),
  issueLabelDelete: (_root, { id }: ById, session) => {
    requireScope(session);
    deleteLabel(session.store, requireLabel(session, id));
    return done(session, { entityId: id });
  },

  attachmentCreate: (_root, { input }: { input: AttachmentCreate }, session) => {
    requireScope(session);
    refuseAsUser(session, input);
    const issue = requireIssue(session, input.issueId);
    const attachment = putAttachment(session, issue, input);
    if (input.commentBody) addComment(session, { issueId: issue.id, body: input.commentBody });
    return done(session, { attachment });
  },
  attachmentLinkURL: (_root, input: Link, session) => {
    requireScope(session);
    refuseAsUser(session, input);
    const issue = requireIssue(session, input.issueId);
    const known = mergeRequest.exec(input.url);
    const title = input.title ?? (known === null ? input.url : `Merge request !${known[2]}`);
    const make = known !== null && session.store.gitlabConnected ? linkMergeRequest : linkAddress;
    return done(session, { attachment: make(session, issue, { ...input, title }) });
  },
  attachmentLinkGitLabMR: (_root, input: Link & { number: number; projectPathWithNamespace: string }, session) => {
    requireScope(session);
    refuseAsUser(session, input);
    const issue = requireIssue(session, input.issueId);
    if (!session.store.gitlabConnected) {
      throw inputError(
        session,
        'The workspace has no GitLab integration',
        'linear 7.1 GitLab link needs the integration',
      );
    }
    if (!Number.isInteger(input.number)) throw invalidArgument(session, 'number', 'must be an integer number');
    const title = input.title ?? `${input.projectPathWithNamespace}!${input.number}`;
    return done(session, { attachment: linkMergeRequest(session, issue, { ...input, title }) });
  },
  attachmentUpdate: (_root, { id, input }: ById & { input: Omit<AttachmentInput, 'url'> }, session) => {
    requireScope(session);
    const attachment = requireAttachment(session, id);
    checkText(session, input);
    session.facts.add('linear 7.1 attachment changed');
    rewriteAttachment(session.store, attachment, input);
    return done(session, { attachment });
  },
  attachmentDelete: (_root, { id }: ById, session) => {
    requireScope(session);
    session.store.attachments.delete(requireAttachment(session, id).id);
    session.facts.add('linear 7.1 attachment deleted');
    return done(session, { entityId: id });
  },

  commentCreate: (_root, { input }: { input: CommentInput & AsUser }, session) => {
    requireScope(session, 'comments:create');
    refuseAsUser(session, input);
    return done(session, { comment: addComment(session, input) });
  },
  commentDelete: (_root, { id }: ById, session) => {
    requireScope(session);
    if (!session.store.comments.delete(id)) throw notFound(session, 'Comment');
    return done(session, { entityId: id });
  },
};

function done(session: Session, payload: Readonly<Record<string, unknown>>): unknown {
  return { success: true, lastSyncId: session.store.nextSyncId(), ...payload };
}

// Every mutation needs `write`; some are content with less.
function requireScope({ scopes, ...session }: Session, lesser?: string): void {
  if (scopes.has('write') || scopes.has('admin') || (lesser !== undefined && scopes.has(lesser))) return;
  const needed = lesser === undefined ? 'write' : `write or ${lesser}`;
  throw forbidden({ scopes, ...session }, `Invalid scope: ${needed} required`, 'linear 1 scopes');
}

function refuseAsUser(session: Session, { createAsUser, displayIconUrl }: AsUser): void {
  if (session.viewer.app || (!createAsUser && !displayIconUrl)) return;
  throw inputError(
    session,
    'createAsUser and displayIconUrl are available with actor=app only',
    'linear 1 createAsUser needs actor=app',
  );
}

function setRetired(session: Session, id: string, retired: boolean): unknown {
  requireScope(session);
  const label = requireLabel(session, id);
  label.retiredAt = retired ? session.store.now().toISOString() : null;
  touch(session.store, label);
  return done(session, { issueLabel: label });
}
