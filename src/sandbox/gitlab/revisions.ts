import type { Commit, FileChange, MergeRequest, PipelineStatus, Time, User } from './model.ts';
import { shaOf, type World } from './world.ts';

export interface NewCommit {
  readonly title: string;
  readonly author: User;
  readonly committer: User;
  readonly at: Time;
  readonly paths: readonly string[];
}

/** Adds a commit to the end of a merge request's branch. */
export function addCommit(world: World, mr: MergeRequest, { title, author, committer, at, paths }: NewCommit): Commit {
  const number = world.nextId('commit');
  const sha = shaOf(`commit ${number} of ${mr.id}`);
  const commit: Commit = {
    sha,
    parentSha: mr.commits.at(-1)?.sha ?? shaOf(`base of ${mr.id}`),
    title,
    message: `${title}\n`,
    authorId: author.id,
    committerId: committer.id,
    at,
    files: paths.map((path) => ({
      path,
      diff: `@@ -1 +1 @@\n-// before ${number}\n+// ${title.replaceAll('\n', ' ')}\n`,
    })),
  };
  mr.commits.push(commit);
  return commit;
}

/** Takes note of what is on the branch now: one version of the diff per push. */
export function addVersion(world: World, mr: MergeRequest, at: Time, baseSha: string): void {
  const files = changedFiles(mr);
  mr.versions.push({
    id: world.nextId('version'),
    headSha: mr.commits.at(-1)?.sha ?? baseSha,
    baseSha,
    createdAt: at,
    size: files.length,
    // A rebase changes every commit and leaves this as it was.
    patchId: shaOf(files.map(({ path, diff }) => `${path}\n${diff}`).join('\n')),
  });
}

/** The changed files of all commits together; the last change of a file is the one that is shown. */
export function changedFiles(mr: MergeRequest): FileChange[] {
  const files = new Map<string, FileChange>();
  for (const file of mr.commits.flatMap((commit) => commit.files)) files.set(file.path, file);
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
