import type { Self } from './schema.ts';

/**
 * The address of a message as `chat.getPermalink` would give it; null where it cannot be told without asking. `threadTs`
 * is null for a message at the top of the channel.
 */
export function permalinkOf(self: Self, channel: string, ts: string, threadTs: string | null): string | null {
  const base = URL.parse(self.url ?? '');
  // A token of a whole organisation names the organisation's address, and not the workspace's.
  if (base === null || !/^https?:$/.test(base.protocol) || self.is_enterprise_install === true) return null;
  // By its name a channel can be posted to, and not linked.
  if (!/^[CDG][A-Z0-9]+$/.test(channel) || !/^\d+\.\d{6}$/.test(ts)) return null;
  const link = new URL(`/archives/${channel}/p${ts.replace('.', '')}`, base).href;
  return threadTs === null ? link : `${link}?thread_ts=${threadTs}&cid=${channel}`;
}
