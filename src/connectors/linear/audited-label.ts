import { ConnectorError, isConnectorError, type ConnectorErrorCode } from '../errors.ts';
import { createLabel, labelsByName } from './documents.ts';
import { readField, tryField, unreadable, type FieldAnswer, type Graphql } from './graphql.ts';
import { CreatedLabel, Labels, type Label } from './schema.ts';
import type { Target } from './team-settings.ts';

/** Which label a team's issues get: the workspace's, else the team's own; undefined where there is none yet. */
export function chooseLabel(answer: FieldAnswer | undefined, team: string, name: string): Target | undefined {
  const read = tryField(answer, Labels, 'FindLabels');
  if (!read.ok) return read;
  const own = (read.value?.nodes ?? []).filter((label) => (label.team?.id ?? team) === team);
  // A group cannot be put on an issue, a retired label no longer, and a group's child may push a sibling off it.
  const usable = own.filter(({ isGroup, retiredAt, parent }) => !isGroup && !retiredAt && !parent);
  const chosen = usable.find((label) => !label.team) ?? usable[0];
  if (chosen !== undefined) return { ok: true, id: chosen.id };
  const [other] = own;
  if (other === undefined) return undefined;
  const why = other.isGroup ? 'is a group of labels' : other.retiredAt ? 'is retired' : 'belongs to a group of labels';
  return noLabel(
    'unsuitable',
    `The Linear label "${name}" ${why} and cannot be used; rename it, or configure another label`,
  );
}

/** Makes the label for teams that have none: one for the workspace where that is permitted, else one for each team. */
export async function makeLabel(
  graphql: Graphql,
  name: string,
  teams: readonly string[],
): Promise<Map<string, Target>> {
  const forWorkspace = await create(graphql, name, null);
  if (!isConnectorError(forWorkspace)) return new Map(teams.map((team) => [team, { ok: true, id: forWorkspace.id }]));

  // Refused: somebody may have made it in the meantime, or another team's label has the name.
  const found = await graphql.ask(
    'FindLabels',
    teams.map((team) => labelsByName(name, team)),
  );
  const targets = new Map<string, Target>();
  for (const [index, team] of teams.entries()) {
    const chosen = chooseLabel(found[index], team, name);
    targets.set(team, chosen ?? (await makeForTeam(graphql, name, team, forWorkspace)));
  }
  return targets;
}

async function makeForTeam(graphql: Graphql, name: string, team: string, refused: ConnectorError): Promise<Target> {
  const made = refused.code === 'forbidden' ? refused : await create(graphql, name, team);
  if (!isConnectorError(made)) return { ok: true, id: made.id };
  return noLabel(
    made.code,
    `Linear does not let this credential make the label "${name}"; create it by hand once, under Settings → Labels`,
  );
}

function noLabel(code: ConnectorErrorCode, message: string): Target {
  return { ok: false, error: new ConnectorError({ vendor: 'linear', code, message }) };
}

/** The new label, or the refusal. Anything but a refusal is thrown: it may have been made. */
async function create(graphql: Graphql, name: string, team: string | null): Promise<Label | ConnectorError> {
  const [answer] = await settle(graphql, name, team);
  if (answer?.kind === 'error') {
    if (answer.error.code === 'refused' || answer.error.code === 'forbidden') return answer.error;
    throw answer.error;
  }
  const created = answer?.kind === 'value' ? readField(answer, CreatedLabel, 'CreateLabel') : null;
  if (created?.success !== true || !created.issueLabel) throw unreadable('CreateLabel');
  return created.issueLabel;
}

// A refusal may come as the field's error or as the whole answer's.
async function settle(graphql: Graphql, name: string, team: string | null) {
  try {
    return await graphql.send('mutation', 'CreateLabel', [createLabel(name, team)]);
  } catch (error) {
    if (isConnectorError(error) && (error.code === 'refused' || error.code === 'forbidden')) {
      return [{ kind: 'error', error } as const];
    }
    throw error;
  }
}
