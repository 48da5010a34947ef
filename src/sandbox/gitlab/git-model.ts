import type { Time } from './model.ts';

/** Who a commit says wrote it. Git checks neither, and the address need not belong to any user. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

export interface FileChange {
  readonly path: string;
  readonly diff: string;
}

export interface Commit {
  readonly sha: string;
  /** Two for a merge, none for the first commit of a repository. */
  readonly parents: readonly string[];
  readonly title: string;
  readonly message: string;
  readonly author: GitIdentity;
  readonly committer: GitIdentity;
  readonly authoredAt: Time;
  readonly committedAt: Time;
  readonly files: readonly FileChange[];
}

/** What a merge request's branch held after one push. */
export interface Version {
  readonly id: number;
  readonly headSha: string;
  readonly baseSha: string;
  readonly createdAt: Time;
  readonly patchId: string;
  readonly commits: readonly Commit[];
  readonly files: readonly FileChange[];
}
