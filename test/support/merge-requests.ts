import type { World } from './service.ts';
import { pods } from '../../src/sandbox/seed/people.ts';

let branches = 0;

export interface OpenedMergeRequest {
  readonly project: string;
  readonly iid: number;
  readonly webUrl: string;
  /** Identifier of the linked Linear issue. */
  readonly issue: string | null;
}

export interface MergeRequestOptions {
  readonly title?: string;
  readonly labels?: string[];
  /** Index of the pod whose channel is to hear of it. */
  readonly pod?: number;
  readonly issue?: boolean;
  readonly issueLabels?: string[];
  readonly project?: string;
}

/** Opens a well-reviewed merge request with a linked issue. */
export function openMergeRequest(
  { sandbox: { gitlab, linear } }: Pick<World, 'sandbox'>,
  options: MergeRequestOptions = {},
): OpenedMergeRequest {
  const pod = pods[options.pod ?? 0]!;
  const issue =
    options.issue === false
      ? null
      : linear.createIssue({
          team: 'SEC',
          title: options.title ?? 'Check the audience of tokens',
          state: 'In Review',
          labels: options.issueLabels ?? [],
        }).identifier;
  const project = options.project ?? 'acme/payments';
  // Any reviewer will do, whichever pod is to hear of it.
  if (gitlab.tier !== 'free') {
    gitlab.setApprovalRules({ project, rules: [{ name: 'All Members', type: 'any_approver', required: 1 }] });
  }
  branches++;
  const mr = gitlab.createMergeRequest({
    sourceBranch: `aruiz/change-${branches}`,
    project,
    author: 'aruiz',
    title: options.title ?? 'Check the audience of tokens',
    description: issue === null ? '' : `Fixes ${issue}`,
    reviewers: [...pod.reviewers],
    labels: options.labels ?? [pod.labels[0]!],
  });
  for (const by of pod.reviewers) gitlab.approve({ project: mr.project, iid: mr.iid, by });
  return { project: mr.project, iid: mr.iid, webUrl: mr.webUrl, issue };
}
