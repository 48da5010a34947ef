import type { LinearAuth } from '../../connectors/linear/auth.ts';
import { createLinearInspector, type LinearInspector, type LinearLabel } from '../../connectors/linear/inspect.ts';
import { fine, type Check } from '../check.ts';
import { attempt, type Attempt } from './attempt.ts';
import { checkLinearContact, unanswered } from './linear-contact.ts';
import { checkLabels } from './linear-label.ts';
import { checkStates, checkTeams, wantedTeams, type Choices } from './linear-teams.ts';

export interface LinearToCheck extends Choices {
  readonly url: string;
  readonly auth: LinearAuth;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

/** What is looked at in Linear, by the id of its check. */
export const linearChecks: Readonly<Record<string, string>> = {
  'linear.reachable': 'Linear can be reached at the configured address, and answers.',
  'linear.credential': 'Linear accepts the credential; whose it is, and of which workspace.',
  'linear.scopes':
    'The credential may read, and an application’s token may write. What a key may write, Linear does not tell.',
  'linear.rate_limit': 'Enough of the hour’s requests is left.',
  'linear.clock': 'Linear and this machine agree on the time.',
  'linear.teams': 'The credential sees the teams whose issues count.',
  'linear.state': 'Each of these teams has the completed state that its issues are moved to.',
  'linear.label': 'The label of closed issues can be put on the issues of each team, or be made.',
  'linear.gitlab': 'Whether Linear’s own GitLab integration is connected; it may be or not.',
};

/** Checks everything that closing issues in Linear depends on. Writes nothing. */
export async function checkLinear(options: LinearToCheck): Promise<Check[]> {
  const inspector = createLinearInspector(options);
  const { checks, identity } = await checkLinearContact(inspector, options.auth);
  if (identity === null) return [...checks];
  const [place, gitlab] = await Promise.all([
    checkPlace(inspector, options, identity.mayMakeLabels),
    attempt(inspector.hasGitlab()),
  ]);
  return [...checks, ...place, ...integration(gitlab)];
}

async function checkPlace(inspector: LinearInspector, choices: Choices, mayMake: boolean | null): Promise<Check[]> {
  const configured = choices.teams.map(({ auditedLabel }) => auditedLabel ?? choices.auditedLabel);
  const names = configured.length === 0 ? [choices.auditedLabel] : [...new Set(configured)];
  const [teams, ...labels] = await Promise.all([
    attempt(inspector.listTeams()),
    ...names.map((name) => attempt(inspector.findLabels(name))),
  ]);
  if (!teams.ok) return [unanswered('linear.teams', teams.error)];
  const wanted = wantedTeams(teams.value, choices);
  const visible = checkTeams(teams.value, choices);
  if (wanted.length === 0) return [visible];
  const isEveryTeam = choices.teams.length === 0;
  return [visible, checkStates(wanted, isEveryTeam), ...labelChecks()];

  function labelChecks(): Check[] {
    const found = new Map<string, readonly LinearLabel[]>();
    for (const [index, name] of names.entries()) {
      const answer = labels[index];
      if (answer?.ok === false) return [unanswered('linear.label', answer.error)];
      if (answer !== undefined) found.set(name, answer.value);
    }
    return [checkLabels(wanted, found, mayMake)];
  }
}

// Nothing depends on it: what cannot be told is left out.
function integration(connected: Attempt<boolean | null>): Check[] {
  if (!connected.ok || connected.value === null) return [];
  const message = connected.value
    ? 'Linear’s GitLab integration is connected: issues are found by its links too, and may be completed by it already'
    : 'Linear’s GitLab integration is not connected: issues are found by branch, title and description';
  return [fine('linear.gitlab', message)];
}
