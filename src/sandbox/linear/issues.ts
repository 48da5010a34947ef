import { inputError, invalidArgument, notFound } from './errors.ts';
import { enterState, recordHistory } from './history.ts';
import { labelsAfter, type LabelChange } from './labels.ts';
import { identifierOf, requireIssue, requireState, requireTeam } from './lookup.ts';
import type { Actor, Changes, Issue, State, Team } from './records.ts';
import type { Session } from './session.ts';
import { need, touch, type Store } from './store.ts';

export interface IssueChange extends LabelChange {
  readonly stateId?: string | null;
  readonly teamId?: string | null;
  readonly title?: string | null;
  readonly description?: string | null;
  readonly priority?: number | null;
  readonly estimate?: number | null;
  readonly dueDate?: string | null;
  readonly assigneeId?: string | null;
  readonly parentId?: string | null;
  readonly trashed?: boolean | null;
}

/** Changes an issue, wholly or not at all. */
export function changeIssue(session: Session, issue: Issue, input: IssueChange): void {
  const { store, facts } = session;
  const team = input.teamId ? requireTeam(session, input.teamId) : need(store.teams, issue.teamId);
  const state = stateAfter(session, issue, team, input.stateId);
  const labels = labelsAfter(session, issue, team, input);
  const plain = plainChanges(session, issue, input);

  const changes: Changes = { ...plain.changes };
  if (team.id !== issue.teamId) {
    changes.fromTeamId = issue.teamId;
    changes.toTeamId = team.id;
    moveToTeam(store, issue, team);
    facts.add('linear 4.1 move keeps the UUID');
  }
  Object.assign(issue, plain.fields);
  noteLabels(store, issue, labels, changes);
  if (state.id !== issue.stateId) {
    changes.fromStateId = issue.stateId;
    changes.toStateId = state.id;
    if (state.type === 'completed') facts.add('linear 5 completedAt set on entering completed');
    setState(store, issue, state);
  }
  facts.add('linear 8 issue updated');
  if (Object.keys(changes).length === 0) return;
  touch(store, issue);
  recordHistory(store, issue, session.actor, changes, session.switches.historyMergeSeconds);
  if (changes.toStateId !== undefined) closeRelatives(store, issue, state);
}

function stateAfter(session: Session, issue: Issue, team: Team, stateId: string | null | undefined): State {
  const { store } = session;
  const current = need(store.states, issue.stateId);
  if (stateId) {
    const state = requireState(session, stateId, 'stateId');
    if (state.teamId === team.id) return state;
    throw inputError(
      session,
      `The state "${state.name}" does not belong to team ${team.key}`,
      'linear 5 foreign state fails',
    );
  }
  if (current.teamId === team.id) return current;
  return firstState(store, team, current.type) ?? defaultState(store, team);
}

/** The first state of this type in a team's workflow. */
export function firstState(store: Store, team: Team, type: State['type']): State | undefined {
  return [...store.states.values()]
    .filter((state) => state.teamId === team.id && state.type === type)
    .toSorted((one, other) => one.position - other.position)[0];
}

/** The state that new issues of a team have. */
export function defaultState(store: Store, team: Team): State {
  const state = firstState(store, team, 'backlog') ?? firstState(store, team, 'unstarted');
  if (state === undefined) throw new Error(`The sandbox's team ${team.key} has no state to begin with`);
  return state;
}

function plainChanges(
  session: Session,
  issue: Issue,
  input: IssueChange,
): { fields: Partial<Issue>; changes: Changes } {
  const { store } = session;
  const fields: Partial<Issue> = {};
  const changes: Changes = {};
  if (input.title !== undefined && input.title !== issue.title) {
    if (input.title === null || input.title.trim() === '') throw invalidArgument(session, 'title', 'must not be empty');
    Object.assign(changes, { fromTitle: issue.title, toTitle: input.title });
    fields.title = input.title;
  }
  if (input.description !== undefined && input.description !== issue.description) {
    changes.updatedDescription = true;
    fields.description = input.description;
  }
  if (typeof input.priority === 'number' && input.priority !== issue.priority) {
    if (input.priority < 0 || input.priority > 4) throw invalidArgument(session, 'priority', 'must be 0 to 4');
    Object.assign(changes, { fromPriority: issue.priority, toPriority: input.priority });
    fields.priority = input.priority;
  }
  if (input.assigneeId !== undefined && input.assigneeId !== issue.assigneeId) {
    if (input.assigneeId !== null && !store.users.has(input.assigneeId)) throw notFound(session, 'User');
    Object.assign(changes, { fromAssigneeId: issue.assigneeId, toAssigneeId: input.assigneeId });
    fields.assigneeId = input.assigneeId;
  }
  if (input.parentId !== undefined) {
    const parentId = input.parentId === null ? null : requireIssue(session, input.parentId).id;
    if (parentId === issue.id) throw inputError(session, 'An issue cannot be its own parent', 'linear 8 issue updated');
    if (parentId !== issue.parentId) Object.assign(changes, { fromParentId: issue.parentId, toParentId: parentId });
    fields.parentId = parentId;
  }
  if (typeof input.trashed === 'boolean' && input.trashed !== (issue.trashed ?? false)) {
    changes.trashed = input.trashed;
    fields.trashed = input.trashed ? true : null;
    fields.archivedAt = input.trashed ? store.now().toISOString() : null;
  }
  if (input.estimate !== undefined) fields.estimate = input.estimate;
  if (input.dueDate !== undefined) fields.dueDate = input.dueDate;
  return { fields, changes };
}

