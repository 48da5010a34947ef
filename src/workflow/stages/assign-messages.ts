import { isConnectorError } from '../../connectors/errors.ts';
import { splitLines } from '../../connectors/slack/blocks.ts';
import type { Slack } from '../../connectors/slack/client.ts';
import type { LogHead } from '../../domain/log-head.ts';
import { digestOf, type Confirmed } from '../../domain/message.ts';
import { countUnderWay } from '../../storage/changes.ts';
import type { Database } from '../../storage/database.ts';
import { enqueueMessages, readMessages, type NewMessage, type OutboxMessage } from '../../storage/messages.ts';
import { sha256 } from '../sha256.ts';
import type { Work } from '../stage.ts';

export interface AssignParts {
  readonly database: Pick<Database, 'db' | 'transaction'>;
  readonly slack: Pick<Slack, 'findThreads' | 'untilFree'>;
  /** More changes than this waiting for one channel are confirmed together. */
  readonly digestAbove: number;
  /** Channels in which a burst is being confirmed. */
  readonly bursts: Set<string>;
  readonly now: () => Date;
}

export type Waiting = Pick<Work, 'change'>;

/**
 * Settles which message confirms a change, before it is sent and for good. One change at a time gets a message of its
 * own; as soon as too many wait for the channel, all that are in hand go together, and so do those that come after them
 * until none is left. That is looked at anew before each message, since a channel takes one a second and a burst grows
 * meanwhile.
 */
export async function assignNext(
  parts: AssignParts,
  channel: string,
  left: readonly Waiting[],
  confirmed: ReadonlyMap<number, Confirmed>,
): Promise<OutboxMessage[]> {
  const { database, now } = parts;
  await parts.slack.untilFree(channel);
  const isTogether = left.length > 1 && (await isBurst(parts, channel, left.length));
  const messages = isTogether ? digests(channel, left, confirmed) : [await single(parts, channel, left)];
  await database.transaction((db) => enqueueMessages(db, messages, now()));
  return readMessages(
    database.db,
    messages.flatMap(({ changeIds }) => changeIds),
  );
}

// All that are on their way to the channel count, and not only these: how many came together is an accident. The end of
// a burst goes as it began: twenty that are left of hundreds would otherwise take twenty seconds.
async function isBurst(
  { database, digestAbove, bursts }: AssignParts,
  channel: string,
  inHand: number,
): Promise<boolean> {
  const underWay = await countUnderWay(database.db, channel);
  if (underWay > digestAbove) bursts.add(channel);
  const isBursting = bursts.has(channel);
  if (underWay <= inHand) bursts.delete(channel);
  return isBursting;
}

async function single(parts: AssignParts, channel: string, left: readonly Waiting[]): Promise<NewMessage> {
  const { change } = left[0]!;
  return {
    key: change.recordId,
    channel,
    threadTs: await findThread(parts, channel, change.event.url),
    changeIds: [change.id],
  };
}

const threadLookbackMs = 30 * 24 * 3600 * 1000;

// Some apps may read one page of history a minute. A confirmation at the top of the channel is better than one that
// waits for its place under another message.
async function findThread({ slack, now }: AssignParts, channel: string, url: string): Promise<string | null> {
  const since = new Date(now().getTime() - threadLookbackMs);
  try {
    const threads = await slack.findThreads({ channel, mergeRequestUrls: [url], since });
    return threads.get(url) ?? null;
  } catch (error) {
    if (isConnectorError(error) && error.code === 'rate_limited') return null;
    throw error;
  }
}

// Room for the head is left before it is known: the log may grow until the digest is sent.
const widestHead: LogHead = { size: Number.MAX_SAFE_INTEGER, root: new Uint8Array(32) };

function digests(channel: string, left: readonly Waiting[], confirmed: ReadonlyMap<number, Confirmed>): NewMessage[] {
  const whole = digestOf(
    '',
    left.map(({ change }) => confirmed.get(change.id)!),
    widestHead,
  );
  const [heading, ...lines] = whole.lines;
  let at = 0;
  return splitLines(lines, [heading!]).map((part) => {
    const changes = left.slice(at, at + part.length).map(({ change }) => change);
    at += part.length;
    return {
      key: digestKey(changes.map((change) => change.recordId)),
      channel,
      threadTs: null,
      changeIds: changes.map((change) => change.id),
    };
  });
}

function digestKey(recordIds: readonly string[]): string {
  return `digest-${sha256(recordIds.toSorted().join(' ')).slice(0, 16)}`;
}
