import type { Message } from '../../domain/message.ts';
import { isConnectorError } from '../errors.ts';
import { createHttp } from '../http.ts';
import { renderMessage } from './blocks.ts';
import { createCall } from './call.ts';
import { eventType, findByKey, readHistory } from './history.ts';
import { createPace } from './pace.ts';
import { permalinkOf } from './permalink.ts';
import { Answer, Permalink, Posted, Self } from './schema.ts';
import { createThreads, type ThreadSearch } from './threads.ts';

export interface SlackOptions {
  /** `https://slack.com/api/` */
  readonly url: string;
  /** A bot token. */
  readonly token: string;
  readonly now?: () => Date;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  readonly timeoutMs?: number;
  /** How long a channel is not read again for threads; a minute unless told. */
  readonly threadsMs?: number;
  /** Refuses every call that may write, before it leaves. */
  readonly readOnly?: boolean;
}

interface Place {
  readonly channel: string;
  readonly ts: string;
}

export interface Slack {
  /**
   * Posts a message, once for each call. After `timeout`, `lost`, `server_error` and `bad_response` it may be in the
   * channel all the same; after any other error it is not.
   */
  post(message: {
    readonly channel: string;
    readonly message: Message;
    readonly threadTs?: string | null;
  }): Promise<Place>;
  /** Waits until a channel takes a message again: Slack takes about one a second. */
  untilFree(channel: string): Promise<void>;
  /** Our messages with this key, the oldest first. */
  findPosted(search: {
    readonly channel: string;
    readonly key: string;
    readonly oldest: Date;
    readonly threadTs?: string | null;
  }): Promise<{ readonly ts: string }[]>;
  /** The message that first spoke of this merge request in the channel; null where none is found or may be read. */
  findThread(search: {
    readonly channel: string;
    readonly mergeRequestUrl: string;
    readonly since: Date;
  }): Promise<string | null>;
  /**
   * The same for many merge requests in one reading, and in none where the channel was read within the last minute;
   * those without such a message are left out.
   */
  findThreads(search: ThreadSearch): Promise<Map<string, string>>;
  /** Deletes a message of ours; one that is gone already is no error. */
  remove(place: Place): Promise<void>;
  /**
   * The address of a message; null where Slack gives none, whatever the reason. It is not asked for where `threadTs` is
   * told, which is null for a message at the top of the channel.
   */
  permalink(place: Place & { readonly threadTs?: string | null }): Promise<string | null>;
}

/** Speaks to Slack: posts confirmations and finds what was posted. It never tries anything twice by itself. */
export function createSlack(options: SlackOptions): Slack {
  const now = options.now ?? (() => new Date());
  const http = createHttp({
    vendor: 'slack',
    now,
    timeoutMs: options.timeoutMs ?? 10_000,
    maxBytes: 16 * 1024 * 1024,
    readOnly: options.readOnly,
  });
  const call = createCall({ url: options.url, token: options.token, http, now });
  const pace = createPace({ now, ...(options.sleep === undefined ? {} : { sleep: options.sleep }) });

  let self: Self | undefined;
  const whoAmI = async (): Promise<Self> => (self ??= await call('auth.test', {}, Self));

  async function tellPermalink(channel: string, ts: string, threadTs: string | null): Promise<string | null> {
    try {
      return permalinkOf(await whoAmI(), channel, ts, threadTs);
    } catch (error) {
      if (isConnectorError(error)) return null;
      throw error;
    }
  }

  const findThreads = createThreads({ call, now, ms: options.threadsMs ?? 60_000 });

  return {
    async post({ channel, message, threadTs }) {
      const { blocks, text } = renderMessage(message);
      await pace(channel);
      const values = {
        channel,
        text,
        blocks,
        thread_ts: threadTs,
        metadata: { event_type: eventType, event_payload: { key: message.key } },
        unfurl_links: false,
        unfurl_media: false,
      };
      try {
        const { ts, channel: where } = await call('chat.postMessage', values, Posted);
        return { channel: where, ts };
      } catch (error) {
        if (isConnectorError(error) && error.code === 'rate_limited') pace.refused(channel);
        throw error;
      }
    },

    untilFree: (channel) => pace.untilFree(channel),

    async findPosted({ channel, key, oldest, threadTs }) {
      const own = await whoAmI();
      try {
        return await findByKey(readHistory(call, { channel, threadTs: threadTs ?? null, oldest }), key, own);
      } catch (error) {
        // A parent that is deleted leaves its place to its replies: where the thread is gone, nothing stands in it.
        if (isConnectorError(error) && error.vendorCode === 'thread_not_found') return [];
        throw error;
      }
    },

    async findThread({ mergeRequestUrl, ...where }) {
      const found = await findThreads({ ...where, mergeRequestUrls: [mergeRequestUrl] });
      return found.get(mergeRequestUrl) ?? null;
    },

    findThreads,

    async remove({ channel, ts }) {
      try {
        await call('chat.delete', { channel, ts }, Answer);
      } catch (error) {
        if (!isConnectorError(error) || error.vendorCode !== 'message_not_found') throw error;
      }
    },

    async permalink({ channel, ts, threadTs }) {
      try {
        const known = threadTs === undefined ? null : await tellPermalink(channel, ts, threadTs);
        if (known !== null) return known;
        return (await call('chat.getPermalink', { channel, message_ts: ts }, Permalink)).permalink;
      } catch (error) {
        // The message stands without it, and must not look unsent for want of a link.
        if (isConnectorError(error)) return null;
        throw error;
      }
    },
  };
}
