/** A merge request event, parsed from a verified webhook body. Strings are well-formed and free of NUL. */
export interface MergeRequestEvent {
  /** `open`, `update`, `approved`, `merge` …; `unknown` where an old server left it out and the state does not tell. */
  readonly action: string;
  readonly state: string;
  readonly project: { readonly id: number; readonly path: string; readonly webUrl: string };
  readonly mergeRequestId: number;
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  /**
   * The state before this event, where it changed it. A merge through GitLab comes from `locked`; a merge that a push
   * to the target branch brought about, from `opened`.
   */
  readonly previousState: string | null;
  /** Titles of the labels on the merge request now. */
  readonly labels: readonly string[];
  /** The same labels with their ids, which a renamed label keeps; without those of which no id was told. */
  readonly labelIds: readonly { readonly id: number; readonly title: string }[];
  /** Titles before this event, where it changed them. */
  readonly previousLabels: readonly string[] | null;
  readonly authorId: number | null;
  readonly user: { readonly id: number; readonly username: string; readonly name: string } | null;
  readonly reviewers: readonly { readonly id: number; readonly username: string; readonly state: string | null }[];
  /** Head of the source branch. */
  readonly headSha: string | null;
  /** The head before this push; present only on an `update` that brought new code. */
  readonly oldRev: string | null;
  readonly mergeCommitSha: string | null;
  /** True when GitLab itself caused the event, for instance a reset of approvals. */
  readonly system: boolean;
  readonly systemAction: string | null;
  /** ISO 8601 in UTC, from whichever of GitLab's formats came; null where the payload has none. */
  readonly actionedAt: string | null;
  readonly updatedAt: string | null;
}
