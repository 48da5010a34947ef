import type { Check } from './check.ts';
import { approvedBeforeMerge } from './approved-before-merge.ts';
import { finalRevisionApproved } from './final-revision-approved.ts';
import { inScopeAtMerge } from './in-scope.ts';
import { independentApproval } from './independent-approval.ts';
import { landedThroughMergeRequest } from './landed-through-merge-request.ts';
import { noWithdrawnApproval } from './no-withdrawn-approval.ts';
import { notAuthorAlone } from './not-author-alone.ts';
import { notContributorsAlone } from './not-contributors-alone.ts';
import { rulesMet } from './rules-met.ts';

/** All checks, in the order of their ids. */
export const checks: readonly Check[] = [
  inScopeAtMerge,
  independentApproval,
  notAuthorAlone,
  notContributorsAlone,
  approvedBeforeMerge,
  finalRevisionApproved,
  noWithdrawnApproval,
  rulesMet,
  landedThroughMergeRequest,
];
