import { keepAttachment, type AttachmentInput } from './attachments.ts';
import { keepIssue } from './create-issue.ts';
import { recordHistory } from './history.ts';
import { archiveIssue, defaultState, firstState, moveToTeam, setState } from './issues.ts';
import { keepLabel } from './labels.ts';
import { findIssue } from './lookup.ts';
import { keepState, keepTeam, type TeamInput, usualStates } from './teams.ts';
import type { Actor, Attachment, Issue, Label, State, StateType, Team } from './records.ts';
import { describeIssue, type FakeIssue } from './snapshot.ts';
import { need, touch, type Store } from './store.ts';
import type { LinearSwitches } from './switches.ts';

export interface NewIssue {
  readonly team: Team | string;
  readonly title?: string;
  readonly description?: string;
  readonly number?: number;
  /** The name of a state. */
  readonly state?: string;
  /** Names of labels, or labels. */
  readonly labels?: readonly (string | Label)[];
  readonly parent?: string;
  readonly createdAt?: string;
}

/** Who acts from outside the API: a colleague in the app, or Linear's own GitLab integration. */
export type Outsider = 'colleague' | 'gitlab';

/** The workspace as people see it: what the API answers from. */
export interface Workspace {
  createTeam(input: TeamInput): Team;
  createState(input: { team: Team | string; name: string; type: StateType; position?: number }): State;
  createLabel(input: {
    name: string;
    team?: Team | string;
    isGroup?: boolean;
    groupType?: Label['groupType'];
    parent?: Label;
    retired?: boolean;
  }): Label;
  createIssue(input: NewIssue): FakeIssue;
  /** Attaches a link; with a `sourceType` it is an integration's. */
  attach(issue: string, input: AttachmentInput & { sourceType?: string }): Attachment;
  /** Puts an issue into a state by name. */
  setState(issue: string, state: string, by?: Outsider): FakeIssue;
  /** What Linear's GitLab integration does when a merge request is merged: the link, and the first completed state. */
  closeByIntegration(issue: string, mergeRequestUrl: string): FakeIssue;
  /** Moves an issue to another team; its UUID stays. */
  moveIssue(issue: string, team: Team | string): FakeIssue;
  archive(issue: string, how?: { trash?: boolean }): FakeIssue;
  retireLabel(label: Label): void;
  restrictLabels(adminsOnly: boolean): void;
  connectGitlab(connected: boolean): void;
  /** The issue with this UUID, identifier or former identifier, however hidden. */
  issue(id: string): FakeIssue | undefined;
  issues(): FakeIssue[];
  labels(): Label[];
}

