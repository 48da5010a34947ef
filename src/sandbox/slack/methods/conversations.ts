import { missingScope, refuse, type Answer } from '../answers.ts';
import type { Channel } from '../records.ts';
import { requireChannel, type Workspace } from '../workspace.ts';
import { readCursor, requireScope, writeCursor } from './conversation.ts';
import type { Invocation, Method } from './method.ts';

const read = { scopes: ['channels:read', 'groups:read', 'im:read', 'mpim:read'], takesJson: false, writes: false };

/** `conversations.info`, `.list` and `.join` */
export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.info': { ...read, tier: 50, run: info },
  'conversations.list': { ...read, tier: 20, run: list },
  'conversations.join': { scopes: ['channels:join'], tier: 50, takesJson: true, writes: true, run: join },
};

function info({ workspace, scopes, given }: Invocation): Answer {
  const channel = requireChannel(workspace, given.text('channel'));
  requireScope(channel, scopes, 'read');
  return { body: { channel: showChannel(workspace, channel) }, fact: 'slack 2 conversations.info' };
}

const types = ['public_channel', 'private_channel', 'mpim', 'im'];

function list({ workspace, scopes, given }: Invocation): Answer {
  const fact = 'slack 2 conversations.list';
  const asked = (given.text('types') ?? 'public_channel').split(',').map((type) => type.trim());
  if (asked.some((type) => !types.includes(type))) throw refuse('invalid_types', fact);
  for (const type of asked) {
    const needed = {
      public_channel: 'channels:read',
      private_channel: 'groups:read',
      mpim: 'mpim:read',
      im: 'im:read',
    }[type];
    if (needed !== undefined && !scopes.has(needed)) throw missingScope(needed, scopes);
  }
  const limit = given.whole('limit') ?? 100;
  if (!(limit >= 1 && limit < 1000)) throw refuse('invalid_limit', fact);
  const shown = [...workspace.channels.values()]
    .filter(
      ({ isPrivate, member }) =>
        asked.includes(isPrivate ? 'private_channel' : 'public_channel') && (!isPrivate || member),
    )
    .filter(({ archived }) => !archived || given.flag('exclude_archived') !== true);
  const start = readCursor(given.text('cursor'), 'channel') ?? '0';
  const from = Number(start);
  const page = shown.slice(from, from + limit);
  const next = from + limit < shown.length ? writeCursor('channel', String(from + limit)) : '';
  return {
    body: {
      channels: page.map((channel) => showChannel(workspace, channel)),
      response_metadata: { next_cursor: next },
    },
    fact,
  };
}

function join({ workspace, given }: Invocation): Answer {
  const fact = 'slack 2 conversations.join';
  const channel = requireChannel(workspace, given.text('channel'));
  if (channel.isPrivate) throw refuse('method_not_supported_for_channel_type', fact);
  if (channel.archived) throw refuse('is_archived', 'slack 4 is_archived');
  const already = channel.member;
  channel.member = true;
  if (!already) addJoin(workspace, channel);
  return {
    body: {
      channel: showChannel(workspace, channel),
      ...(already ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } } : {}),
    },
    fact,
  };
}

/** The line that tells the others of a new member. */
function addJoin(workspace: Workspace, channel: Channel): void {
  const { userId } = workspace.bot;
  channel.messages.push({
    channel: channel.id,
    ts: workspace.nextTs(),
    author: { userId, botId: null, appId: null },
    postedAtMs: workspace.now(),
    text: `<@${userId}> has joined the channel`,
    blocks: null,
    attachments: null,
    metadata: null,
    threadTs: null,
    broadcast: false,
    subtype: 'channel_join',
    editedTs: null,
    linksNames: false,
    unfurls: false,
  });
}

function showChannel(workspace: Workspace, channel: Channel): Record<string, unknown> {
  const { id, name, isPrivate, archived, external, member, created } = channel;
  return {
    id,
    name,
    name_normalized: name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: isPrivate,
    is_archived: archived,
    is_general: false,
    is_shared: external,
    is_ext_shared: external,
    is_org_shared: false,
    is_pending_ext_shared: false,
    is_member: member,
    created,
    creator: 'U0MLUND',
    context_team_id: workspace.teamId,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}
