import type { State, StateType, Team } from './records.ts';
import type { Store } from './store.ts';

export interface TeamInput {
  readonly key: string;
  readonly name?: string;
  readonly visibility?: Team['visibility'];
  /** Whether the credentials reach a team that is not public; not unless said so. */
  readonly admitted?: boolean;
  readonly parent?: Team;
  readonly autoCloseParentIssues?: boolean;
  readonly autoCloseChildIssues?: boolean;
  readonly groupIssueHistory?: boolean;
  /** Its states; a usual workflow unless given. */
  readonly states?: readonly { readonly name: string; readonly type: StateType }[];
}

/** The workflow of a team that brings none. */
export const usualStates: readonly { readonly name: string; readonly type: StateType }[] = [
  { name: 'Triage', type: 'triage' },
  { name: 'Backlog', type: 'backlog' },
  { name: 'Todo', type: 'unstarted' },
  { name: 'In Progress', type: 'started' },
  { name: 'In Review', type: 'started' },
  { name: 'Done', type: 'completed' },
  { name: 'Canceled', type: 'canceled' },
  { name: 'Duplicate', type: 'duplicate' },
];

/** Keeps a team, without states yet. */
export function keepTeam(store: Store, input: TeamInput): Team {
  const team: Team = {
    ...store.stamp(),
    key: input.key,
    name: input.name ?? input.key,
    description: null,
    visibility: input.visibility ?? 'public',
    admitted: input.admitted ?? false,
    parentId: input.parent?.id ?? null,
    autoCloseParentIssues: input.autoCloseParentIssues ?? false,
    autoCloseChildIssues: input.autoCloseChildIssues ?? false,
    autoArchivePeriod: 6,
    groupIssueHistory: input.groupIssueHistory ?? true,
    retiredAt: null,
    nextNumber: 1,
  };
  store.teams.set(team.id, team);
  return team;
}

const colours: Readonly<Record<StateType, string>> = {
  triage: '#fc7840',
  backlog: '#bec2c8',
  unstarted: '#e2e2e2',
  started: '#f2c94c',
  completed: '#5e6ad2',
  canceled: '#95a2b3',
  duplicate: '#95a2b3',
};

/** Keeps a state of a team. */
export function keepState(store: Store, team: Team, name: string, type: StateType, position: number): State {
  const state: State = {
    ...store.stamp(),
    teamId: team.id,
    name,
    type,
    position,
    color: colours[type],
    description: null,
  };
  store.states.set(state.id, state);
  return state;
}
