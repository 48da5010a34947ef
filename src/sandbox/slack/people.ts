import { addMessage, isReply, permalinkOf } from './messages.ts';
import type { Author, Block, Channel, Message, Metadata } from './records.ts';
import { renderMessage, type Rendered } from './render.ts';
import { rewriteBlocks, rewriteText } from './rewrite.ts';
import type { SlackSwitches } from './switches.ts';
import { postDue, removeMessage, type Workspace } from './workspace.ts';

export interface ChannelInput {
  readonly name: string;
  readonly id?: string;
  readonly private?: boolean;
  /** Whether our bot is in it; it is unless said otherwise. */
  readonly member?: boolean;
  readonly archived?: boolean;
  /** Shared with another company by Slack Connect. */
  readonly external?: boolean;
}

export interface Post {
  readonly text: string;
  /** A person's name; `app` makes it another app's message. */
  readonly user?: string;
  readonly app?: string;
  readonly blocks?: readonly Block[];
  readonly metadata?: Metadata;
  readonly threadTs?: string;
  readonly broadcast?: boolean;
}

/** A message as it stands, for tests and for people who look. */
export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly reply: boolean;
  readonly author: Author;
  /** Whether our bot wrote it. */
  readonly own: boolean;
  readonly text: string;
  readonly blocks: readonly Block[] | null;
  readonly metadata: Metadata | null;
  readonly edited: boolean;
  readonly subtype: string | null;
  readonly unfurls: boolean;
  readonly permalink: string;
  /** What readers see, and whom it calls. */
  readonly rendered: Rendered;
}

/** What people do in a workspace, without its API. */
export interface People {
  createChannel(input: ChannelInput): { readonly id: string; readonly name: string };
  /** Invites our bot to a channel, or removes it. */
  setMember(channel: string, member: boolean): void;
  setArchived(channel: string, archived: boolean): void;
  /** Posts as a person or as another app, and gives the time stamp. */
  post(channel: string, post: Post): string;
  deleteMessage(channel: string, ts: string): void;
  channels(): { id: string; name: string; isPrivate: boolean; archived: boolean; member: boolean }[];
  /** What is in a channel, replies included, oldest first. By id or name. */
  messages(channel: string): FakeMessage[];
  /** What was taken away, as it was. */
  deleted(channel: string): FakeMessage[];
}

/** Everything that happens in a workspace without its API. */
export function createPeople(workspace: Workspace, switches: SlackSwitches): People {
  const find = (channel: string): Channel => {
    const all = [...workspace.channels.values()];
    const found = workspace.channels.get(channel) ?? all.find(({ name }) => name === channel);
    if (found === undefined) throw new Error(`The sandbox has no channel ${channel}`);
    return found;
  };

  return {
    createChannel({ name, id, private: isPrivate = false, member = true, archived = false, external = false }) {
      const made: Channel = {
        id: id ?? `C0${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')}`,
        name,
        isPrivate,
        member,
        archived,
        external,
        created: Math.floor(workspace.now() / 1000),
        messages: [],
        deleted: [],
      };
      if (workspace.channels.has(made.id)) throw new Error(`The sandbox has a channel ${made.id} already`);
      workspace.channels.set(made.id, made);
      return { id: made.id, name };
    },
    setMember(channel, member) {
      find(channel).member = member;
    },
    setArchived(channel, archived) {
      find(channel).archived = archived;
    },
    post(channel, { text, user = 'mlund', app, blocks, metadata, threadTs, broadcast }) {
      const suffix = (app ?? user).toUpperCase();
      const author = { userId: `U0${suffix}`, botId: app ? `B0${suffix}` : null, appId: app ? `A0${suffix}` : null };
      const content = {
        text: rewriteText(text),
        blocks: blocks === undefined ? null : rewriteBlocks(blocks, switches.rewritesText),
        attachments: null,
        metadata,
      };
      const placement = { author, threadTs: threadTs ?? null, broadcast: broadcast ?? false };
      return addMessage(workspace, find(channel), content, placement).ts;
    },
    deleteMessage(channel, ts) {
      const from = find(channel);
      const message = from.messages.find((one) => one.ts === ts);
      if (message === undefined) throw new Error(`The sandbox has no message ${ts} in ${channel}`);
      removeMessage(from, message);
    },
    channels: () =>
      [...workspace.channels.values()].map(({ id, name, isPrivate, archived, member }) => ({
        id,
        name,
        isPrivate,
        archived,
        member,
      })),
    messages(channel) {
      postDue(workspace);
      return find(channel).messages.map((message) => describeMessage(workspace, message));
    },
    deleted: (channel) => find(channel).deleted.map((message) => describeMessage(workspace, message)),
  };
}

function describeMessage(workspace: Workspace, message: Message): FakeMessage {
  return {
    channel: message.channel,
    ts: message.ts,
    threadTs: message.threadTs,
    reply: isReply(message),
    author: message.author,
    own: message.author.botId === workspace.bot.botId,
    text: message.text,
    blocks: structuredClone(message.blocks),
    metadata: structuredClone(message.metadata),
    edited: message.editedTs !== null,
    subtype: message.subtype,
    unfurls: message.unfurls,
    permalink: permalinkOf(workspace, message),
    rendered: renderMessage(message),
  };
}
