import { isConnectorError, type ConnectorErrorCode } from '../errors.ts';
import type { Call } from './call.ts';
import { byAge, isStartOfThread, readHistory, saidIn } from './history.ts';

export interface ThreadSearch {
  readonly channel: string;
  readonly mergeRequestUrls: readonly string[];
  readonly since: Date;
}

/** What was read of a channel: which merge requests were spoken of, and in which message first. */
interface Reading {
  readonly since: Date;
  readonly until: number;
  readonly links: Promise<ReadonlyMap<string, string>>;
}

// A thread is looked for among the latest few hundred messages; it is worth no more than that.
const mostPages = 2;
const mostLinks = 2_000;

// The channel may not be read: confirmations then stand at the top of it.
const notReadable: ReadonlySet<ConnectorErrorCode> = new Set(['forbidden', 'not_found']);

/**
 * Finds the messages that first spoke of merge requests. A channel is read at most once in `ms`: between the readings
 * the answer is what the last one showed. An outage is thrown, and asked about again.
 */
export function createThreads(options: {
  readonly call: Call;
  readonly now: () => Date;
  readonly ms: number;
}): (search: ThreadSearch) => Promise<Map<string, string>> {
  const { call, now, ms } = options;
  const readings = new Map<string, Reading>();

  function linksOf({ channel, since }: ThreadSearch): Reading['links'] {
    const at = now().getTime();
    for (const [name, { until }] of readings) if (until <= at) readings.delete(name);
    const known = readings.get(channel);
    if (known !== undefined && known.since <= since) return known.links;

    const links = readLinks(call, channel, since);
    const reading = { since, until: at + ms, links };
    readings.set(channel, reading);
    links.catch((error: unknown) => {
      // Refused for having read too often: asking again would not be answered any better.
      if (isConnectorError(error) && error.code === 'rate_limited') return;
      if (readings.get(channel) === reading) readings.delete(channel);
    });
    return links;
  }

  return async (search) => {
    const links = await linksOf(search);
    const since = search.since.getTime() / 1000;
    const found = new Map<string, string>();
    for (const url of search.mergeRequestUrls) {
      const plain = url.replace(/\/+$/, '');
      // A link may stand within another one, as the target of a redirect does.
      const spoken = [...links].filter(([link, ts]) => link.endsWith(plain) && Number(ts) >= since);
      const [first] = spoken.map(([, ts]) => ({ ts })).toSorted(byAge);
      if (first !== undefined) found.set(url, first.ts);
    }
    return found;
  };
}

async function readLinks(call: Call, channel: string, since: Date): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>();
  let pages = 0;
  try {
    for await (const messages of readHistory(call, { channel, threadTs: null, oldest: since })) {
      // Newest first, so that the oldest that speaks of it stands in the end.
      for (const message of messages.toSorted(byAge).toReversed()) {
        if (!isStartOfThread(message)) continue;
        for (const link of saidIn(message).flatMap(mergeRequestsIn)) {
          if (links.has(link) || links.size < mostLinks) links.set(link, message.ts);
        }
      }
      if (++pages >= mostPages) break;
    }
  } catch (error) {
    if (!isConnectorError(error) || !notReadable.has(error.code)) throw error;
  }
  return links;
}

// `…/merge_requests/7` stands within `…/merge_requests/70`, and means another one there.
const number = /\/merge_requests\/\d+(?![\w-])/g;
const longestLink = 1_000;

function mergeRequestsIn(text: string): string[] {
  return text.split(/[\s<>|"\\]+/).flatMap((word) =>
    [...word.matchAll(number)].map(({ index, 0: tail }) => {
      const end = index + tail.length;
      return word.slice(Math.max(0, end - longestLink), end);
    }),
  );
}