/** Everything that happens in a workspace without its API. */
export function createWorkspace(store: Store, switches: LinearSwitches): Workspace {
  const teamOf = (team: Team | string): Team => {
    if (typeof team !== 'string') return team;
    const found = [...store.teams.values()].find(({ key }) => key === team);
    if (found === undefined) throw new Error(`The sandbox has no team ${team}`);
    return found;
  };
  const issueOf = (id: string): Issue => {
    const found = lookUp(store, id);
    if (found === undefined) throw new Error(`The sandbox has no issue ${id}`);
    return found;
  };
  const actorOf = (by: Outsider): Actor => {
    const colleague = [...store.users.values()].find(({ app, id }) => !app && id !== store.keyOwner.id);
    return by === 'colleague' && colleague !== undefined ? { userId: colleague.id } : { bot: 'gitlab' };
  };
  const enter = (issue: Issue, state: State, by: Outsider): void => {
    const fromStateId = issue.stateId;
    setState(store, issue, state);
    touch(store, issue);
    recordHistory(store, issue, actorOf(by), { fromStateId, toStateId: state.id }, 0);
  };

  return {
    createTeam(input) {
      const team = keepTeam(store, input);
      for (const [index, { name, type }] of (input.states ?? usualStates).entries()) {
        keepState(store, team, name, type, index);
      }
      return team;
    },
    createState({ team, name, type, position = 100 }) {
      return keepState(store, teamOf(team), name, type, position);
    },
    createLabel({ name, team, isGroup, groupType, parent, retired }) {
      const input = {
        name,
        teamId: team === undefined ? null : teamOf(team).id,
        isGroup: isGroup ?? false,
        groupType: groupType ?? null,
        parentId: parent?.id ?? null,
        retiredAt: retired === true ? store.now().toISOString() : null,
      };
      return keepLabel(store, input, store.keyOwner.id);
    },
    createIssue({ team, title, description, number, state, labels, parent, createdAt }) {
      const owner = teamOf(team);
      const starts = state === undefined ? defaultState(store, owner) : stateNamed(store, owner, state);
      const given = { description, number, createdAt };
      const issue = keepIssue(store, owner, starts, title ?? 'Fix a vulnerability', store.keyOwner.id, given);
      issue.labelIds = (labels ?? []).map((label) => labelOf(store, owner, label).id);
      issue.parentId = parent === undefined ? null : issueOf(parent).id;
      return describeIssue(store, issue);
    },
    attach(id, { sourceType, ...input }) {
      const by: Actor = sourceType === undefined ? { userId: store.keyOwner.id } : { bot: sourceType };
      return keepAttachment(store, issueOf(id), input, sourceType ?? null, by, 0);
    },
    setState(id, name, by = 'colleague') {
      const issue = issueOf(id);
      enter(issue, stateNamed(store, need(store.teams, issue.teamId), name), by);
      return describeIssue(store, issue);
    },
    closeByIntegration(id, url) {
      const issue = issueOf(id);
      const state = firstState(store, need(store.teams, issue.teamId), 'completed');
      if (state === undefined) throw new Error('The sandbox’s team has no completed state');
      const metadata = switches.gitlabMetadata ? { status: 'merged' } : {};
      const input = { url, title: `Merge request ${url}`, metadata };
      keepAttachment(store, issue, input, switches.gitlabSourceType, actorOf('gitlab'), 0);
      enter(issue, state, 'gitlab');
      return describeIssue(store, issue);
    },
    moveIssue(id, team) {
      const issue = issueOf(id);
      const to = teamOf(team);
      const fromTeamId = issue.teamId;
      const { type } = need(store.states, issue.stateId);
      moveToTeam(store, issue, to);
      issue.stateId = (firstState(store, to, type) ?? defaultState(store, to)).id;
      touch(store, issue);
      recordHistory(store, issue, actorOf('colleague'), { fromTeamId, toTeamId: to.id }, 0);
      return describeIssue(store, issue);
    },
    archive(id, { trash = false } = {}) {
      const issue = issueOf(id);
      archiveIssue(store, issue, actorOf('colleague'), trash);
      return describeIssue(store, issue);
    },
    retireLabel(label) {
      need(store.labels, label.id).retiredAt = store.now().toISOString();
    },
    restrictLabels(adminsOnly) {
      store.labelsByAdminsOnly = adminsOnly;
    },
    connectGitlab(connected) {
      store.gitlabConnected = connected;
    },
    issue(id) {
      const found = lookUp(store, id);
      return found === undefined ? undefined : describeIssue(store, found);
    },
    issues: () => [...store.issues.values()].map((issue) => describeIssue(store, issue)),
    labels: () => structuredClone([...store.labels.values()]),
  };
}

function lookUp(store: Store, id: string): Issue | undefined {
  return findIssue(store, id, { identifierLookup: true, identifierIgnoresCase: true, oldIdentifierResolves: true });
}

function stateNamed(store: Store, team: Team, name: string): State {
  const found = [...store.states.values()].find((state) => state.teamId === team.id && state.name === name);
  if (found === undefined) throw new Error(`The sandbox’s team ${team.key} has no state ${name}`);
  return found;
}

function labelOf(store: Store, team: Team, label: string | Label): Label {
  if (typeof label !== 'string') return label;
  const named = [...store.labels.values()].filter(({ name }) => name === label);
  const found = named.find(({ teamId }) => teamId === team.id) ?? named.find(({ teamId }) => teamId === null);
  return found ?? keepLabel(store, { name: label }, store.keyOwner.id);
}
