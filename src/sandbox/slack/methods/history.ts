import { missingScope, refuse, type Answer } from '../answers.ts';
import { isInHistory, isReply, showMessage, type MetadataView } from '../messages.ts';
import type { Channel, Message } from '../records.ts';
import { compareTs, requireChannel } from '../workspace.ts';
import { isTs, readCursor, requireScope, writeCursor } from './conversation.ts';
import type { Invocation, Method } from './method.ts';

const history = {
  scopes: ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  writes: false,
  tier: 50,
};

/** `conversations.history` and `conversations.replies` */
export const historyMethods: Readonly<Record<string, Method>> = {
  'conversations.history': { ...history, takesJson: true, run: readHistory },
  'conversations.replies': { ...history, takesJson: false, run: readReplies },
};

function readHistory(invocation: Invocation): Answer {
  const { workspace, given } = invocation;
  const channel = requireReadable(invocation);
  const visible = inWindow(
    invocation,
    channel.messages.filter((message) => isInHistory(message) && isVisible(invocation, message)),
  );
  const newestFirst = visible.toSorted((one, other) => compareTs(other.ts, one.ts));
  const before = readCursor(given.text('cursor'), 'next_ts');
  const rest = newestFirst.filter(({ ts }) => before === undefined || compareTs(ts, before) <= 0);
  const limit = pageSize(invocation, 100, 999);
  const page = rest.slice(0, limit);
  const next = rest[limit];
  const view = metadataView(invocation);
  return {
    body: {
      messages: page.map((message) => showMessage(workspace, channel, message, view)),
      has_more: next !== undefined,
      pin_count: 0,
      channel_actions_ts: null,
      channel_actions_count: 0,
      ...(next === undefined ? {} : { response_metadata: { next_cursor: writeCursor('next_ts', next.ts) } }),
    },
    fact: view === 'whole' ? 'slack 5 include_all_metadata' : 'slack 2 conversations.history',
  };
}

function readReplies(invocation: Invocation): Answer {
  const { workspace, given } = invocation;
  const channel = requireReadable(invocation);
  const asked = channel.messages.find(({ ts }) => ts === given.text('ts'));
  if (asked === undefined || !isVisible(invocation, asked))
    throw refuse('thread_not_found', 'slack 2 conversations.replies');
  const parentTs = asked.threadTs ?? asked.ts;
  const replies = channel.messages.filter((message) => message.threadTs === parentTs && isReply(message));
  const shown = inWindow(
    invocation,
    replies.filter((message) => isVisible(invocation, message)),
  );
  const parent = channel.messages.filter(({ ts }) => ts === parentTs);
  const oldestFirst = [...parent, ...shown.toSorted((one, other) => compareTs(one.ts, other.ts))];
  const after = readCursor(given.text('cursor'), 'next_ts');
  const rest = oldestFirst.filter(({ ts }) => after === undefined || compareTs(ts, after) >= 0);
  const limit = pageSize(invocation, 1000, 1000);
  const next = rest[limit];
  const view = metadataView(invocation);
  return {
    body: {
      messages: rest.slice(0, limit).map((message) => showMessage(workspace, channel, message, view)),
      has_more: next !== undefined,
      ...(next === undefined ? {} : { response_metadata: { next_cursor: writeCursor('next_ts', next.ts) } }),
    },
    fact: 'slack 2 conversations.replies',
  };
}

// Reading needs the bot in the channel, also where posting does not.
function requireReadable({ workspace, switches, limits, scopes, given }: Invocation): Channel {
  const channel = requireChannel(workspace, given.text('channel'));
  requireScope(channel, scopes, 'history');
  if (!channel.member) throw refuse('not_in_channel', 'slack 2 chat:write.public does not help reading');
  if (switches.metadataScope === 'refused_without' && given.flag('include_all_metadata') === true) {
    if (!scopes.has('metadata.message:read')) throw missingScope('metadata.message:read', scopes);
  }
  if (switches.limitedHistory) limits.countRare('history');
  return channel;
}

function metadataView({ switches, scopes, given }: Invocation): MetadataView {
  if (given.flag('include_all_metadata') !== true) return 'type_only';
  const stripped = switches.metadataScope === 'stripped_without' && !scopes.has('metadata.message:read');
  return stripped ? 'type_only' : 'whole';
}

function isVisible({ workspace, switches }: Invocation, message: Message): boolean {
  return workspace.now() - message.postedAtMs >= switches.historyDelayMs;
}

function inWindow({ given }: Invocation, messages: readonly Message[]): Message[] {
  const [oldest, latest] = [given.text('oldest'), given.text('latest')];
  if (oldest !== undefined && !isTs(oldest)) throw refuse('invalid_ts_oldest');
  if (latest !== undefined && !isTs(latest)) throw refuse('invalid_ts_latest');
  const edge = given.flag('inclusive') === true ? 0 : 1;
  return messages.filter(
    ({ ts }) =>
      (oldest === undefined || compareTs(ts, oldest) >= edge) &&
      (latest === undefined || compareTs(ts, latest) <= -edge),
  );
}

function pageSize({ switches, given }: Invocation, usual: number, most: number): number {
  const asked = given.whole('limit') ?? usual;
  if (!(asked >= 1)) throw refuse('invalid_limit');
  return Math.min(asked, switches.limitedHistory ? 15 : most);
}
