import { childrenOf } from './issues.ts';
import { identifierOf } from './lookup.ts';
import type { Attachment, Comment, HistoryRow, Issue, StateType } from './records.ts';
import { attachmentsOf, branchName, commentsOf, issueUrl } from './resolvers/issue.ts';
import { need, type Store } from './store.ts';

/** An issue as it stands, for tests and for people who look. */
export interface FakeIssue {
  readonly id: string;
  readonly identifier: string;
  readonly previousIdentifiers: readonly string[];
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly branchName: string;
  readonly team: { readonly id: string; readonly key: string; readonly name: string };
  readonly state: { readonly id: string; readonly name: string; readonly type: StateType };
  readonly labels: readonly { readonly id: string; readonly name: string }[];
  readonly attachments: readonly Attachment[];
  readonly comments: readonly Comment[];
  readonly children: readonly string[];
  readonly history: readonly FakeHistoryRow[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly canceledAt: string | null;
  readonly archivedAt: string | null;
  readonly trashed: boolean;
}

/** What changed, with names instead of ids, and by whom. */
export interface FakeHistoryRow {
  readonly at: string;
  readonly by: string;
  readonly fromState: string | null;
  readonly toState: string | null;
  readonly addedLabels: readonly string[];
  readonly removedLabels: readonly string[];
  readonly changes: HistoryRow['changes'];
}

/** Copies an issue out of the workspace. */
export function describeIssue(store: Store, issue: Issue): FakeIssue {
  const team = need(store.teams, issue.teamId);
  const state = need(store.states, issue.stateId);
  return {
    id: issue.id,
    identifier: identifierOf(store, issue),
    previousIdentifiers: [...issue.previousIdentifiers],
    number: issue.number,
    title: issue.title,
    url: issueUrl(store, issue),
    branchName: branchName(store, issue),
    team: { id: team.id, key: team.key, name: team.name },
    state: { id: state.id, name: state.name, type: state.type },
    labels: issue.labelIds.map((id) => ({ id, name: need(store.labels, id).name })),
    attachments: structuredClone(attachmentsOf(store, issue)),
    comments: structuredClone(commentsOf(store, issue)),
    children: childrenOf(store, issue).map((child) => identifierOf(store, child)),
    history: issue.history.map((row) => describeRow(store, row)),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    startedAt: issue.startedAt,
    completedAt: issue.completedAt,
    canceledAt: issue.canceledAt,
    archivedAt: issue.archivedAt,
    trashed: issue.trashed ?? false,
  };
}

function describeRow(store: Store, { createdAt, by, changes }: HistoryRow): FakeHistoryRow {
  const nameOf = (ids: readonly string[] | undefined): string[] =>
    (ids ?? []).map((id) => store.labels.get(id)?.name ?? id);
  const stateOf = (id: string | undefined): string | null => store.states.get(id ?? '')?.name ?? null;
  return {
    at: createdAt,
    by: 'bot' in by ? by.bot : need(store.users, by.userId).displayName,
    fromState: stateOf(changes.fromStateId),
    toState: stateOf(changes.toStateId),
    addedLabels: nameOf(changes.addedLabelIds),
    removedLabels: nameOf(changes.removedLabelIds),
    changes: structuredClone(changes),
  };
}
