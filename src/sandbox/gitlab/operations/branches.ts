import { z } from 'zod';
import { projectOf, userOf } from '../find.ts';
import type { Commit } from '../git-model.ts';
import { addSystemNote, touch } from '../history.ts';
import { announceMergeRequest, announcePush } from '../hooks/announce.ts';
import { headSha } from '../mergeability.ts';
import { pipelineStatuses, type MergeRequest, type PipelineStatus, type Time, type User } from '../model.ts';
import { branchHead, identityOf, moveBranch } from '../repository.ts';
import { addCommit, addPipeline, addVersion, rebaseCommits } from '../revisions.ts';
import type { World } from '../world.ts';
import { resetApprovals } from './approvals.ts';
import { disarm } from './auto-merge.ts';
import { commitInput, readCommits } from './commit-input.ts';
import { actOnMergeRequest, needMergeRequest, needOpen, operation, OperationError, word } from './define.ts';
import { viewOf } from './view.ts';

const pushed = {
  ...actOnMergeRequest,
  pipeline: z.enum(pipelineStatuses).nullable().optional(),
  /** The reset of approvals comes late: a merge may be faster. `finishReset` lets it come. */
  resetDelayed: z.boolean().optional(),
};

/** Adds commits to the branch. Approvals go where the project's settings say so. */
export const push = operation(
  z.strictObject({
    ...pushed,
    commits: z.array(commitInput).min(1).optional(),
    /** A push by force: the commits that were there are dropped. */
    replace: z.boolean().optional(),
  }),
  (world, input) => {
    const { mr, user } = needMergeRequest(world, input);
    needOpen(mr);
    const commits = readCommits(world, input.commits ?? [{ title: 'Address review' }], {
      by: user,
      paths: lastPaths(mr),
    });
    const at = world.tick(input.at);
    const oldrev = headSha(mr);
    if (input.replace === true) mr.commits.splice(0);
    const added = commits.map((commit) => addCommit(world, mr, commit, at));
    afterPush(world, mr, { ...input, user, at, oldrev, added });
    return viewOf(world, mr);
  },
);

/** Takes the branch back, by force, to a head that it had before: no commit is new. */
export const pushBack = operation(z.strictObject({ ...pushed, to: word }), (world, input) => {
  const { mr, user } = needMergeRequest(world, input);
  needOpen(mr);
  const earlier = mr.versions.find(({ headSha }) => headSha === input.to);
  if (earlier === undefined) throw new OperationError('not_found', `!${mr.iid} never had the head ${input.to}`);
  const at = world.tick(input.at);
  const oldrev = headSha(mr);
  mr.commits.splice(0, mr.commits.length, ...earlier.commits);
  mr.baseSha = earlier.baseSha;
  afterPush(world, mr, { ...input, user, at, oldrev, added: [] });
  return viewOf(world, mr);
});

/** Merges the target branch, which has moved on, into the branch. Conflicts may have to be edited by hand. */
export const mergeTargetIntoBranch = operation(
  z.strictObject({ ...pushed, conflictEdits: z.boolean().optional() }),
  (world, input) => {
    const { project, mr, user } = needMergeRequest(world, input);
    needOpen(mr);
    const at = world.tick(input.at);
    const oldrev = headSha(mr);
    const edited = input.conflictEdits === true ? lastPaths(mr) : [];
    mr.baseSha = newerBase(world, mr, user, at);
    const by = identityOf(user);
    const title = `Merge branch '${mr.targetBranch}' of ${project.fullPath} into ${mr.sourceBranch}`;
    const commit = { title, author: by, committer: by, paths: edited, mergedSha: mr.baseSha };
    afterPush(world, mr, { ...input, user, at, oldrev, added: [addCommit(world, mr, commit, at)] });
    return viewOf(world, mr);
  },
);

/** Rebases the branch onto the target branch, which has moved on. What the commits change, and approvals, stay. */
export const rebase = operation(z.strictObject(actOnMergeRequest), (world, input) => {
  const { mr, user } = needMergeRequest(world, input);
  needOpen(mr);
  const at = world.tick(input.at);
  const oldrev = headSha(mr);
  mr.baseSha = newerBase(world, mr, user, at);
  rebaseCommits(world, mr, identityOf(user), at);
  addVersion(world, mr, at);
  addPipeline(world, mr, user, 'success', at);
  disarm(world, mr, user, at);
  announceMergeRequest(world, mr, { action: 'update', user, at, changes: touch(mr, user, at), oldrev });
  return viewOf(world, mr);
});

/** Lets a reset of approvals that is late come after all, even after the merge. */
export const finishReset = operation(z.strictObject(actOnMergeRequest), (world, input) => {
  const { mr } = needMergeRequest(world, input);
  if (mr.resetDueFor === null) throw new OperationError('conflict', `No reset of !${mr.iid} is late`);
  const pusher = userOf(world, mr.resetDueFor);
  mr.resetDueFor = null;
  reset(world, mr, pusher, world.tick(input.at));
  return viewOf(world, mr);
});

/** The files that were changed last: what a further commit changes unless it is said. */
function lastPaths(mr: MergeRequest): string[] {
  return mr.commits.findLast(({ files }) => files.length > 0)?.files.map(({ path }) => path) ?? [];
}

function newerBase(world: World, mr: MergeRequest, user: User, at: Time): string {
  const project = projectOf(world, mr.projectId);
  const head = branchHead(world, project, mr.targetBranch);
  return head === mr.baseSha ? moveBranch(world, project, mr.targetBranch, user, at) : head;
}

interface Pushed {
  readonly user: User;
  readonly at: Time;
  readonly oldrev: string;
  readonly added: readonly Commit[];
  readonly pipeline?: PipelineStatus | null | undefined;
  readonly resetDelayed?: boolean | undefined;
}

function afterPush(world: World, mr: MergeRequest, { user, at, oldrev, added, ...options }: Pushed): void {
  addVersion(world, mr, at);
  const { pipeline = 'success', resetDelayed = false } = options;
  if (pipeline !== null) addPipeline(world, mr, user, pipeline, at);
  // GitLab's note is about what is new.
  if (added.length > 0) noteCommits(world, mr, user, added, at);
  disarm(world, mr, user, at);
  const changes = touch(mr, user, at);
  announcePush(world, mr, oldrev, user, added.length);
  announceMergeRequest(world, mr, { action: 'update', user, at, changes, oldrev });
  if (resetDelayed) mr.resetDueFor = user.id;
  else reset(world, mr, user, at);
}

function reset(world: World, mr: MergeRequest, user: User, at: Time): void {
  const event = resetApprovals(world, mr, user, at);
  if (event !== undefined) announceMergeRequest(world, mr, { ...event, user, at });
}

function noteCommits(world: World, mr: MergeRequest, user: User, added: readonly Commit[], at: Time): void {
  const list = added.map(({ sha, title }) => `<li>${sha.slice(0, 8)} - ${title}</li>`).join('');
  const count = added.length === 1 ? '1 commit' : `${added.length} commits`;
  addSystemNote(world, mr, user, `added ${count}\n\n<ul>${list}</ul>`, at);
}
