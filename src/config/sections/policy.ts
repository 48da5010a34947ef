import { z } from 'zod';
import type { CheckId } from '../../domain/policy.ts';
import { count, groupPath, orNothing, projectPatterns, userName } from '../fields.ts';
import { evenIfEntriesWrong, evenIfWrong, repeatFaults, report, type Fault } from '../rules.ts';

const checks = {
  'RC-01': blocking('In scope at merge'),
  'RC-02': blocking('Independent approval'),
  'RC-03': blocking('Author did not approve alone'),
  'RC-04': blocking('Contributor did not approve alone'),
  'RC-05': blocking('Approved before merge'),
  'RC-06': blocking('Final revision approved'),
  'RC-07': blocking('No withdrawn approval relied on'),
  'RC-08': blocking('Rules truly met'),
  'RC-09': advisory('Rules not weakened'),
  'RC-10': advisory('Security reviewer took part'),
  'RC-11': advisory('Merger is not the sole author'),
  'RC-12': blocking('Landed through this merge request'),
  'RC-13': advisory('Checks green on the final revision'),
  'RC-14': advisory('Threads resolved'),
  'RC-15': advisory('Authorised ticket'),
  'RC-16': advisory('Emergency handled'),
  'RC-17': advisory('Settings posture at merge'),
} satisfies Record<CheckId, unknown>;

const SecurityReviewers = z
  .strictObject({
    group: orNothing(
      groupPath({ description: 'The full path of a group in GitLab.', examples: ['acme/security'] }),
    ).default(null),
    usernames: z
      .array(userName({ description: 'A user name in GitLab, without @.', examples: ['bchen'] }))
      .default([])
      .meta({ description: 'Single people, beside those of the group or without one.' }),
  })
  .prefault({})
  .meta({ description: 'Of whom one must have approved. With nobody named, RC-10 does not apply.' });

const Exemption = z
  .strictObject({
    bot: userName({ description: 'The user name of the bot in GitLab, without @.', examples: ['renovate-bot'] }),
    projects: projectPatterns({ description: 'Where it holds; * stands for any characters.', examples: [['acme/*']] })
      .min(1)
      .default(['*']),
  })
  .meta({ description: 'One bot, and where its changes need no human approval.' });

/** What a review must show, and what its absence means. */
export const Policy = z
  .strictObject({
    approvals: count({ description: 'How many independent approvals a change needs.' }, { min: 1, max: 100 }).default(
      1,
    ),
    checks: z.strictObject(checks).prefault({}).meta({ description: 'What each check means for the verdict.' }),
    security_reviewers: SecurityReviewers,
    author_may_merge: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether an author may press merge once others have approved.' }),
    pipelines: z
      .enum(['optional', 'required'])
      .default('optional')
      .meta({ description: 'Whether a change without any pipeline is one whose checks failed to run.' }),
    exemptions: z
      .array(Exemption)
      .superRefine((exemptions, ctx) => {
        report(ctx, repeatFaults(exemptions, 'bot', 'List all projects of a bot in one entry'));
      }, evenIfEntriesWrong)
      .default([])
      .meta({ description: 'Bots whose changes need no human approval.' }),
  })
  .superRefine((section, ctx) => report(ctx, reviewerFaults(section)), evenIfWrong)
  .transform(({ security_reviewers, author_may_merge, ...rest }) => ({
    ...rest,
    securityReviewers: security_reviewers,
    authorMayMerge: author_may_merge,
  }))
  .meta({ description: 'What a review must show, and what its absence means.' });

export type Policy = z.infer<typeof Policy>;

const Toothless = z.object({
  checks: z.object({ 'RC-10': z.literal('blocking') }),
  security_reviewers: z.object({ group: z.null(), usernames: z.array(z.unknown()).length(0) }),
});

// It would apply to no change, and so block none.
function reviewerFaults(section: unknown): Fault[] {
  if (!Toothless.safeParse(section).success) return [];
  const hint = 'Name a group or user names in policy.security_reviewers';
  return [{ path: ['checks', 'RC-10'], message: 'is blocking, but there are no security reviewers', hint }];
}

function blocking(question: string) {
  return mode(question, 'blocking');
}

function advisory(question: string) {
  return mode(question, 'advisory');
}

function mode(question: string, byDefault: 'blocking' | 'advisory') {
  return z
    .enum(['blocking', 'advisory', 'off'])
    .default(byDefault)
    .meta({ description: `${question}.` });
}
