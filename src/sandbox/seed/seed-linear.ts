import type { MergeRequestView } from '../gitlab/operations/view.ts';
import type { FakeLinear } from '../linear/linear.ts';
import type { Scenario } from './scenarios.ts';

/** Builds the teams with their labels. */
export function seedTeams(linear: FakeLinear): void {
  linear.createTeam({ key: 'SEC', name: 'Security' });
  linear.createTeam({ key: 'PLAT', name: 'Platform' });
  linear.createLabel({ name: 'vulnerability' });
  linear.createLabel({ name: 'hardening', team: 'SEC' });
  linear.createIssue({ team: 'PLAT', title: 'Upgrade the build machines', state: 'In Progress' });
}

/** Makes the issue of a merge request, linked as Linear’s own integration links it. */
export function seedIssue(linear: FakeLinear, scenario: Scenario, mr: MergeRequestView): void {
  if (scenario.issue === undefined) return;
  const { identifier } = linear.createIssue({
    team: 'SEC',
    number: scenario.issue,
    title: scenario.title.startsWith('<') ? 'Sanitise what partners send as a title' : scenario.title,
    description: `Found in review. See ${mr.webUrl}`,
    state: 'In Review',
    labels: [scenario.labels.includes('security::low') ? 'hardening' : 'vulnerability'],
    createdAt: new Date(Date.parse(mr.createdAt) - 24 * 3_600_000).toISOString(),
  });
  linear.attach(identifier, { url: mr.webUrl, title: `${mr.project}!${mr.iid}`, sourceType: 'gitlab' });
}
