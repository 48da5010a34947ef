import type { NoteMeaning } from './note-meaning.ts';

/** What GitLab answered about a change. Shapes name only what the record and its checks use. */

/** A GitLab account as an answer showed it. Names are kept as they came. */
export interface Account {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  /** `active`, `blocked`, `deactivated` …; absent where the answer did not say. */
  readonly state?: string;
}

/** An account as `/users/:id` shows it: what tells people from machines. */
export interface UserDetails extends Account {
  /** GitLab's own mark of bots and service accounts; null where this server does not show it. */
  readonly bot: boolean | null;
}

/** An account that was asked about, and what came of it. */
export interface PersonReading {
  readonly id: number;
  readonly details: Reading<UserDetails>;
}

/** A commit address that GitLab itself maps to a user; what is not here, GitLab did not map. */
export interface MappedIdentity {
  /** In lower case. */
  readonly email: string;
  readonly userId: number;
  readonly by: 'commit_author' | 'private_address' | 'public_email';
}

export interface MergeRequest {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  readonly sourceProjectId: number | null;
  readonly state: string;
  readonly title: string;
  readonly description: string;
  readonly webUrl: string;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly draft: boolean;
  readonly author: Account | null;
  readonly mergeUser: Account | null;
  readonly createdAt: string;
  readonly preparedAt: string | null;
  readonly mergedAt: string | null;
  readonly sha: string | null;
  readonly mergeCommitSha: string | null;
  readonly squashCommitSha: string | null;
  readonly labels: readonly string[];
  /** `acme/payments!7`, as GitLab writes it; null where the answer had none. */
  readonly reference: string | null;
  readonly blockingDiscussionsResolved: boolean | null;
  readonly headPipeline: Pipeline | null;
  /** True for history that was imported from elsewhere: weaker evidence. */
  readonly imported: boolean;
}

export interface Pipeline {
  readonly id: number;
  readonly status: string;
  readonly sha: string;
  readonly createdAt: string | null;
  /** When it last changed; for a pipeline that has ended, no earlier than its end. */
  readonly updatedAt: string | null;
}

export interface Approvals {
  /** GitLab's own summary. Recorded, never trusted: on Free it can be true with nobody in `approvedBy`. */
  readonly approved: boolean | null;
  readonly approvalsRequired: number | null;
  /** `approvedAt` is absent before GitLab 18.4–18.6. */
  readonly approvedBy: readonly { readonly user: Account; readonly approvedAt: string | null }[];
}

export interface ApprovalRule {
  readonly id: number | null;
  readonly name: string;
  readonly type: string;
  readonly approvalsRequired: number;
  readonly approved: boolean | null;
  readonly eligible: readonly number[];
  readonly approvedBy: readonly number[];
  readonly overridden: boolean | null;
  /** True where the rule names groups that this token may not see. */
  readonly hiddenGroups: boolean;
  /** What the project's rule that this one was made from asks for; null where there is none, or it is not shown. */
  readonly sourceRequired: number | null;
}

/** Premium and above. */
export interface ApprovalState {
  readonly rulesOverwritten: boolean | null;
  readonly rules: readonly ApprovalRule[];
}

export interface Reviewer {
  readonly user: Account;
  /** Review state: `unreviewed`, `reviewed`, `approved` …; not the state of the account. */
  readonly state: string;
  readonly askedAt: string | null;
}

/** One push to the merge request, as GitLab's diff versions tell it. */
export interface Version {
  readonly id: number;
  readonly headSha: string;
  readonly baseSha: string | null;
  readonly startSha: string | null;
  readonly createdAt: string;
  readonly patchId: string | null;
}

/** The commits of a version that later pushes replaced. */
export interface VersionCommits {
  readonly versionId: number;
  readonly commits: readonly Commit[];
}

/** Names and addresses are unauthenticated git text. */
export interface Commit {
  readonly id: string;
  /** Null where the answer did not show them; the listing of a merge request's commits never does. */
  readonly parents: readonly string[] | null;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly committerName: string;
  readonly committerEmail: string;
  readonly committedAt: string | null;
}

