import { inputError, invalidArgument } from './errors.ts';
import { requireIssue, requireUuid4 } from './lookup.ts';
import type { Comment } from './records.ts';
import type { Session } from './session.ts';

export interface CommentInput {
  readonly issueId?: string | null;
  readonly body?: string | null;
  readonly bodyData?: unknown;
  readonly id?: string | null;
  readonly parentId?: string | null;
  readonly quotedText?: string | null;
}

/** Comments on an issue. The id may be the client's. */
export function addComment(session: Session, input: CommentInput): Comment {
  const { store, switches, facts, viewer } = session;
  if (input.id) requireUuid4(session, 'id', input.id);
  if (!input.issueId) throw invalidArgument(session, 'issueId', 'must be given');
  const body = input.body ?? (input.bodyData === undefined ? '' : JSON.stringify(input.bodyData));
  if (body.trim() === '') throw invalidArgument(session, 'body', 'must not be empty');
  const issue = requireIssue(session, input.issueId);

  const present = store.comments.get(input.id ?? '');
  if (present !== undefined) {
    facts.add('linear 7.2 repeated comment id');
    if (switches.repeatedCommentId === 'ignored') return present;
    throw inputError(session, 'A comment with this id exists', 'linear 7.2 repeated comment id');
  }
  const comment: Comment = {
    ...store.stamp(input.id ?? undefined),
    issueId: issue.id,
    body,
    parentId: input.parentId ?? null,
    quotedText: input.quotedText ?? null,
    userId: viewer.id,
  };
  store.comments.set(comment.id, comment);
  facts.add('linear 7.2 comment created');
  return comment;
}
