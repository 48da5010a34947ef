import { hostOf, projectOf } from './find.ts';
import type { Commit, GitIdentity } from './git-model.ts';
import type { MergeRequest, Project, Time, User } from './model.ts';
import { shaOf, type World } from './world.ts';

export function identityOf({ name, email }: User): GitIdentity {
  return { name, email };
}

/** The newest commit of a branch. One that nothing was merged into begins with a commit of its own. */
export function branchHead(world: World, project: Project, branch: string): string {
  const known = project.branches.get(branch);
  if (known !== undefined) return known;
  const gitlab = { name: 'GitLab', email: `noreply@${hostOf(world)}` };
  return addToBranch(project, branch, {
    sha: shaOf(`first commit of ${branch} of ${project.id}`),
    parents: [],
    title: 'Initial commit',
    by: gitlab,
    at: project.createdAt,
  });
}

interface BranchCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly title: string;
  readonly by: GitIdentity;
  readonly committer?: GitIdentity;
  readonly at: Time;
  readonly files?: Commit['files'];
}

/** Makes a commit the newest one of a branch. */
export function addToBranch(
  project: Project,
  branch: string,
  { sha, parents, title, by, committer = by, at, files = [] }: BranchCommit,
): string {
  const times = { authoredAt: at, committedAt: at };
  project.commits.set(sha, { sha, parents, title, message: `${title}\n`, author: by, committer, ...times, files });
  project.branches.set(branch, sha);
  return sha;
}

/** Lets a branch go on by a commit of somebody's own, so that what is based on it is behind. */
export function moveBranch(world: World, project: Project, branch: string, user: User, at: Time): string {
  const parent = branchHead(world, project, branch);
  const sha = shaOf(`next after ${parent} at ${at}`);
  const path = `src/elsewhere-${sha.slice(0, 6)}.ts`;
  return addToBranch(project, branch, {
    sha,
    parents: [parent],
    title: 'Change something else',
    by: identityOf(user),
    at,
    files: [{ path, diff: `@@ -1 +1 @@\n-// before\n+// ${sha.slice(0, 6)}\n` }],
  });
}

/** A commit of a merge request can be asked for in the project it comes from and in the one it goes to. */
export function keepBranchCommit(world: World, mr: MergeRequest, commit: Commit): void {
  for (const id of [mr.sourceProjectId, mr.projectId]) projectOf(world, id).commits.set(commit.sha, commit);
}

const shortestSha = 7;

/** A commit by its sha, by the beginning of it where that says which, or by the branch that it ends. */
export function findCommit(project: Project, reference: string): Commit | undefined {
  const exact = project.commits.get(project.branches.get(reference) ?? reference);
  if (exact !== undefined || reference.length < shortestSha) return exact;
  const matching = [...project.commits.values()].filter(({ sha }) => sha.startsWith(reference));
  return matching.length === 1 ? matching[0] : undefined;
}
