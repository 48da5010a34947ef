import type { Stage } from './stage.ts';
import { createAddRow, type AddRowParts } from './stages/add-row.ts';
import { createCapture, type CaptureParts } from './stages/capture.ts';
import { createCloseIssue, type CloseIssueParts } from './stages/close-issue.ts';
import { createConfirm, type ConfirmParts } from './stages/confirm.ts';
import { createSeal, type SealParts } from './stages/seal.ts';

/**
 * From a merged, security-labelled merge request to its confirmation. Safe to stop anywhere and to repeat.
 *
 * A change goes through the steps in this order. A step that is refused is listed for a person, and the change goes on.
 */
export function createPipeline(
  parts: CaptureParts & SealParts & CloseIssueParts & AddRowParts & ConfirmParts,
): readonly Stage[] {
  return [
    createCapture(parts), //    3  approvals and reviewers from GitLab, the linked issue from Linear → evidence
    createSeal(parts), //          evidence and journal → the record, canonical and digested
    createCloseIssue(parts), // 4  the linked Linear issue: completed, tagged `audited`
    createAddRow(parts), //     5  a row on the Confluence audit page
    createConfirm(parts), //    6  a line in the reviewer pod's Slack channel
  ];
}
