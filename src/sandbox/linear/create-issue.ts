import { invalidArgument } from './errors.ts';
import { enterState } from './history.ts';
import { changeIssue, defaultState, type IssueChange } from './issues.ts';
import { requireTeam, requireUuid4 } from './lookup.ts';
import type { Issue, State, Team } from './records.ts';
import type { Session } from './session.ts';
import type { Store } from './store.ts';

export interface IssueInput extends IssueChange {
  readonly id?: string | null;
  readonly teamId: string;
}

/** Makes an issue with the next number of its team. */
export function createIssue(session: Session, input: IssueInput): Issue {
  const { store, viewer, facts } = session;
  if (input.id) requireUuid4(session, 'id', input.id);
  const team = requireTeam(session, input.teamId);
  if (!input.title || input.title.trim() === '') throw invalidArgument(session, 'title', 'must not be empty');
  const issue = keepIssue(store, team, defaultState(store, team), input.title, viewer.id, { id: input.id });
  const { teamId: _team, id: _id, title: _title, ...rest } = input;
  try {
    changeIssue(session, issue, rest);
  } catch (error) {
    store.issues.delete(issue.id);
    team.nextNumber--;
    throw error;
  }
  // What an issue was made with is not history.
  issue.history.length = 0;
  issue.spans.splice(0, issue.spans.length - 1);
  facts.add('linear 8 issue created');
  return issue;
}

export interface Given {
  readonly id?: string | null | undefined;
  readonly number?: number | undefined;
  readonly createdAt?: string | undefined;
  readonly description?: string | undefined;
}

/** Keeps an issue, unchecked. */
export function keepIssue(
  store: Store,
  team: Team,
  state: State,
  title: string,
  creatorId: string | null,
  given: Given = {},
): Issue {
  const number = given.number ?? team.nextNumber;
  team.nextNumber = Math.max(team.nextNumber, number + 1);
  const stamp = store.stamp(given.id ?? undefined, given.createdAt);
  const issue: Issue = {
    ...stamp,
    number,
    teamId: team.id,
    previousIdentifiers: [],
    title,
    description: given.description ?? null,
    stateId: state.id,
    labelIds: [],
    parentId: null,
    assigneeId: null,
    creatorId,
    priority: 0,
    estimate: null,
    dueDate: null,
    trashed: null,
    startedAt: state.type === 'started' ? stamp.createdAt : null,
    completedAt: state.type === 'completed' ? stamp.createdAt : null,
    canceledAt: state.type === 'canceled' || state.type === 'duplicate' ? stamp.createdAt : null,
    autoArchivedAt: null,
    autoClosedAt: null,
    history: [],
    spans: [],
  };
  enterState(store, issue, state.id, stamp.createdAt);
  store.issues.set(issue.id, issue);
  return issue;
}
