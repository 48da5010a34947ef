import { z } from 'zod';
import { branchPatterns, labelPatterns, projectPatterns } from '../fields.ts';

/** Which merge requests are in scope. */
export const Filter = z
  .strictObject({
    labels: labelPatterns({
      description: 'A merge request with any of these labels is in scope; * stands for any characters.',
      examples: [['security::*']],
    })
      .min(1)
      .default(['security::*']),
    target_branches: branchPatterns({
      description: 'Only merges into these branches count; * stands for any characters.',
      examples: [['*'], ['main', 'release/*']],
    })
      .min(1)
      .default(['*']),
    journal_projects: projectPatterns({
      description:
        'Watched projects where everything is journaled, label or no label: a label that comes late finds a full history.',
      examples: [['acme/payments', 'acme/pay-*']],
    }).default([]),
  })
  .transform(({ labels, target_branches, journal_projects }) => ({
    labels,
    targetBranches: target_branches,
    journalProjects: journal_projects,
  }))
  .meta({ description: 'Which merge requests are recorded.' });

export type Filter = z.infer<typeof Filter>;
