import { z } from 'zod';
import { accessLevel } from '../find.ts';
import { addStateEvent, addSystemNote, mention } from '../history.ts';
import { announceMergeRequest } from '../hooks/announce.ts';
import { pipelineStatuses, roles, type MergeRequest, type Project, type User } from '../model.ts';
import { branchHead } from '../repository.ts';
import { addCommit, addPipeline, addVersion } from '../revisions.ts';
import type { World } from '../world.ts';
import { commitInput, readCommits } from './commit-input.ts';
import { at, needProject, needUser, operation, OperationError, prose, reference, word } from './define.ts';
import { applyLabels, needLabel } from './labels.ts';
import { copyRules } from './settings.ts';
import { viewOf } from './view.ts';

export const createMergeRequest = operation(
  z.strictObject({
    project: reference,
    author: word,
    title: word,
    description: prose.optional(),
    /** The fork that the branch is in. */
    from: reference.optional(),
    /** Another merge request of the project, whose commits the branch has before its own. */
    onTopOf: z.int().positive().optional(),
    sourceBranch: word.optional(),
    targetBranch: word.optional(),
    assignees: z.array(word).optional(),
    reviewers: z.array(word).optional(),
    labels: z.array(word).optional(),
    commits: z.array(commitInput).min(1).optional(),
    pipeline: z.enum(pipelineStatuses).nullable().optional(),
    draft: z.boolean().optional(),
    squash: z.boolean().optional(),
    imported: z.boolean().optional(),
    at,
  }),
  (world, input) => {
    const project = needProject(world, input.project);
    const author = needUser(world, input.author);
    needAccess(world, project, author);
    const source = input.from === undefined ? project : needProject(world, input.from);
    const reviewers = (input.reviewers ?? []).map((username) => needUser(world, username));
    const assignees = (input.assignees ?? []).map((username) => needUser(world, username));
    const labels = (input.labels ?? []).map((title) => needLabel(world, project, title));
    const under = input.onTopOf === undefined ? undefined : project.mergeRequests.get(input.onTopOf);
    if (input.onTopOf !== undefined && under === undefined) {
      throw new OperationError('not_found', `There is no ${project.fullPath}!${input.onTopOf}`);
    }
    const paths = [`src/${slugOf(input.title)}.ts`];
    const commits = readCommits(world, input.commits ?? [{ title: input.title }], { by: author, paths });
    const targetBranch = input.targetBranch ?? project.defaultBranch;
    const sourceBranch = input.sourceBranch ?? `${author.username}/${slugOf(input.title)}`;
    needFreeBranch(project, source, sourceBranch, targetBranch);

    const createdAt = world.tick(input.at);
    const mr: MergeRequest = {
      id: world.nextId('mergeRequest'),
      iid: ++project.lastIid,
      projectId: project.id,
      sourceProjectId: source.id,
      authorId: author.id,
      sourceBranch,
      targetBranch,
      createdAt,
      imported: input.imported ?? false,
      squash: input.squash ?? false,
      title: input.title,
      description: input.description ?? '',
      draft: input.draft ?? /^(?:draft:|\[draft\]|\(draft\))/i.test(input.title),
      state: 'opened',
      assigneeIds: assignees.map(({ id }) => id),
      reviewers: reviewers.map(({ id }) => ({ userId: id, createdAt, state: 'unreviewed', reRequested: false })),
      labelIds: [],
      updatedAt: createdAt,
      updatedById: null,
      editedAt: null,
      editedById: null,
      closedAt: null,
      closedById: null,
      mergedAt: null,
      mergeUserId: null,
      mergeCommitSha: null,
      squashCommitSha: null,
      armedById: null,
      hasConflicts: false,
      baseSha: under?.baseSha ?? branchHead(world, project, targetBranch),
      approvals: [],
      resetDueFor: null,
      rules: copyRules(world, project.rules),
      rulesOverwritten: false,
      commits: [...(under?.commits ?? [])],
      versions: [],
      pipelines: [],
      notes: [],
      labelEvents: [],
      stateEvents: [],
    };
    for (const commit of commits) addCommit(world, mr, commit, createdAt);
    addVersion(world, mr, createdAt);
    const pipeline = input.pipeline === undefined ? 'success' : input.pipeline;
    if (pipeline !== null) addPipeline(world, mr, author, pipeline, createdAt);
    if (assignees.length > 0) addSystemNote(world, mr, author, `assigned to ${mention(assignees)}`, createdAt);
    if (reviewers.length > 0)
      addSystemNote(world, mr, author, `requested review from ${mention(reviewers)}`, createdAt);
    applyLabels(world, mr, { adding: labels, removing: [], user: author, at: createdAt });
    addStateEvent(world, mr, author, 'opened', createdAt);
    project.mergeRequests.set(mr.iid, mr);
    world.mergeRequests.set(mr.id, mr);

    announceMergeRequest(world, mr, { action: 'open', user: author, at: createdAt });
    return viewOf(world, mr);
  },
);

function needAccess(world: World, project: Project, user: User): void {
  if (project.archived) throw new OperationError('not_allowed', `${project.fullPath} is archived`);
  if (user.state !== 'active') throw new OperationError('not_allowed', `${user.username} is ${user.state}`);
  if (project.visibility === 'private' && accessLevel(world, user, project) < roles.reporter) {
    throw new OperationError('not_allowed', `${user.username} is no member of ${project.fullPath}`);
  }
}

function needFreeBranch(project: Project, source: Project, sourceBranch: string, targetBranch: string): void {
  for (const mr of project.mergeRequests.values()) {
    const same =
      mr.sourceProjectId === source.id && mr.sourceBranch === sourceBranch && mr.targetBranch === targetBranch;
    if (same && mr.state === 'opened') {
      throw new OperationError(
        'conflict',
        `Another open merge request already exists for this source branch: !${mr.iid}`,
      );
    }
  }
}

function slugOf(title: string): string {
  const slug = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return slug.slice(0, 50) || 'change';
}
