import { inputError, invalidArgument } from './errors.ts';
import { recordHistory } from './history.ts';
import { requireUuid4 } from './lookup.ts';
import type { Actor, Attachment, Issue } from './records.ts';
import type { Session } from './session.ts';
import { touch, type Store } from './store.ts';

export interface AttachmentInput {
  readonly url: string;
  readonly title: string;
  readonly subtitle?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  readonly groupBySource?: boolean | null;
  readonly id?: string | null;
}

/** Attaches a link. The same address on the same issue updates what is there. */
export function putAttachment(session: Session, issue: Issue, input: AttachmentInput): Attachment {
  const { store, facts } = session;
  checkInput(session, input);
  const present = attachmentOf(session, issue, input.url);
  if (present !== undefined) {
    facts.add('linear 7.1 same url on same issue updates');
    rewriteAttachment(store, present, input);
    return present;
  }
  facts.add('linear 7.1 attachment created');
  return addAttachment(session, issue, input, null);
}

/** The attachment of this issue with this address. */
export function attachmentOf(session: Session, issue: Issue, url: string): Attachment | undefined {
  const wanted = comparable(session, url);
  return [...session.store.attachments.values()].find(
    (attachment) => attachment.issueId === issue.id && comparable(session, attachment.url) === wanted,
  );
}

/** An address as it is compared. */
export function comparable({ switches }: Session, url: string): string {
  if (!switches.urlNormalised || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.hash = '';
  return parsed.href.replace(/\/$/, '');
}

/** Makes the rich attachment of a merge request, as the integration does. */
export function linkMergeRequest(session: Session, issue: Issue, input: AttachmentInput): Attachment {
  const { switches } = session;
  const metadata = switches.gitlabMetadata ? { status: 'merged' } : {};
  return link(session, issue, { ...input, metadata }, switches.gitlabSourceType);
}

/** Makes a plain attachment by a mutation that links, rather than one that attaches. */
export function linkAddress(session: Session, issue: Issue, input: AttachmentInput): Attachment {
  return link(session, issue, input, null);
}

function link(session: Session, issue: Issue, input: AttachmentInput, sourceType: string | null): Attachment {
  checkInput(session, input);
  const present = attachmentOf(session, issue, input.url);
  if (present !== undefined && session.switches.linkTwice === 'fails') {
    throw inputError(
      session,
      'Duplicate attachment for duplicate url',
      'linear 7.1 duplicate attachment for duplicate url',
    );
  }
  if (present !== undefined) {
    session.facts.add('linear 7.1 same url on same issue updates');
    rewriteAttachment(session.store, present, input);
    return present;
  }
  session.facts.add('linear 7.1 attachment created');
  return addAttachment(session, issue, input, sourceType);
}

function addAttachment(session: Session, issue: Issue, input: AttachmentInput, sourceType: string | null): Attachment {
  if (input.id && session.store.attachments.has(input.id)) {
    throw inputError(session, 'An attachment with this id exists', 'linear 7.1 attachment created');
  }
  const { store, actor, switches } = session;
  return keepAttachment(store, issue, input, sourceType, actor, switches.historyMergeSeconds);
}

/** Keeps an attachment, unchecked. */
export function keepAttachment(
  store: Store,
  issue: Issue,
  input: AttachmentInput,
  sourceType: string | null,
  by: Actor,
  mergeSeconds: number,
): Attachment {
  const attachment: Attachment = {
    ...store.stamp(input.id ?? undefined),
    issueId: issue.id,
    url: input.url,
    title: input.title,
    subtitle: input.subtitle ?? null,
    metadata: { ...input.metadata },
    groupBySource: input.groupBySource ?? false,
    sourceType,
    creatorId: 'userId' in by ? by.userId : null,
  };
  store.attachments.set(attachment.id, attachment);
  touch(store, issue);
  recordHistory(store, issue, by, { attachmentId: attachment.id }, mergeSeconds);
  return attachment;
}

/** Changes what an attachment says; what the input leaves out stays. */
export function rewriteAttachment(store: Store, attachment: Attachment, input: Omit<AttachmentInput, 'url'>): void {
  attachment.title = input.title;
  if (input.subtitle !== undefined) attachment.subtitle = input.subtitle;
  if (input.metadata) attachment.metadata = { ...input.metadata };
  if (typeof input.groupBySource === 'boolean') attachment.groupBySource = input.groupBySource;
  touch(store, attachment);
}

/** Refuses what Linear would not keep. */
export function checkInput(session: Session, input: AttachmentInput): void {
  if (input.id) requireUuid4(session, 'id', input.id);
  if (!URL.canParse(input.url)) throw invalidArgument(session, 'url', 'must be a URL address');
  checkText(session, input);
}

/** Refuses an empty title and metadata that is not flat. */
export function checkText(session: Session, { title, metadata }: Pick<AttachmentInput, 'title' | 'metadata'>): void {
  if (title.trim() === '') throw invalidArgument(session, 'title', 'must not be empty');
  for (const [key, value] of Object.entries(metadata ?? {})) {
    if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) continue;
    throw invalidArgument(
      session,
      'metadata',
      `must have string and number values only, and "${key}" has another`,
      'linear 7.1 metadata strings and numbers only',
    );
  }
}
