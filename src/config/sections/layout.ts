import { z } from 'zod';
import { count, text } from '../fields.ts';

const template = { description: 'A Liquid template.', examples: ['{{ change.milestone }}'] };

/** What a row holds beyond what every row holds. */
export const Row = z
  .strictObject({
    columns: z
      .array(
        z
          .strictObject({
            heading: text({ description: 'The heading of the column.', examples: ['Milestone'] }),
            template: z.string().min(1).meta(template),
          })
          .meta({ description: 'One further column.' }),
      )
      .default([])
      .meta({ description: 'Further columns, after those that every row has.' }),
  })
  .meta({ description: 'The row on the audit page.' });

export type Row = z.infer<typeof Row>;

/** What a confirmation says. */
export const Message = z
  .strictObject({
    template: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .meta({ ...template, description: 'A Liquid template for the confirmation. Empty: the usual line.' }),
    digest_above: count(
      { description: 'When more changes than this wait for one channel, one message confirms them all.' },
      { min: 1, max: 1000 },
    ).default(20),
  })
  .transform(({ template, digest_above }) => ({ template, digestAbove: digest_above }))
  .meta({ description: 'The confirmation in Slack.' });

export type Message = z.infer<typeof Message>;
