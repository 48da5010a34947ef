import { z } from 'zod';
import { count, labelPatterns } from '../fields.ts';

const blocking = (question: string) => mode(question, 'blocking');
const advisory = (question: string) => mode(question, 'advisory');

/** What a review must show, and what its absence means. */
export const Policy = z
  .strictObject({
    approvals: count({ description: 'How many independent approvals a change needs.' }, { min: 1, max: 100 }).default(
      1,
    ),
    checks: z
      .strictObject({
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
      })
      .prefault({})
      .meta({ description: 'What each check means for the verdict.' }),
  })
  .meta({ description: 'What a review must show, and what its absence means.' });

export type Policy = z.infer<typeof Policy>;

/** Which changes are emergencies, and how soon they must be reviewed afterwards. */
export const Emergency = z
  .strictObject({
    labels: labelPatterns({ description: 'A change with one of these labels is an emergency.' }).default([]),
    review_within_days: count(
      { description: 'How many days after the merge the review may come.' },
      { min: 1, max: 365 },
    ).default(7),
  })
  .transform(({ labels, review_within_days }) => ({ labels, reviewWithinDays: review_within_days }))
  .meta({ description: 'Which changes are emergencies, and how soon they must be reviewed afterwards.' });

export type Emergency = z.infer<typeof Emergency>;

function mode(question: string, byDefault: 'blocking' | 'advisory') {
  return z
    .enum(['blocking', 'advisory', 'off'])
    .default(byDefault)
    .meta({ description: `${question}.` });
}
