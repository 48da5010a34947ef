import type { LinearLabel } from '../../connectors/linear/inspect.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import type { WantedTeam } from './linear-teams.ts';
import { nameList } from './name-list.ts';

const id = 'linear.label';

/** One label, and the teams whose issues are to get it. */
interface Use {
  readonly name: string;
  readonly teams: readonly WantedTeam[];
  readonly labels: readonly LinearLabel[];
}

/** Whether each team's issues can get their label. Of several labels the first that cannot be used is told. */
export function checkLabels(
  wanted: readonly WantedTeam[],
  found: ReadonlyMap<string, readonly LinearLabel[]>,
  mayMake: boolean | null,
): Check {
  const uses = [...Map.groupBy(wanted, ({ auditedLabel }) => auditedLabel)].map(([name, teams]) =>
    judge({ name, teams, labels: found.get(name) ?? [] }, mayMake),
  );
  const worst = uses.find(({ status }) => status === 'fail') ?? uses.find(({ status }) => status === 'warn');
  return worst ?? fine(id, uses.map(({ message }) => message).join('; '));
}

function judge(use: Use, mayMake: boolean | null): Check {
  const name = `The label "${readable(use.name, 60)}"`;
  const states = use.teams.map(({ team }) => ({ key: team.key, state: stateFor(team.id, use.labels) }));
  const keysOf = (...wanted: State[]): string[] =>
    states.filter(({ state }) => wanted.includes(state)).map(({ key }) => key);

  for (const state of ['group', 'retired', 'in_group'] as const) {
    const keys = keysOf(state);
    if (keys.length > 0) return unusable(name, state, keys);
  }
  const missing = keysOf('missing');
  if (missing.length > 0 && mayMake === false) {
    return failure(
      id,
      `${name} is missing for ${nameList(missing)}, and the workspace lets only admins make labels: no issue is closed`,
      `Let an admin make it in Linear under Settings, Labels, for the whole workspace`,
    );
  }
  const apart = keysOf('team');
  if (apart.length > 0 && missing.length > 0) {
    return warning(
      id,
      `${name} is there for ${nameList(apart)} alone, not for ${nameList(missing)}: each team gets one of its own, and ` +
        'a view over several teams has to name them all',
      'Make it once for the whole workspace, in Linear under Settings, Labels, in place of the labels of the teams',
    );
  }
  if (missing.length > 0) return fine(id, `${name} is not there yet, and is made with the first issue that is closed`);
  return fine(id, `${name} is there`);
}

type State = 'workspace' | 'team' | 'missing' | NonNullable<LinearLabel['unusable']>;

// The workspace's label is taken before the team's own, and of those the first that can be used.
function stateFor(team: string, labels: readonly LinearLabel[]): State {
  const own = labels.filter((label) => label.team === null || label.team.id === team);
  const usable = own.filter(({ unusable }) => unusable === null);
  if (usable.length > 0) return usable.some((label) => label.team === null) ? 'workspace' : 'team';
  return own[0]?.unusable ?? 'missing';
}

function unusable(name: string, why: NonNullable<LinearLabel['unusable']>, keys: readonly string[]): Check {
  const [what, fix] = {
    group: ['is a group of labels, which cannot be put on an issue', 'rename the group'],
    retired: ['is archived, and cannot be put on further issues', 'restore it'],
    in_group: [
      'belongs to a group of labels, where it may push another label off an issue',
      'move it out of the group',
    ],
  }[why];
  return failure(
    id,
    `${name} ${what}: no issue of ${nameList(keys)} is closed`,
    `In Linear under Settings, Labels, ${fix}; or set linear.audited_label to another label`,
  );
}
