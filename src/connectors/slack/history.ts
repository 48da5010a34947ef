import { ConnectorError } from '../errors.ts';
import type { Call } from './call.ts';
import { Page, type PostedMessage, type Self } from './schema.ts';

/** What marks our messages: the type of their metadata, whose payload carries the outbox key. */
export const eventType = 'countersign_confirmation';

const perPage = 200;
// Ten thousand messages: a look-up reaches back minutes or hours.
const mostPages = 50;

/** The messages of a channel, or of a thread, since a moment; page by page, as Slack gives them. */
export async function* readHistory(
  call: Call,
  where: { readonly channel: string; readonly threadTs: string | null; readonly oldest: Date },
): AsyncGenerator<readonly PostedMessage[]> {
  const method = where.threadTs === null ? 'conversations.history' : 'conversations.replies';
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const { messages, has_more, response_metadata }: Page = await call(
      method,
      {
        channel: where.channel,
        ts: where.threadTs,
        oldest: (where.oldest.getTime() / 1000).toFixed(6),
        inclusive: true,
        // Without it Slack leaves the payload out.
        include_all_metadata: true,
        limit: perPage,
        cursor,
      },
      Page,
    );
    yield messages;
    const next: string = response_metadata?.next_cursor ?? '';
    if (next === '' && has_more !== true) return;
    if (next === '' || next === cursor) break;
    cursor = next;
  }
  throw new ConnectorError({
    vendor: 'slack',
    code: 'bad_response',
    message: `Slack's answers to ${method} do not come to an end`,
  });
}

/** The key that a message of ours carries; `hidden` where Slack left it out, undefined where it is none of ours. */
function keyOf(message: PostedMessage, self: Self): { readonly key: string } | 'hidden' | undefined {
  const isOurs =
    isSame(message.bot_id, self.bot_id) || isSame(message.app_id, self.app_id) || isSame(message.user, self.user_id);
  if (!isOurs || message.metadata?.event_type !== eventType) return undefined;
  const key = message.metadata.event_payload?.['key'];
  return typeof key === 'string' ? { key } : 'hidden';
}

/**
 * Our messages with this key, the oldest first. Text is never compared: Slack may rewrite it. Where Slack hides the
 * keys, none can be told from another, and that must not look as if nothing had been posted.
 */
export async function findByKey(
  pages: AsyncIterable<readonly PostedMessage[]>,
  key: string,
  self: Self,
): Promise<{ readonly ts: string }[]> {
  const found: { readonly ts: string }[] = [];
  let hidden = false;
  for await (const messages of pages) {
    for (const message of messages) {
      const carried = keyOf(message, self);
      if (carried === 'hidden') hidden = true;
      else if (carried?.key === key) found.push({ ts: message.ts });
    }
  }
  if (hidden && found.length === 0) {
    throw new ConnectorError({
      vendor: 'slack',
      code: 'forbidden',
      message: 'Slack does not show the metadata of our own messages; add the scope metadata.message:read to the app',
    });
  }
  return found.toSorted(byAge);
}

/** True for a message at the top of the channel that stands and is no confirmation of ours. */
export function isStartOfThread(message: PostedMessage): boolean {
  if (message.metadata?.event_type === eventType || message.subtype === 'tombstone') return false;
  return !message.thread_ts || message.thread_ts === message.ts;
}

/** Every text of a message that may hold an address. */
export function saidIn(message: PostedMessage): string[] {
  const said = [message.text ?? '', JSON.stringify(message.blocks ?? []), JSON.stringify(message.attachments ?? [])];
  return said.map((text) => text.replaceAll('&amp;', '&'));
}

/** Orders message names by time; they are text, and the seconds may differ in length. */
export function byAge(one: { readonly ts: string }, other: { readonly ts: string }): number {
  const [a, b] = [one.ts.split('.'), other.ts.split('.')];
  const seconds = Number(a[0]) - Number(b[0]);
  return seconds === 0 ? (a[1] ?? '').localeCompare(b[1] ?? '') : seconds;
}

function isSame(given: string | null | undefined, ours: string | null | undefined): boolean {
  return Boolean(ours) && given === ours;
}
