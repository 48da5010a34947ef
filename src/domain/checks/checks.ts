import type { Check } from './check.ts';
import { approvedBeforeMerge } from './approved-before-merge.ts';
import { authorisedTicket } from './authorised-ticket.ts';
import { emergencyHandled } from './emergency-handled.ts';
import { finalRevisionApproved } from './final-revision-approved.ts';
import { inScopeAtMerge } from './in-scope.ts';
import { independentApproval } from './independent-approval.ts';
import { landedThroughMergeRequest } from './landed-through-merge-request.ts';
import { mergerNotSoleAuthor } from './merger-not-sole-author.ts';
import { noWithdrawnApproval } from './no-withdrawn-approval.ts';
import { notAuthorAlone } from './not-author-alone.ts';
import { notContributorsAlone } from './not-contributors-alone.ts';
import { pipelineGreen } from './pipeline-green.ts';
import { rulesMet } from './rules-met.ts';
import { rulesNotWeakened } from './rules-not-weakened.ts';
import { securityReviewerApproved } from './security-reviewer.ts';
import { settingsPosture } from './settings-posture.ts';
import { threadsResolved } from './threads-resolved.ts';

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
  rulesNotWeakened,
  securityReviewerApproved,
  mergerNotSoleAuthor,
  landedThroughMergeRequest,
  pipelineGreen,
  threadsResolved,
  authorisedTicket,
  emergencyHandled,
  settingsPosture,
];
