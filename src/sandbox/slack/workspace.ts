import { refuse } from './answers.ts';
import type { Author, Channel, Message } from './records.ts';

/** One Slack workspace, our app in it, and its clock. */
export interface Workspace {
  readonly teamId: string;
  readonly team: string;
  readonly url: string;
  readonly bot: Author & { readonly botId: string; readonly appId: string; readonly name: string };
  readonly channels: Map<string, Channel>;
  readonly scheduled: Scheduled[];
  readonly now: () => number;
  /** A time stamp that no message had, larger than all before. */
  nextTs(): string;
}

/** A message that waits for its time. */
export interface Scheduled {
  readonly id: string;
  readonly postAt: number;
  readonly channel: Channel;
  readonly post: () => void;
}

/** An empty workspace. */
export function createWorkspace(now: () => number): Workspace {
  let last = 0;
  return {
    teamId: 'T0ACME',
    team: 'Acme',
    url: 'https://acme.slack.com/',
    bot: { userId: 'U0REVIEWBOT', botId: 'B0REVIEWBOT', appId: 'A0REVIEWAPP', name: 'reviewbot' },
    channels: new Map(),
    scheduled: [],
    now,
    nextTs() {
      last = Math.max(Math.floor(now() * 1000), last + 1);
      return formatTs(last);
    },
  };
}

/** Microseconds as Slack writes a time stamp: seconds, a point, six digits. */
export function formatTs(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}

/** Less than zero where the first is older. Time stamps are strings: as a number they lose their end. */
export function compareTs(one: string, other: string): number {
  const [left, right] = [toMicros(one), toMicros(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function toMicros(ts: string): bigint {
  const [seconds = '0', fraction = ''] = ts.split('.');
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

/** Posts what was scheduled and is due. */
export function postDue(workspace: Workspace): void {
  const seconds = workspace.now() / 1000;
  for (let index = 0; index < workspace.scheduled.length;) {
    const scheduled = workspace.scheduled[index];
    if (scheduled === undefined || scheduled.postAt > seconds) {
      index++;
      continue;
    }
    workspace.scheduled.splice(index, 1);
    scheduled.post();
  }
}

/** The channel with this id; a private one that the bot is not in looks as if it were not there. */
export function requireChannel(workspace: Workspace, id: string | undefined): Channel {
  const channel = workspace.channels.get(id ?? '');
  if (channel === undefined || (channel.isPrivate && !channel.member)) {
    throw refuse('channel_not_found', 'slack 2 membership');
  }
  return channel;
}

/** The message with this time stamp, exactly as it was written. */
export function requireMessage(channel: Channel, ts: string | undefined): Message {
  const found = channel.messages.find((message) => message.ts === ts);
  if (found === undefined || found.subtype === 'tombstone') throw refuse('message_not_found');
  return found;
}

/** Takes a message away. A parent with replies leaves a tombstone. */
export function removeMessage(channel: Channel, message: Message): void {
  channel.deleted.push({ ...message });
  if (channel.messages.some(({ threadTs, ts }) => threadTs === message.ts && ts !== message.ts)) {
    message.subtype = 'tombstone';
    message.text = 'This message was deleted.';
    message.blocks = null;
    message.metadata = null;
    return;
  }
  channel.messages.splice(channel.messages.indexOf(message), 1);
}
