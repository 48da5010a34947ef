import { z } from 'zod';

/** What every answer of the Web API begins with. `needed` names the scopes that are missing. */
export const Answer = z.object({
  ok: z.boolean(),
  error: z.string().nullish().catch(null),
  needed: z.string().nullish().catch(null),
});
export type Answer = z.infer<typeof Answer>;

/** A message's name within its channel: seconds and micros. Text, because a number would lose digits. */
const Ts = z.string().regex(/^\d+\.\d+$/);

export const Posted = z.object({ channel: z.string().min(1), ts: Ts });

/** Who the token belongs to, and where its workspace is. */
export const Self = z.object({
  url: z.string().nullish().catch(null),
  is_enterprise_install: z.boolean().nullish().catch(null),
  user_id: z.string().nullish(),
  bot_id: z.string().nullish(),
  app_id: z.string().nullish(),
});
export type Self = z.infer<typeof Self>;

/** A message of a channel's history. Anybody may have written it, so only its name has to be as expected. */
export const PostedMessage = z.object({
  ts: Ts,
  thread_ts: z.string().nullish().catch(null),
  subtype: z.string().nullish().catch(null),
  user: z.string().nullish().catch(null),
  bot_id: z.string().nullish().catch(null),
  app_id: z.string().nullish().catch(null),
  text: z.string().nullish().catch(null),
  blocks: z.array(z.unknown()).nullish().catch(null),
  attachments: z.array(z.unknown()).nullish().catch(null),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()).nullish() })
    .nullish()
    .catch(null),
});
export type PostedMessage = z.infer<typeof PostedMessage>;

export const Page = z.object({
  messages: z.array(PostedMessage),
  has_more: z.boolean().nullish(),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});
export type Page = z.infer<typeof Page>;

export const Permalink = z.object({ permalink: z.url({ protocol: /^https?$/ }) });
