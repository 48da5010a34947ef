import { z } from 'zod';
import { allowHttp, encrypted, webAddress, withoutSlash } from '../address.ts';
import { metaOf, text, type About } from '../fields.ts';
import { evenIfEntriesWrong, repeatFaults, report } from '../rules.ts';

const Team = z
  .strictObject({
    key: text({ description: 'The key of the team, as its issues begin.', examples: ['SEC'] })
      .refine((key) => /^[a-z][a-z0-9]*$/i.test(key), {
        error: 'is not the key of a team',
        params: { hint: 'Give what stands before the number of its issues: SEC of SEC-123' },
      })
      .transform((key) => key.toUpperCase()),
    completed_state: completedState({
      description:
        'The state that this team’s issues are moved to, by its name or as { type: completed }. Left out: as for all teams.',
      examples: ['Released', { type: 'completed' }],
    }).optional(),
    audited_label: text({
      description: 'The label that this team’s closed issues get. Left out: as for all teams.',
      examples: ['security-audited'],
    }).optional(),
  })
  .meta({ description: 'A team whose issues count, and how they are closed.' });

/** Linear: which issues are closed, and how. */
export const Linear = z
  .strictObject({
    url: webAddress({
      description: 'Address of the GraphQL API.',
      examples: ['https://api.linear.app/graphql'],
    }).default('https://api.linear.app/graphql'),
    allow_http: allowHttp(),
    audited_label: text({ description: 'The label that closed issues get.', examples: ['audited'] }).default('audited'),
    completed_state: completedState({
      description:
        'The state that issues are moved to, by its name. Empty, or { type: completed }: the first completed state of the issue’s own team.',
      examples: ['Done', { type: 'completed' }],
    }).default(null),
    teams: z
      .array(Team)
      .superRefine(
        (teams, ctx) => report(ctx, repeatFaults(teams, 'key', 'Give each team one entry')),
        evenIfEntriesWrong,
      )
      .default([])
      .meta({
        description: 'The teams whose issues count. Empty: every team that the credential can see.',
        examples: [[{ key: 'SEC', completed_state: 'Released', audited_label: 'security-audited' }]],
      }),
  })
  .refine(...encrypted('url'))
  .transform(({ url, audited_label, completed_state, teams }) => ({
    url: withoutSlash(url),
    auditedLabel: audited_label,
    completedState: completed_state,
    // What a team leaves out is decided here, so that nothing else has to know where it came from.
    teams: teams.map((team) => ({
      key: team.key,
      completedState: team.completed_state === undefined ? completed_state : team.completed_state,
      auditedLabel: team.audited_label ?? audited_label,
    })),
  }))
  .meta({ description: 'Linear: which issues are closed, and how.' });

export type Linear = z.infer<typeof Linear>;

/** A state by its name; or null for the first of its kind, which `{ type: completed }` says too. */
function completedState(about: About) {
  return z
    .union([text(about), z.strictObject({ type: z.literal('completed') })])
    .nullable()
    .transform((state) => (state === null || typeof state === 'string' ? state : null))
    .meta(metaOf(about));
}
