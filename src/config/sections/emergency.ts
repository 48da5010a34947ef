import { z } from 'zod';
import { branchPatterns, count, labelPatterns, text } from '../fields.ts';

/** Which changes are emergencies, and what is asked of one. */
export const Emergency = z
  .strictObject({
    labels: labelPatterns({
      description: 'A change with one of these labels is an emergency.',
      examples: [['emergency']],
    }).default([]),
    source_branches: branchPatterns({
      description: 'A change from one of these branches is an emergency.',
      examples: [['hotfix/*']],
    }).default([]),
    review_within_hours: count(
      { description: 'Within how many hours after the merge an independent person must have reviewed it.' },
      { min: 1, max: 8760 },
    ).default(48),
    reason_prefix: text({
      description: 'The line of the description that gives the reason begins with this.',
      examples: ['Emergency:'],
    }).default('Emergency:'),
    review_prefix: text({
      description: 'A comment that begins with this is a review after the fact.',
      examples: ['Reviewed after the fact'],
    }).default('Reviewed after the fact'),
  })
  .transform(({ labels, source_branches, review_within_hours, reason_prefix, review_prefix }) => ({
    labels,
    sourceBranches: source_branches,
    reviewWithinHours: review_within_hours,
    reasonPrefix: reason_prefix,
    reviewPrefix: review_prefix,
  }))
  .meta({ description: 'Which changes are emergencies, and what is asked of one.' });

export type Emergency = z.infer<typeof Emergency>;
