import type { Stage } from './stage.ts';
import { createAddRow, type AddRowParts } from './stages/add-row.ts';
import { createCapture, type CaptureParts } from './stages/capture.ts';
import { createCloseIssue, type CloseIssueParts } from './stages/close-issue.ts';
import { createConfirm, type ConfirmParts } from './stages/confirm.ts';
import { sealPublication, type SealPublicationParts } from './stages/seal-publication.ts';
import { createSeal, type SealParts } from './stages/seal.ts';

/**
 * From a merged, security-labelled merge request to its confirmation. Safe to stop anywhere and to repeat.
 *
 * A change goes through the steps in this order. A step that is refused is listed for a person, and the change goes on.
 */
export function createPipeline(
  parts: CaptureParts & SealParts & CloseIssueParts & AddRowParts & ConfirmParts & SealPublicationParts,
): readonly Stage[] {
  return [
    createCapture(parts), //    3  approvals and reviewers from GitLab, the linked issue from Linear → evidence
    createSeal(parts), //          evidence and journal → the record, canonical and digested
    createCloseIssue(parts), // 4  the linked Linear issue: completed, tagged `audited`
    createAddRow(parts), //     5  a row on the Confluence audit page
    // 6  a line in the reviewer pod's Slack channel; then where issue, row and line stand enters the ledger
    sealPublication(parts, createConfirm(parts)),
  ];
}
