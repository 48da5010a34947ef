import { z } from 'zod';

const tokens = z
  .int()
  .nonnegative()
  .max(2 ** 31 - 1)
  .nullable()
  .catch(null);

/** What we rely on in an answer, as the `ai` package hands it over: it knows the formats, and checks little in them. */
export const Answer = z
  .object({
    text: z.string(),
    finishReason: z.string().catch('other'),
    usage: z.object({ inputTokens: tokens, outputTokens: tokens }).catch({ inputTokens: null, outputTokens: null }),
  })
  .transform(({ text, finishReason, usage }) => ({ text, finishReason, ...usage }));

export type Answer = z.infer<typeof Answer>;
