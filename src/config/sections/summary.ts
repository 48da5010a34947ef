import { z } from 'zod';
import { orNothing, text } from '../fields.ts';

/** The optional summary of a change. */
export const Summary = z
  .strictObject({
    model: orNothing(
      text({
        description: 'The model that writes a summary. Empty: no summary is written.',
        examples: ['anthropic/claude-sonnet'],
      }),
    ).default(null),
  })
  .meta({ description: 'The optional summary.' });

export type Summary = z.infer<typeof Summary>;
