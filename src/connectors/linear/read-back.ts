import type { CloseRequest } from './close-tickets.ts';
import type { SentAnswer } from './graphql.ts';
import { Attached, UpdatedIssue, type ClosableIssue, type ShownIssue } from './schema.ts';

/** What one field of the closing document wrote, and what it answered. */
export interface Written {
  readonly what: 'issue' | 'attachment';
  readonly answer: SentAnswer;
}

/**
 * The issue as the answers to its writes show it, the last of them as the latest; undefined unless every one of them is
 * whole, says that it succeeded, and speaks of this issue and this link.
 */
export function readBack(
  { issueId, attachment }: CloseRequest,
  before: ClosableIssue | undefined,
  written: readonly Written[],
): ClosableIssue | undefined {
  let issue: ShownIssue | undefined;
  let attachments = before?.attachments.nodes ?? [];
  for (const { what, answer } of written) {
    if (answer.kind !== 'value') return undefined;
    if (what === 'issue') {
      issue = UpdatedIssue.safeParse(answer.value).data?.issue;
    } else {
      const attached = Attached.safeParse(answer.value).data?.attachment;
      issue = attached?.issue;
      if (attached !== undefined) attachments = [{ url: attached.url }];
    }
    if (issue?.id !== issueId) return undefined;
  }
  if (issue === undefined || attachments[0]?.url !== attachment.url) return undefined;
  return { ...issue, attachments: { nodes: attachments } };
}
