import { summariseApprovals } from '../approval-state.ts';
import { projectOf, userOf } from '../find.ts';
import { webUrl } from '../hooks/payload.ts';
import { headPipeline, headSha, mergeStatus } from '../mergeability.ts';
import type { MergeRequest } from '../model.ts';
import type { World } from '../world.ts';

/** A merge request as operations give it back and as the sandbox's page shows it. */
export interface MergeRequestView {
  readonly id: number;
  readonly iid: number;
  readonly project: string;
  readonly projectId: number;
  readonly webUrl: string;
  readonly title: string;
  readonly description: string;
  readonly state: MergeRequest['state'];
  readonly mergeStatus: string;
  readonly author: string;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly sha: string;
  readonly mergeCommitSha: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly mergedAt: string | null;
  readonly mergedBy: string | null;
  readonly labels: readonly { title: string; color: string }[];
  readonly reviewers: readonly { username: string; name: string; state: string }[];
  readonly approvals: { readonly by: readonly string[]; readonly required: number; readonly approved: boolean };
  readonly pipeline: string | null;
}

export function viewOf(world: World, mr: MergeRequest): MergeRequestView {
  const nameOf = (id: number): string => userOf(world, id).username;
  const { approved, required } = summariseApprovals(world, mr);
  return {
    id: mr.id,
    iid: mr.iid,
    project: projectOf(world, mr.projectId).fullPath,
    projectId: mr.projectId,
    webUrl: webUrl(world, mr),
    title: mr.title,
    description: mr.description,
    state: mr.state,
    mergeStatus: mergeStatus(world, mr),
    author: nameOf(mr.authorId),
    sourceBranch: mr.sourceBranch,
    targetBranch: mr.targetBranch,
    sha: headSha(mr),
    mergeCommitSha: mr.mergeCommitSha,
    createdAt: mr.createdAt,
    updatedAt: mr.updatedAt,
    mergedAt: mr.mergedAt,
    mergedBy: mr.mergeUserId === null ? null : nameOf(mr.mergeUserId),
    labels: mr.labelIds.flatMap((id) => world.labels.get(id) ?? []).map(({ title, color }) => ({ title, color })),
    reviewers: mr.reviewers.map(({ userId, state }) => {
      const { username, name } = userOf(world, userId);
      return { username, name, state };
    }),
    approvals: { by: mr.approvals.map(({ userId }) => nameOf(userId)), required, approved },
    pipeline: headPipeline(mr)?.status ?? null,
  };
}
