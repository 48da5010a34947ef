import { userOf } from '../find.ts';
import { headSha } from '../mergeability.ts';
import type { MergeRequest, Project, Time, User } from '../model.ts';
import { addToBranch, branchHead, identityOf } from '../repository.ts';
import { changedFiles } from '../revisions.ts';
import { shaOf, type World } from '../world.ts';

interface Landing {
  readonly squash: boolean;
  readonly user: User;
  readonly at: Time;
}

/** Puts a merge request onto its target branch in the project's way; gives the commit that the branch ends in. */
export function land(world: World, project: Project, mr: MergeRequest, { squash, user, at }: Landing): string {
  const target = branchHead(world, project, mr.targetBranch);
  const head = headSha(mr);
  const isFastForward = project.mergeMethod === 'ff';
  let tip = head;
  if (squash) {
    tip = shaOf(`squash of ${head}`);
    mr.squashCommitSha = tip;
    addToBranch(project, mr.targetBranch, {
      sha: tip,
      parents: [isFastForward ? target : mr.baseSha],
      title: mr.title,
      by: identityOf(userOf(world, mr.authorId)),
      committer: identityOf(user),
      at,
      files: changedFiles(mr.commits),
    });
  }
  if (!isFastForward) {
    const sha = shaOf(`merge of ${head} into ${project.id}`);
    const title = `Merge branch '${mr.sourceBranch}' into '${mr.targetBranch}'`;
    mr.mergeCommitSha = sha;
    return addToBranch(project, mr.targetBranch, { sha, parents: [target, tip], title, by: identityOf(user), at });
  }
  if (world.switches.fastForwardMergeCommit === 'head') mr.mergeCommitSha = tip;
  project.branches.set(mr.targetBranch, tip);
  return tip;
}
