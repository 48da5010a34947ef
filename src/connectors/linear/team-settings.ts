import { readable } from '../../domain/text.ts';
import { ConnectorError } from '../errors.ts';
import { chooseLabel, makeLabel } from './audited-label.ts';
import { completedStates, labelsByName } from './documents.ts';
import { tryField, type FieldAnswer, type Graphql } from './graphql.ts';
import { States } from './schema.ts';
import type { Teams } from './teams.ts';

/** The id of what an issue is moved to or labelled with, or why there is none. */
export type Target =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly error: ConnectorError };

/** What closing an issue needs to know of its team. */
export interface Settings {
  readonly state: Target;
  readonly label: Target;
}

export interface Team {
  readonly id: string;
  readonly key: string;
}

export interface TeamSettings {
  of(teams: readonly Team[]): Promise<ReadonlyMap<string, Settings>>;
  /** After Linear did not know a state or label that it gave us before. */
  forget(teamId: string): void;
}

const keptMs = 5 * 60_000;
const mostPerDocument = 20;

/** Reads each team's completed state and its audited label, makes the label where there is none, and keeps both. */
export function createTeamSettings(options: {
  readonly graphql: Graphql;
  readonly teams: Teams;
  readonly now: () => Date;
}): TeamSettings {
  const { graphql, teams: known, now } = options;
  const kept = new Map<string, { readonly settings: Settings; readonly until: number }>();

  async function read(teams: readonly Team[]): Promise<void> {
    const answers = await graphql.ask(
      'TeamSettings',
      teams.flatMap(({ id, key }) => [completedStates(id), labelsByName(known.closingOf(key).auditedLabel, id)]),
    );
    const chosen = teams.map((team, index) => {
      const { completedState, auditedLabel } = known.closingOf(team.key);
      const state = chooseState(answers[index * 2], team, completedState);
      return { team, auditedLabel, state, label: chooseLabel(answers[index * 2 + 1], team.id, auditedLabel) };
    });

    const made = new Map<string, Target>();
    const lacking = chosen.filter(({ label }) => label === undefined);
    // Names that differ in case alone are one label: the first one makes it for all.
    for (const sharing of Map.groupBy(lacking, ({ auditedLabel }) => auditedLabel.toLowerCase()).values()) {
      const ids = sharing.map(({ team }) => team.id);
      for (const [id, target] of await makeLabel(graphql, sharing[0]!.auditedLabel, ids)) made.set(id, target);
    }
    for (const { team, state, label } of chosen) {
      const target = label ?? made.get(team.id);
      if (target === undefined) continue;
      // What is not there may be put right at any moment, so only what is there is kept.
      const keep = state.ok && target.ok;
      kept.set(team.id, { settings: { state, label: target }, until: keep ? now().getTime() + keptMs : 0 });
    }
  }

  return {
    async of(teams) {
      const distinct = [...new Map(teams.map((team) => [team.id, team])).values()];
      const missing = distinct.filter(({ id }) => (kept.get(id)?.until ?? 0) <= now().getTime());
      for (let from = 0; from < missing.length; from += mostPerDocument) {
        await read(missing.slice(from, from + mostPerDocument));
      }
      const settings = new Map<string, Settings>();
      for (const { id } of distinct) {
        const found = kept.get(id);
        if (found !== undefined) settings.set(id, found.settings);
      }
      return settings;
    },
    forget: (teamId) => void kept.delete(teamId),
  };
}

function chooseState(answer: FieldAnswer | undefined, team: Team, configured: string | null): Target {
  const read = tryField(answer, States, 'TeamSettings');
  if (!read.ok) return read;
  const states = (read.value?.nodes ?? [])
    .filter(({ type }) => type === 'completed')
    .toSorted((one, other) => one.position - other.position);
  const wanted = configured?.toLowerCase();
  const chosen = wanted === undefined ? states[0] : states.find(({ name }) => name.toLowerCase() === wanted);
  if (chosen !== undefined) return { ok: true, id: chosen.id };

  const names = states.map(({ name }) => `"${readable(name, 50)}"`).join(', ');
  const missing = configured === null ? 'no completed state' : `no completed state "${configured}"`;
  const has = names === '' ? '' : `; it has ${names}`;
  const message = `The Linear team ${readable(team.key, 20)} has ${missing}${has}`;
  return { ok: false, error: new ConnectorError({ vendor: 'linear', code: 'refused', message }) };
}
