import { z } from 'zod';

export const Tested = z.object({
  url: z.string().nullish(),
  team: z.string().nullish(),
  team_id: z.string().nullish(),
  user: z.string().nullish(),
  user_id: z.string().nullish(),
  bot_id: z.string().nullish(),
  app_name: z.string().nullish(),
  is_enterprise_install: z.boolean().nullish(),
  /** Seconds; only of a token that ends. */
  expires_in: z.number().nullish().catch(null),
});

export const Conversation = z.object({
  id: z.string().min(1),
  name: z.string().nullish().catch(null),
  is_private: z.boolean().nullish(),
  is_archived: z.boolean().nullish(),
  is_member: z.boolean().nullish(),
  is_ext_shared: z.boolean().nullish(),
});
export type Conversation = z.infer<typeof Conversation>;

export const ShownConversation = z.object({ channel: Conversation });

export const ConversationPage = z.object({
  channels: z.array(Conversation),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});
export type ConversationPage = z.infer<typeof ConversationPage>;