function noteLabels(store: Store, issue: Issue, labels: string[], changes: Changes): void {
  const added = labels.filter((id) => !issue.labelIds.includes(id));
  const removed = issue.labelIds.filter((id) => !labels.includes(id));
  if (added.length > 0) changes.addedLabelIds = added;
  if (removed.length > 0) changes.removedLabelIds = removed;
  for (const id of added) need(store.labels, id).lastAppliedAt = store.now().toISOString();
  issue.labelIds = labels;
}

/** Gives an issue the next number of another team; its UUID stays, and the old identifier is remembered. */
export function moveToTeam(store: Store, issue: Issue, team: Team): void {
  issue.previousIdentifiers = [...issue.previousIdentifiers, identifierOf(store, issue)];
  issue.teamId = team.id;
  issue.number = team.nextNumber++;
}

/** Puts an issue into a state, with the dates that come with it. `completedAt` keeps its first value. */
export function setState(store: Store, issue: Issue, state: State): void {
  const at = store.now().toISOString();
  const canceled = state.type === 'canceled' || state.type === 'duplicate';
  issue.stateId = state.id;
  if (state.type === 'started') issue.startedAt ??= at;
  issue.completedAt = state.type === 'completed' ? (issue.completedAt ?? at) : null;
  issue.canceledAt = canceled ? (issue.canceledAt ?? at) : null;
  enterState(store, issue, state.id, at);
}

const automation: Actor = { bot: 'linear' };

// A closed issue takes its children along, and its parent when no other child is open, where the team wants that.
function closeRelatives(store: Store, issue: Issue, state: State): void {
  const team = need(store.teams, issue.teamId);
  if (state.type !== 'completed') return;
  if (team.autoCloseChildIssues) {
    for (const child of childrenOf(store, issue)) closeAutomatically(store, child, 'completed');
  }
  const parent = issue.parentId === null ? undefined : store.issues.get(issue.parentId);
  if (parent === undefined || !need(store.teams, parent.teamId).autoCloseParentIssues) return;
  if (childrenOf(store, parent).every((child) => isClosed(store, child)))
    closeAutomatically(store, parent, 'completed');
}

/** The issues below this one. */
export function childrenOf(store: Store, issue: Issue): Issue[] {
  return [...store.issues.values()].filter(({ parentId }) => parentId === issue.id);
}

function isClosed(store: Store, issue: Issue): boolean {
  return ['completed', 'canceled', 'duplicate'].includes(need(store.states, issue.stateId).type);
}

function closeAutomatically(store: Store, issue: Issue, type: State['type']): void {
  const state = firstState(store, need(store.teams, issue.teamId), type);
  if (state === undefined || isClosed(store, issue)) return;
  const fromStateId = issue.stateId;
  setState(store, issue, state);
  touch(store, issue);
  recordHistory(store, issue, automation, { fromStateId, toStateId: state.id, autoClosed: true }, 0);
  closeRelatives(store, issue, state);
}

/** Archives an issue, or puts it into the trash. */
export function archiveIssue(store: Store, issue: Issue, by: Actor, trash: boolean): void {
  issue.archivedAt = store.now().toISOString();
  if (trash) issue.trashed = true;
  touch(store, issue);
  recordHistory(store, issue, by, { archived: true, ...(trash ? { trashed: true } : {}) }, 0);
}

/** Takes an issue out of the archive or the trash. */
export function unarchiveIssue(store: Store, issue: Issue, by: Actor): void {
  issue.archivedAt = null;
  issue.autoArchivedAt = null;
  issue.trashed = null;
  touch(store, issue);
  recordHistory(store, issue, by, { archived: false }, 0);
}