export interface LabelEvent {
  readonly id: number;
  readonly action: 'add' | 'remove';
  /** Null once the label has been deleted. */
  readonly label: { readonly id: number; readonly name: string } | null;
  readonly user: Account | null;
  readonly createdAt: string;
}

/** A change of state; the one of a merge says how it came about. */
export interface StateEvent {
  readonly id: number;
  readonly state: string;
  readonly user: Account | null;
  readonly createdAt: string;
  /**
   * What merged it other than its own button: `commit` for a push to the target branch, `merge_request` for another
   * merge request that carried its commits. Null where neither; absent where this server does not say.
   */
  readonly source?: { readonly kind: 'commit' | 'merge_request'; readonly id: string } | null;
}

/** A note that GitLab wrote itself; people's notes are only counted. */
export interface SystemNote {
  readonly id: number;
  readonly body: string;
  /** What it says about the review: stays readable when the text has been erased. Null where it says nothing. */
  readonly meaning: NoteMeaning | null;
  readonly author: Account | null;
  readonly createdAt: string;
}

/** A note of a thread that can be resolved. */
export interface ThreadNote {
  readonly id: number;
  readonly createdAt: string;
  readonly resolved: boolean;
  /** Null where it is not resolved, or the answer does not say when it was. */
  readonly resolvedAt: string | null;
}

export interface Notes {
  readonly system: readonly SystemNote[];
  readonly threads: readonly ThreadNote[];
  /** How many notes each person wrote. */
  readonly byPeople: readonly { readonly userId: number; readonly count: number }[];
}

/** Current settings, not those at the merge. Null where this answer did not show the value. */
export interface ProjectSettings {
  readonly authorMayApprove: boolean | null;
  readonly committersMayApprove: boolean | null;
  readonly resetOnPush: boolean | null;
  readonly rulesFixed: boolean | null;
}

/** One answer as it came: its bytes are kept, compressed, beside their digest. */
export interface Answer {
  /** What was asked, for instance `approvals` or `notes.2` for the second page. */
  readonly name: string;
  readonly url: string;
  readonly status: number;
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, lower-case hex. */
  readonly sha256: string;
  readonly observedAt: string;
}

/**
 * A part of the evidence: read, or the reason why not. Absent is never the same as empty.
 * `code` is a connector's error code, `not_licensed` where the endpoint belongs to a higher tier.
 */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly observedAt: string; readonly sha256: readonly string[] }
  | { readonly ok: false; readonly code: string; readonly status: number | null };

export interface ChangeEvidence {
  readonly answers: readonly Answer[];
  readonly mergeRequest: Reading<MergeRequest>;
  readonly approvals: Reading<Approvals>;
  readonly approvalState: Reading<ApprovalState>;
  readonly reviewers: Reading<readonly Reviewer[]>;
  readonly versions: Reading<readonly Version[]>;
  readonly commits: Reading<readonly Commit[]>;
  readonly labelEvents: Reading<readonly LabelEvent[]>;
  readonly stateEvents: Reading<readonly StateEvent[]>;
  readonly notes: Reading<Notes>;
  readonly projectSettings: Reading<ProjectSettings>;
  /** Commits that stand in an earlier version and no longer in the last. */
  readonly earlierCommits: Reading<readonly VersionCommits[]>;
  /** Everybody who approved. */
  readonly people: readonly PersonReading[];
  readonly identities: Reading<readonly MappedIdentity[]>;
  /** Members of the group of security reviewers; null where none is configured. */
  readonly securityReviewers: Reading<readonly number[]> | null;
}

/** The linked issue, as capture found it. */
export type TicketFinding =
  | { readonly kind: 'found'; readonly how: TicketHow; readonly issue: Ticket }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly identifiers: readonly string[] }
  | { readonly kind: 'unreadable'; readonly code: string };

export type TicketHow = 'attachment' | 'branch' | 'magic_word' | 'issue_url';

export interface Ticket {
  /** Linear's UUID: stays when the issue moves to another team. */
  readonly id: string;
  readonly identifier: string;
  readonly url: string;
  readonly title: string;
  readonly createdAt: string;
  readonly state: { readonly name: string; readonly type: string };
  readonly labels: readonly string[];
}
