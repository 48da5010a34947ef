/** Entities as the sandbox keeps them. Fields that the schema names too are answered from here as they are. */
export interface Kept {
  readonly id: string;
  /** Breaks ties between entities of one millisecond. */
  readonly order: number;
  readonly createdAt: string;
  updatedAt: string;
  archivedAt: string | null;
}

export type StateType = 'triage' | 'backlog' | 'unstarted' | 'started' | 'completed' | 'canceled' | 'duplicate';

export interface Team extends Kept {
  key: string;
  name: string;
  description: string | null;
  visibility: 'public' | 'private' | 'restricted';
  /** Whether the sandbox's credentials reach a team that is not public. */
  readonly admitted: boolean;
  readonly parentId: string | null;
  autoCloseParentIssues: boolean;
  autoCloseChildIssues: boolean;
  readonly autoArchivePeriod: number;
  readonly groupIssueHistory: boolean;
  retiredAt: string | null;
  nextNumber: number;
}

export interface State extends Kept {
  readonly teamId: string;
  name: string;
  readonly type: StateType;
  readonly position: number;
  readonly color: string;
  readonly description: string | null;
}

export interface Label extends Kept {
  name: string;
  /** Null for a label of the workspace. */
  readonly teamId: string | null;
  readonly parentId: string | null;
  readonly isGroup: boolean;
  readonly groupType: 'singleSelect' | 'multiSelect' | null;
  color: string;
  description: string | null;
  retiredAt: string | null;
  lastAppliedAt: string | null;
  readonly creatorId: string | null;
}

export interface User extends Kept {
  readonly name: string;
  readonly displayName: string;
  readonly email: string;
  readonly active: boolean;
  readonly admin: boolean;
  /** Whether this is an OAuth application rather than a person. */
  readonly app: boolean;
}

/** A service that the workspace is connected with. */
export interface Integration extends Kept {
  readonly service: string;
}

/** Who did something: an account, or an integration that has none. */
export type Actor = { readonly userId: string } | { readonly bot: string };

export interface Issue extends Kept {
  number: number;
  teamId: string;
  previousIdentifiers: string[];
  title: string;
  description: string | null;
  stateId: string;
  labelIds: string[];
  parentId: string | null;
  assigneeId: string | null;
  readonly creatorId: string | null;
  priority: number;
  estimate: number | null;
  dueDate: string | null;
  trashed: boolean | null;
  startedAt: string | null;
  completedAt: string | null;
  canceledAt: string | null;
  autoArchivedAt: string | null;
  autoClosedAt: string | null;
  readonly history: HistoryRow[];
  readonly spans: StateSpan[];
}

/** The part of a history row that tells what changed. */
export interface Changes {
  fromStateId?: string;
  toStateId?: string;
  addedLabelIds?: string[];
  removedLabelIds?: string[];
  fromTeamId?: string;
  toTeamId?: string;
  fromTitle?: string;
  toTitle?: string;
  fromPriority?: number;
  toPriority?: number;
  fromAssigneeId?: string | null;
  toAssigneeId?: string | null;
  fromParentId?: string | null;
  toParentId?: string | null;
  updatedDescription?: boolean;
  archived?: boolean;
  trashed?: boolean;
  autoArchived?: boolean;
  autoClosed?: boolean;
  attachmentId?: string;
}

export interface HistoryRow extends Kept {
  readonly issueId: string;
  readonly by: Actor;
  readonly changes: Changes;
}

export interface StateSpan {
  readonly id: string;
  readonly order: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archivedAt: null;
  readonly stateId: string;
  readonly startedAt: string;
  endedAt: string | null;
}

export interface Attachment extends Kept {
  readonly issueId: string;
  readonly url: string;
  title: string;
  subtitle: string | null;
  metadata: Record<string, unknown>;
  groupBySource: boolean;
  readonly sourceType: string | null;
  readonly creatorId: string | null;
}

export interface Comment extends Kept {
  readonly issueId: string;
  readonly body: string;
  readonly parentId: string | null;
  readonly quotedText: string | null;
  readonly userId: string | null;
}
