import { refuse } from '../answers.ts';
import { addMessage, checkParent, permalinkOf, readContent, showMessage } from '../messages.ts';
import type { Channel, Message } from '../records.ts';
import { removeMessage, requireChannel, requireMessage, type Workspace } from '../workspace.ts';
import type { Invocation, Method } from './method.ts';

const write = { scopes: ['chat:write'], takesJson: true, writes: true } as const;
const longestUpdate = 4000;
const farthestSeconds = 120 * 86_400;

/** `chat.*` */
export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': { ...write, tier: 0, run: postMessage },
  'chat.scheduleMessage': { ...write, tier: 50, run: scheduleMessage },
  'chat.update': { ...write, tier: 50, run: updateMessage },
  'chat.delete': { ...write, tier: 50, run: deleteMessage },
  'chat.getPermalink': { scopes: [], tier: 0, takesJson: false, writes: false, run: getPermalink },
};

function postMessage(invocation: Invocation): ReturnType<Method['run']> {
  const { workspace, switches, limits, given } = invocation;
  const channel = requireChannelToPost(invocation);
  const content = readContent(given, switches);
  const threadTs = given.text('thread_ts');
  checkParent(channel, threadTs, switches);
  limits.countMessage(channel.id);

  const message = addMessage(workspace, channel, content, {
    author: workspace.bot,
    threadTs: threadTs ?? null,
    broadcast: threadTs !== undefined && (given.flag('reply_broadcast') ?? false),
    linksNames: given.flag('link_names') === true || given.text('parse') === 'full',
    unfurls: given.flag('unfurl_links') !== false || given.flag('unfurl_media') !== false,
  });
  const truncated = (given.text('text') ?? '').length > message.text.length;
  return {
    body: { channel: channel.id, ts: message.ts, message: showPosted(invocation, channel, message) },
    fact:
      given.text('client_msg_id') !== undefined
        ? 'slack 6 client_msg_id is ignored'
        : truncated
          ? 'slack 3 text over 40,000 is truncated'
          : 'slack 2 postMessage',
  };
}

function showPosted({ workspace, switches }: Invocation, channel: Channel, message: Message): unknown {
  const { bot_id: botId, ...shown } = showMessage(
    workspace,
    channel,
    message,
    switches.metadataEchoed ? 'whole' : 'none',
  );
  if (!switches.metadataEchoed) delete shown['app_id'];
  return { bot_id: botId, ...shown };
}

function scheduleMessage(invocation: Invocation): ReturnType<Method['run']> {
  const { workspace, switches, given } = invocation;
  const channel = requireChannelToPost(invocation);
  const content = readContent(given, switches);
  const fact = 'slack 2 scheduleMessage';
  const postAt = given.whole('post_at');
  const now = workspace.now() / 1000;
  if (postAt === undefined || Number.isNaN(postAt)) throw refuse('invalid_time', fact);
  if (postAt <= now) throw refuse('time_in_past', fact);
  if (postAt > now + farthestSeconds) throw refuse('time_too_far', fact);
  const near = workspace.scheduled.filter(
    (other) => other.channel === channel && Math.abs(other.postAt - postAt) < 300,
  );
  if (near.length >= 30) throw refuse('restricted_too_many', fact);

  const id = `Q${workspace.nextTs().replace('.', '')}`;
  const post = (): void => {
    addMessage(workspace, channel, content, { author: workspace.bot });
  };
  workspace.scheduled.push({ id, postAt, channel, post });
  return {
    body: {
      channel: channel.id,
      scheduled_message_id: id,
      post_at: postAt,
      message: { type: 'delayed_message', bot_id: workspace.bot.botId, text: content.text },
    },
    fact,
  };
}

function updateMessage({ workspace, switches, given }: Invocation): ReturnType<Method['run']> {
  const channel = requireChannel(workspace, given.text('channel'));
  const message = requireMessage(channel, given.text('ts'));
  const fact = 'slack 2 update';
  if (message.author.botId !== workspace.bot.botId) throw refuse('cant_update_message', fact);
  if (channel.archived) throw refuse('is_inactive', fact);
  if ((given.text('text') ?? '').length > longestUpdate) throw refuse('msg_too_long', fact);
  const content = readContent(given, switches);
  message.text = content.text;
  message.blocks = content.blocks;
  message.attachments = content.attachments;
  if (content.metadata !== undefined) message.metadata = content.metadata;
  message.editedTs = workspace.nextTs();
  return {
    body: {
      channel: channel.id,
      ts: message.ts,
      text: message.text,
      message: showMessage(workspace, channel, message, switches.metadataEchoed ? 'whole' : 'none'),
    },
    fact,
  };
}

function deleteMessage({ workspace, given }: Invocation): ReturnType<Method['run']> {
  const channel = requireChannel(workspace, given.text('channel'));
  const message = requireMessage(channel, given.text('ts'));
  if (message.author.botId !== workspace.bot.botId) throw refuse('cant_delete_message', 'slack 2 delete');
  removeMessage(channel, message);
  return { body: { channel: channel.id, ts: message.ts }, fact: 'slack 2 delete' };
}

function getPermalink({ workspace, given }: Invocation): ReturnType<Method['run']> {
  const channel = requireChannel(workspace, given.text('channel'));
  const message = requireMessage(channel, given.text('message_ts'));
  return { body: { channel: channel.id, permalink: permalinkOf(workspace, message) }, fact: 'slack 2 getPermalink' };
}

// By id or by name. A public channel can be posted to from outside with the right scope, a private one is not there.
function requireChannelToPost({ workspace, switches, scopes, given }: Invocation): Channel {
  const channel = requireChannel(workspace, idOf(workspace, given.text('channel'), switches.orgWideToken));
  if (!channel.member && !scopes.has('chat:write.public')) throw refuse('not_in_channel', 'slack 2 membership');
  if (channel.archived) throw refuse('is_archived', 'slack 4 is_archived');
  return channel;
}

function idOf({ channels }: Workspace, given: string | undefined, orgWide: boolean): string | undefined {
  if (given === undefined || channels.has(given)) return given;
  if (orgWide) throw refuse('team_not_found', 'slack 2.1 names fail for org-wide tokens');
  const name = given.replace(/^#/, '');
  return [...channels.values()].find((channel) => channel.name === name)?.id;
}
