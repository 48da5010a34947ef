import { z } from 'zod';
import { accessLevel } from '../find.ts';
import { addStateEvent, addSystemNote, mention } from '../history.ts';
import { announceMergeRequest } from '../hooks/announce.ts';
import { pipelineStatuses, roles, type MergeRequest, type Project, type User } from '../model.ts';
import { addCommit, addPipeline, addVersion } from '../revisions.ts';
import { shaOf, type World } from '../world.ts';
import { at, needProject, needUser, operation, OperationError, prose, reference, word } from './define.ts';
import { applyLabels, needLabel } from './labels.ts';
import { copyRules } from './settings.ts';
import { viewOf } from './view.ts';

export const commitInput = z.strictObject({
  title: word,
  author: word.optional(),
  committer: word.optional(),
  paths: z.array(word).max(3000).optional(),
});

export const createMergeRequest = operation(
  z.strictObject({
    project: reference,
    author: word,
    title: word,
    description: prose.optional(),
    /** The fork that the branch is in. */
    from: reference.optional(),
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
    const commits = (input.commits ?? [{ title: input.title }]).map((commit) => ({
      title: commit.title,
      author: commit.author === undefined ? author : needUser(world, commit.author),
      committer: commit.committer === undefined ? author : needUser(world, commit.committer),
      paths: commit.paths ?? [`src/${slugOf(input.title)}.ts`],
    }));
    const targetBranch = input.targetBranch ?? project.defaultBranch;
    const sourceBranch = input.sourceBranch ?? `${author.username}/${slugOf(input.title)}`;
    needFreeBranch(project, source, sourceBranch, targetBranch);

    const createdAt = world.tick(input.at);
    const mr: MergeRequest = {
      id: world.nextId('mergeRequest'),
      iid: project.mergeRequests.size + 1,
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
      hasConflicts: false,
      approvals: [],
      rules: copyRules(world, project.rules),
      rulesOverwritten: false,
      commits: [],
      versions: [],
      pipelines: [],
      notes: [],
      labelEvents: [],
      stateEvents: [],
    };
    for (const commit of commits) addCommit(world, mr, { ...commit, at: createdAt });
    addVersion(world, mr, createdAt, shaOf(`base of ${mr.id}`));
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
