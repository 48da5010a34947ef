import { z } from 'zod';
import { branchPatterns, labelPatterns } from '../fields.ts';

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
  })
  .transform(({ labels, target_branches }) => ({ labels, targetBranches: target_branches }))
  .meta({ description: 'Which merge requests are recorded.' });

export type Filter = z.infer<typeof Filter>;
