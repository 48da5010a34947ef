import type { Commit, FileChange, GitIdentity } from './git-model.ts';
import type { MergeRequest, PipelineStatus, Time, User } from './model.ts';
import { keepBranchCommit } from './repository.ts';
import { shaOf, type World } from './world.ts';

export interface NewCommit {
  readonly title: string;
  readonly author: GitIdentity;
  readonly committer: GitIdentity;
  readonly paths: readonly string[];
  /** A second parent makes it a merge. */
  readonly mergedSha?: string;
}

/** Adds a commit to the end of a merge request's branch. */
export function addCommit(world: World, mr: MergeRequest, commit: NewCommit, at: Time): Commit {
  const { title, author, committer, paths, mergedSha } = commit;
  const number = world.nextId('commit');
  const added: Commit = {
    sha: shaOf(`commit ${number} of ${mr.id}`),
    parents: [mr.commits.at(-1)?.sha ?? mr.baseSha, ...(mergedSha === undefined ? [] : [mergedSha])],
    title,
    message: `${title}\n`,
    author,
    committer,
    authoredAt: at,
    committedAt: at,
    files: paths.map((path) => ({
      path,
      diff: `@@ -1 +1 @@\n-// before ${number}\n+// ${title.replaceAll('\n', ' ')}\n`,
    })),
  };
  mr.commits.push(added);
  keepBranchCommit(world, mr, added);
  return added;
}

/** Puts the branch onto another base: every commit is new, its author stays, and whoever rebases is the committer. */
export function rebaseCommits(world: World, mr: MergeRequest, committer: GitIdentity, at: Time): void {
  const old = mr.commits.splice(0).filter(({ parents }) => parents.length === 1);
  for (const commit of old) {
    const rebased: Commit = {
      ...commit,
      sha: shaOf(`rebase of ${commit.sha} at ${at}`),
      parents: [mr.commits.at(-1)?.sha ?? mr.baseSha],
      committer,
      committedAt: at,
    };
    mr.commits.push(rebased);
    keepBranchCommit(world, mr, rebased);
  }
}

/** Takes note of what is on the branch now: one version of the diff per push. */
export function addVersion(world: World, mr: MergeRequest, at: Time): void {
  const files = changedFiles(mr.commits);
  mr.versions.push({
    id: world.nextId('version'),
    headSha: mr.commits.at(-1)?.sha ?? mr.baseSha,
    baseSha: mr.baseSha,
    createdAt: at,
    // A rebase changes every commit and leaves this as it was.
    patchId: shaOf(files.map(({ path, diff }) => `${path}\n${diff}`).join('\n')),
    commits: [...mr.commits],
    files,
  });
}

/** The changed files of all commits together; the last change of a file is the one that is shown. */
export function changedFiles(commits: readonly Commit[]): FileChange[] {
  const files = new Map<string, FileChange>();
  for (const file of commits.flatMap((commit) => commit.files)) files.set(file.path, file);
  return [...files.values()];
}

export function addPipeline(world: World, mr: MergeRequest, user: User, status: PipelineStatus, at: Time): void {
  const id = world.nextId('pipeline');
  mr.pipelines.push({
    id,
    iid: id - 6690,
    sha: mr.versions.at(-1)?.headSha ?? '',
    userId: user.id,
    createdAt: at,
    updatedAt: at,
    status,
  });
}
