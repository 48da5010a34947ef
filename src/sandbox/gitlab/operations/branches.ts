import { z } from 'zod';
import { accessLevel } from '../find.ts';
import { addStateEvent, addSystemNote, touch } from '../history.ts';
import { announceMergeRequest, announcePush } from '../hooks/announce.ts';
import { stateChanges } from '../hooks/parts.ts';
import { headSha, mergeStatus } from '../mergeability.ts';
import { pipelineStatuses, roles, type MergeRequest, type Project } from '../model.ts';
import { addCommit, addPipeline, addVersion } from '../revisions.ts';
import { shaOf, type World } from '../world.ts';
import { resetApprovals } from './approvals.ts';
import { commitInput } from './create-merge-request.ts';
import { actOnMergeRequest, needMergeRequest, needOpen, needUser, operation, OperationError } from './define.ts';
import { viewOf } from './view.ts';

/** Adds commits to the branch. Approvals go where the project's settings say so. */
export const push = operation(
  z.strictObject({
    ...actOnMergeRequest,
    commits: z.array(commitInput).min(1).optional(),
    pipeline: z.enum(pipelineStatuses).nullable().optional(),
  }),
  (world, input) => {
    const { mr, user } = needMergeRequest(world, input);
    needOpen(mr);
    const commits = (input.commits ?? [{ title: 'Address review' }]).map((commit) => ({
      title: commit.title,
      author: commit.author === undefined ? user : needUser(world, commit.author),
      committer: commit.committer === undefined ? user : needUser(world, commit.committer),
      paths: commit.paths ?? mr.commits.at(-1)?.files.map(({ path }) => path) ?? [],
    }));
    const at = world.tick(input.at);
    const oldrev = headSha(mr);
    const added = commits.map((commit) => addCommit(world, mr, { ...commit, at }));
    addVersion(world, mr, at, mr.versions.at(-1)?.baseSha ?? oldrev);
    const pipeline = input.pipeline === undefined ? 'success' : input.pipeline;
    if (pipeline !== null) addPipeline(world, mr, user, pipeline, at);
    const list = added.map(({ sha, title }) => `<li>${sha.slice(0, 8)} - ${title}</li>`).join('');
    const count = added.length === 1 ? '1 commit' : `${added.length} commits`;
    addSystemNote(world, mr, user, `added ${count}\n\n<ul>${list}</ul>`, at);
    const changes = touch(mr, user, at);
    announcePush(world, mr, oldrev, user, added.length);
    announceMergeRequest(world, mr, { action: 'update', user, at, changes, oldrev });
    const reset = resetApprovals(world, mr, user, at);
    if (reset !== undefined) announceMergeRequest(world, mr, { ...reset, user, at });
    return viewOf(world, mr);
  },
);

/** Rebases the branch: every commit is new, what they change is not, and approvals stay. */
export const rebase = operation(z.strictObject(actOnMergeRequest), (world, input) => {
  const { mr, user } = needMergeRequest(world, input);
  needOpen(mr);
  const at = world.tick(input.at);
  const oldrev = headSha(mr);
  const rebased = mr.commits.map((commit) => ({ ...commit, sha: shaOf(`rebase of ${commit.sha} at ${at}`) }));
  mr.commits.splice(0, mr.commits.length, ...rebased);
  addVersion(world, mr, at, shaOf(`base of ${mr.id} at ${at}`));
  addPipeline(world, mr, user, 'success', at);
  announceMergeRequest(world, mr, { action: 'update', user, at, changes: touch(mr, user, at), oldrev });
  return viewOf(world, mr);
});

export const merge = operation(
  z.strictObject({
    ...actOnMergeRequest,
    squash: z.boolean().optional(),
    /** Merges although approvals, pipeline or role are missing, as where rules were changed in time. */
    anyway: z.boolean().optional(),
  }),
  (world, input) => {
    const { project, mr, user } = needMergeRequest(world, input);
    needOpen(mr);
    if (input.anyway !== true) {
      const status = mergeStatus(world, mr);
      if (status !== 'mergeable') throw new OperationError('not_mergeable', `!${mr.iid} cannot be merged: ${status}`);
      if (!user.admin && accessLevel(world, user, project) < roles.developer) {
        throw new OperationError('not_allowed', `${user.username} may not merge in ${project.fullPath}`);
      }
    }
    const at = world.tick(input.at);
    land(world, project, mr, input.squash ?? mr.squash);
    mr.state = 'merged';
    mr.mergedAt = at;
    mr.mergeUserId = user.id;
    addStateEvent(world, mr, user, 'merged', at);
    const landed = mr.mergeCommitSha ?? mr.squashCommitSha ?? headSha(mr);
    addSystemNote(world, mr, user, `mentioned in commit ${landed}`, at);
    if (world.switches.mergedNoteShown) addSystemNote(world, mr, user, 'merged', at);
    const changes = { ...stateChanges(world, 'locked', 'merged'), ...touch(mr, user, at) };
    announceMergeRequest(world, mr, { action: 'merge', user, at, changes });
    return viewOf(world, mr);
  },
);

function land(world: World, project: Project, mr: MergeRequest, squash: boolean): void {
  const head = headSha(mr);
  const isFastForward = project.mergeMethod === 'ff';
  if (squash) mr.squashCommitSha = shaOf(`squash of ${head}`);
  if (!isFastForward) mr.mergeCommitSha = shaOf(`merge of ${head} into ${project.id}`);
  else if (world.switches.fastForwardMergeCommit === 'head') mr.mergeCommitSha = mr.squashCommitSha ?? head;
}
