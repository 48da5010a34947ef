import type { LinearTeam } from '../../connectors/linear/inspect.ts';
import { suggest } from '../../config/suggest.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { nameList, quoted } from './name-list.ts';

/** How the issues of one team are to be closed. */
export interface TeamChoice {
  readonly key: string;
  /** Null for the first state that means done. */
  readonly completedState: string | null;
  /** Null for the label of all teams. */
  readonly auditedLabel: string | null;
}

/** A team that is there, and what is wanted of it. */
export interface WantedTeam {
  readonly team: LinearTeam;
  readonly completedState: string | null;
  readonly auditedLabel: string;
}

export interface Choices {
  /** Empty for every team that the credential reaches. */
  readonly teams: readonly TeamChoice[];
  readonly completedState: string | null;
  readonly auditedLabel: string;
}

/** The teams whose issues count, as far as they are there. */
export function wantedTeams(visible: readonly LinearTeam[], choices: Choices): WantedTeam[] {
  const { completedState, auditedLabel } = choices;
  if (choices.teams.length === 0) return visible.map((team) => ({ team, completedState, auditedLabel }));
  return choices.teams.flatMap((choice) => {
    const team = visible.find(({ key }) => isSame(key, choice.key));
    const label = choice.auditedLabel ?? auditedLabel;
    return team === undefined ? [] : { team, completedState: choice.completedState, auditedLabel: label };
  });
}

const teamsId = 'linear.teams';
const access =
  'let the credential into it: a key under Settings, Security & access, Personal API keys, an application by an admin ' +
  'under Settings, Applications';

/** Whether the teams whose issues count are there for this credential. */
export function checkTeams(visible: readonly LinearTeam[], choices: Choices): Check {
  const cost = 'their issues are neither found nor closed';
  if (visible.length === 0) {
    return failure(teamsId, `The credential sees no team of Linear: ${cost}`, `Choose the teams, and ${access}`);
  }
  const keys = visible.map(({ key }) => key);
  const unknown = choices.teams.filter(({ key }) => !keys.some((known) => isSame(known, key)));
  if (unknown.length > 0) {
    const names = unknown.map(({ key }) => key);
    return failure(
      teamsId,
      `The credential sees no team ${nameList(names)}: ${cost}. It sees ${nameList(keys)}`,
      `Correct linear.teams${meant(names, keys)}, or, where such a team is private, ${access}`,
    );
  }
  const counted = choices.teams.length === 0 ? visible : wantedTeams(visible, choices).map(({ team }) => team);
  const closed = counted.filter((team) => team.private).map(({ key }) => key);
  const which = choices.teams.length === 0 ? 'Issues of every team count' : 'Issues of these teams count';
  const hidden = closed.length === 0 ? '' : `; private: ${nameList(closed)}`;
  return fine(teamsId, `${which}: ${nameList(counted.map(({ key }) => key))}${hidden}`);
}

function meant(names: readonly string[], keys: readonly string[]): string {
  const guesses = names.flatMap((name) => {
    const guess = suggest(name, keys);
    return guess === undefined ? [] : `${readable(guess, 20)} instead of ${name}`;
  });
  return guesses.length === 0 ? '' : ` (${guesses.join(', ')}?)`;
}

const stateId = 'linear.state';

/** Whether each team has the state that its issues are moved to. */
export function checkStates(wanted: readonly WantedTeam[], isEveryTeam: boolean): Check {
  const without = wanted.filter(({ team, completedState }) => !hasState(team, completedState));
  if (without.length === 0) return fine(stateId, `Issues are moved to ${nameList(statesOf(wanted), quoted)}`);
  const told = without.slice(0, 5).map(({ team, completedState }) => {
    const lacks = completedState === null ? 'no completed state' : `no completed state ${quoted(completedState)}`;
    const has = team.completedStates.length === 0 ? '' : `, it has ${nameList(team.completedStates, quoted)}`;
    return `${readable(team.key, 20)} has ${lacks}${has}`;
  });
  const more = without.length > told.length ? `; and ${without.length - told.length} teams more` : '';
  const message = `${told.join('; ')}${more}: issues of ${without.length === 1 ? 'this team' : 'these teams'} are not closed`;
  const named = without.some(({ completedState }) => completedState !== null);
  const fix = named
    ? `Correct ${isEveryTeam ? 'linear.completed_state, or leave it empty' : 'completed_state of the team in linear.teams, or linear.completed_state'}, for the first completed state of each team`
    : 'Add a status of the kind Completed in Linear under the settings of the team, Issue statuses';
  // Where every team counts, there may be some whose issues never have to do with a merge request.
  return isEveryTeam && without.length < wanted.length
    ? warning(stateId, message, fix)
    : failure(stateId, message, fix);
}

function hasState({ completedStates }: LinearTeam, name: string | null): boolean {
  return name === null ? completedStates.length > 0 : completedStates.some((known) => isSame(known, name));
}

function statesOf(wanted: readonly WantedTeam[]): string[] {
  return [...new Set(wanted.map(({ team, completedState }) => completedState ?? team.completedStates[0] ?? ''))];
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
