import { z } from 'zod';
import { allowHttp, encrypted, webAddress, withoutSlash } from '../address.ts';
import { orNothing, text } from '../fields.ts';

/** Linear: which issues are closed, and how. */
export const Linear = z
  .strictObject({
    url: webAddress({
      description: 'Address of the GraphQL API.',
      examples: ['https://api.linear.app/graphql'],
    }).default('https://api.linear.app/graphql'),
    allow_http: allowHttp(),
    audited_label: text({ description: 'The label that closed issues get.', examples: ['audited'] }).default('audited'),
    completed_state: orNothing(
      text({
        description: 'The state that issues are moved to. Empty: the first completed state of the issue’s own team.',
        examples: ['Done'],
      }),
    ).default(null),
    team: orNothing(
      text({
        description: 'The key of the only team whose issues count. Empty: every team that the credential can see.',
        examples: ['SEC'],
      }),
    ).default(null),
  })
  .refine(...encrypted('url'))
  .transform(({ url, audited_label, completed_state, team }) => ({
    url: withoutSlash(url),
    auditedLabel: audited_label,
    completedState: completed_state,
    team,
  }))
  .meta({ description: 'Linear: which issues are closed, and how.' });

export type Linear = z.infer<typeof Linear>;
