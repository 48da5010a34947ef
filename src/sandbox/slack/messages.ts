import { refuse } from './answers.ts';
import type { Arguments } from './arguments.ts';
import { readBlocks } from './blocks.ts';
import { readMetadata } from './metadata.ts';
import type { Author, Block, Channel, Message, Metadata } from './records.ts';
import { rewriteBlocks, rewriteText } from './rewrite.ts';
import type { SlackSwitches } from './switches.ts';
import type { Workspace } from './workspace.ts';

/** What a message says. */
export interface Content {
  readonly text: string;
  readonly blocks: readonly Block[] | null;
  readonly attachments: readonly unknown[] | null;
  /** Undefined where it was not given: an update then keeps what is there. */
  readonly metadata: Metadata | null | undefined;
}

const longestText = 40_000;
const longestMarkdown = 12_000;
const mostAttachments = 100;

/** Reads and checks the content of a message that is posted, scheduled or updated. */
export function readContent(given: Arguments, switches: SlackSwitches): Content {
  const markdown = given.text('markdown_text');
  const text = given.text('text');
  const blocks = readBlocks(given.structure('blocks'), switches.blocksCharacterLimit);
  if (markdown !== undefined && (text !== undefined || blocks !== undefined)) {
    throw refuse('markdown_text_conflict', 'slack 2.1 markdown_text excludes text and blocks');
  }
  if ((markdown?.length ?? 0) > longestMarkdown)
    throw refuse('msg_too_long', 'slack 2.1 markdown_text excludes text and blocks');
  const attachments = readAttachments(given);
  const whole = markdown ?? text ?? '';
  if (whole.trim() === '' && (blocks ?? []).length === 0 && (attachments ?? []).length === 0) {
    throw refuse('no_text', 'slack 4 no text');
  }
  const metadata = readMetadata(given.structure('metadata'), switches.metadataByteLimit);
  const cut = whole.slice(0, longestText);
  return {
    text: switches.rewritesText ? rewriteText(cut) : cut,
    blocks: blocks === undefined || blocks.length === 0 ? null : rewriteBlocks(blocks, switches.rewritesText),
    attachments,
    metadata,
  };
}

function readAttachments(given: Arguments): readonly unknown[] | null {
  const structure = given.structure('attachments');
  if (structure.kind === 'absent') return null;
  if (structure.kind === 'unreadable' || !Array.isArray(structure.value)) throw refuse('invalid_attachments');
  if (structure.value.length > mostAttachments) throw refuse('too_many_attachments');
  return structure.value;
}

export interface Placement {
  readonly author: Author;
  readonly threadTs?: string | null;
  readonly broadcast?: boolean;
  readonly linksNames?: boolean;
  readonly unfurls?: boolean;
}

/** Puts a message into a channel, with a time stamp of its own. */
export function addMessage(workspace: Workspace, channel: Channel, content: Content, placement: Placement): Message {
  const message: Message = {
    channel: channel.id,
    ts: workspace.nextTs(),
    author: placement.author,
    postedAtMs: workspace.now(),
    text: content.text,
    blocks: content.blocks,
    attachments: content.attachments,
    metadata: content.metadata ?? null,
    threadTs: placement.threadTs ?? null,
    broadcast: placement.broadcast ?? false,
    subtype: null,
    editedTs: null,
    linksNames: placement.linksNames ?? false,
    unfurls: placement.unfurls ?? true,
  };
  channel.messages.push(message);
  return message;
}

/** The parent that `thread_ts` names: an existing message that is not itself a reply. */
export function checkParent(channel: Channel, threadTs: string | undefined, switches: SlackSwitches): void {
  if (threadTs === undefined) return;
  const fact = 'slack 2.1 thread_ts is a parent';
  const parent = channel.messages.find(({ ts }) => ts === threadTs);
  if (parent === undefined) throw refuse('thread_not_found', fact);
  if (parent.subtype === 'channel_join') throw refuse('cannot_reply_to_message', fact);
  if (isReply(parent) && switches.replyToReply === 'refused') throw refuse('thread_not_found', fact);
}

/** Whether a message is in a thread and not at its head. */
export function isReply({ threadTs, ts }: Message): boolean {
  return threadTs !== null && threadTs !== ts;
}

/** Whether history shows a message: replies are in their thread only, unless they were broadcast. */
export function isInHistory(message: Message): boolean {
  return !isReply(message) || message.broadcast;
}

/** How much of the metadata an answer shows. */
export type MetadataView = 'whole' | 'type_only' | 'none';

/** A message as answers show it. */
export function showMessage(
  workspace: Workspace,
  channel: Channel,
  message: Message,
  metadata: MetadataView,
): Record<string, unknown> {
  const { author, blocks, attachments, subtype, editedTs, threadTs, ts, text } = message;
  const replies = channel.messages.filter((other) => other.threadTs === ts && isReply(other));
  const thread = threadTs ?? (replies.length > 0 ? ts : null);
  return {
    type: 'message',
    ...(subtype === null ? (message.broadcast ? { subtype: 'thread_broadcast' } : {}) : { subtype }),
    user: author.userId,
    ...(author.botId === null ? {} : { bot_id: author.botId }),
    ...(author.appId === null ? {} : { app_id: author.appId }),
    team: workspace.teamId,
    text,
    ts,
    ...(blocks === null ? {} : { blocks }),
    ...(attachments === null ? {} : { attachments }),
    ...(editedTs === null ? {} : { edited: { user: author.userId, ts: editedTs } }),
    ...(thread === null ? {} : { thread_ts: thread }),
    ...(isReply(message) ? { parent_user_id: parentUser(channel, message) } : {}),
    ...(replies.length === 0 || isReply(message)
      ? {}
      : {
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((reply) => reply.author.userId)).size,
          latest_reply: replies.at(-1)?.ts,
        }),
    ...showMetadata(message.metadata, metadata),
  };
}

function showMetadata(metadata: Metadata | null, view: MetadataView): Record<string, unknown> {
  if (metadata === null || view === 'none') return {};
  // The payload is only for those who ask for all of it.
  return { metadata: view === 'whole' ? metadata : { event_type: metadata.event_type } };
}

function parentUser(channel: Channel, { threadTs }: Message): string | undefined {
  return channel.messages.find(({ ts }) => ts === threadTs)?.author.userId;
}

/** Where people open a message. */
export function permalinkOf(workspace: Workspace, message: Message): string {
  const link = `${workspace.url}archives/${message.channel}/p${message.ts.replace('.', '')}`;
  return isReply(message) ? `${link}?thread_ts=${message.threadTs ?? ''}&cid=${message.channel}` : link;
}
