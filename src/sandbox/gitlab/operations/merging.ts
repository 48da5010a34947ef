import { z } from 'zod';
import { userOf } from '../find.ts';
import { announceBranchPush } from '../hooks/announce.ts';
import { headSha, mergeStatus } from '../mergeability.ts';
import type { MergeRequest, Project, Time, User } from '../model.ts';
import { addToBranch, branchHead, identityOf } from '../repository.ts';
import { shaOf, type World } from '../world.ts';
import { actOnMergeRequest, needMergeRequest, needOpen, operation, OperationError } from './define.ts';
import { land } from './land.ts';
import { markFollowers, markMerged } from './mark-merged.ts';
import { needMayMerge } from './may-merge.ts';
import { viewOf } from './view.ts';

const merging = {
  ...actOnMergeRequest,
  squash: z.boolean().optional(),
  /** Merges although approvals, pipeline or role are missing, as where rules were changed in time. */
  anyway: z.boolean().optional(),
};

export const merge = operation(z.strictObject(merging), (world, input) => {
  const { project, mr, user } = needMergeRequest(world, input);
  mergeByButton(world, project, mr, { ...input, user });
  return viewOf(world, mr);
});

/** Merges another merge request that holds the commits of this one: GitLab then finds this one merged as well. */
export const mergeThrough = operation(z.strictObject({ ...merging, carrier: z.int().positive() }), (world, input) => {
  const { project, mr, user } = needMergeRequest(world, input);
  needOpen(mr);
  const { mr: carrier } = needMergeRequest(world, { ...input, iid: input.carrier });
  if (carrier === mr || carrier.commits.every(({ sha }) => sha !== headSha(mr))) {
    throw new OperationError('conflict', `!${carrier.iid} does not hold what !${mr.iid} holds`);
  }
  if (carrier.targetBranch !== mr.targetBranch) {
    throw new OperationError('conflict', `!${carrier.iid} goes to ${carrier.targetBranch}`);
  }
  mergeByButton(world, project, carrier, { ...input, user });
  if (mr.state === 'opened') {
    throw new OperationError('conflict', `A squash of !${carrier.iid} leaves out the commits of !${mr.iid}`);
  }
  return viewOf(world, mr);
});

/** Pushes the head of the branch, or a merge of it, straight to the target branch. No approval is asked for. */
export const mergeByPush = operation(
  z.strictObject({ ...actOnMergeRequest, mergeCommit: z.boolean().optional() }),
  (world, input) => {
    const { project, mr, user } = needMergeRequest(world, input);
    needOpen(mr);
    needMayMerge(world, project, user);
    const at = world.tick(input.at);
    const before = branchHead(world, project, mr.targetBranch);
    const head = headSha(mr);
    let landed = head;
    if (input.mergeCommit === true) {
      const title = `Merge branch '${mr.sourceBranch}'`;
      landed = shaOf(`merge of ${head} by hand into ${before}`);
      const parents = [before, head];
      addToBranch(project, mr.targetBranch, { sha: landed, parents, title, by: identityOf(user), at });
    }
    project.branches.set(mr.targetBranch, landed);
    announceBranchPush(world, project, { branch: mr.targetBranch, before, after: landed, user, commits: mr.commits });
    markFollowers(world, project, mr, { user, at, landed });
    return viewOf(world, mr);
  },
);

interface Press {
  readonly user: User;
  readonly squash?: boolean | undefined;
  readonly anyway?: boolean | undefined;
  readonly at?: Time | undefined;
}

function mergeByButton(world: World, project: Project, mr: MergeRequest, press: Press): void {
  needOpen(mr);
  const status = mergeStatus(world, mr);
  // Nobody can merge a draft or a conflict, whatever the rules were.
  const isHopeless = status === 'draft_status' || status === 'conflict';
  if (status !== 'mergeable' && (press.anyway !== true || isHopeless)) {
    throw new OperationError('not_mergeable', `!${mr.iid} cannot be merged: ${status}`);
  }
  if (press.anyway !== true) needMayMerge(world, project, press.user);
  const at = world.tick(press.at);
  const squash = press.squash ?? mr.squash;
  const { user } = press;
  const landed = land(world, project, mr, { squash, user, at });
  const armedBy = mr.armedById === null ? user : userOf(world, mr.armedById);
  const mergeUser = world.switches.mergeUserOfAutoMerge === 'armed' ? armedBy : user;
  markMerged(world, mr, { user, mergeUser, at, landed, from: 'locked', source: {} });
  // A squash lands none of the commits, so that nothing else is merged by it.
  if (!squash) markFollowers(world, project, mr, { user, at, landed: mr.mergeCommitSha ?? headSha(mr) });
}
