import type { FakeGitLab } from '../gitlab/gitlab.ts';
import type { MergeRequestView } from '../gitlab/operations/view.ts';
import { people, pods, severities } from './people.ts';
import type { Scenario, Step } from './scenarios.ts';

const hour = 3_600_000;

/** Builds groups, projects, people, labels and rules. */
export function seedGroups(gitlab: FakeGitLab): void {
  const at = new Date(Date.now() - 400 * 24 * hour).toISOString();
  gitlab.createGroup({ path: 'acme', name: 'Acme', at });
  gitlab.createGroup({ path: 'platform', parent: 'acme', name: 'Platform', at });
  const project = (group: string, path: string, description: string, mergeMethod: 'merge' | 'ff' = 'merge'): void => {
    gitlab.createProject({ group, path, description, mergeMethod, externalTracker: true, at });
  };
  project('acme', 'payments', 'Card payments and payouts');
  project('acme', 'identity', 'Sign-in, sessions, tokens');
  project('acme', 'web', 'The web application', 'ff');
  project('acme', 'mobile', 'Apps for iOS and Android');
  project('acme/platform', 'infra', 'Images, clusters, pipelines');

  for (const { username, name, role, kind = 'person' } of people) {
    gitlab.createUser({
      username,
      name,
      kind,
      email: `${username}@acme.example`,
      memberOf: [{ group: 'acme', role }],
      at,
    });
  }
  for (const label of severities) gitlab.createLabel({ group: 'acme', ...label, at });
  const areas = new Set(pods.flatMap(({ labels }) => labels).filter((title) => title !== 'security::critical'));
  for (const title of areas) gitlab.createLabel({ group: 'acme', title, color: '#6a5acd', at });
  for (const title of ['backend', 'frontend']) gitlab.createLabel({ group: 'acme', title, color: '#8fbc8f', at });

  gitlab.setProjectSettings({ project: 'acme/payments', pipelineMustSucceed: true, committersMayApprove: false });
  gitlab.setProjectSettings({ project: 'acme/identity', committersMayApprove: false });
  gitlab.setProjectSettings({ project: 'acme/mobile', resetOnPush: false });
  if (gitlab.tier === 'free') return;
  const ruleOf = (name: string, users: readonly string[]) => [{ name, required: 1, users: [...users] }];
  gitlab.setApprovalRules({
    project: 'acme/payments',
    rules: [
      ...ruleOf('Payments reviewers', ['bchen', 'cdahl']),
      { name: 'All Members', type: 'any_approver', required: 2 },
    ],
  });
  gitlab.setApprovalRules({
    project: 'acme/identity',
    rules: ruleOf('Identity reviewers', ['dokafor', 'emeyer']),
  });
  gitlab.setApprovalRules({ project: 'acme/platform/infra', rules: ruleOf('Platform', ['jlarsen', 'kmori']) });
  gitlab.setApprovalRules({
    project: 'acme/mobile',
    rules: [{ name: 'All Members', type: 'any_approver', required: 1 }],
  });
}

/** Opens one merge request and lets its story happen. */
export function playScenario(gitlab: FakeGitLab, scenario: Scenario): MergeRequestView {
  const { project, author, title, issue, steps } = scenario;
  const closes = issue === undefined ? '' : `\n\nFixes SEC-${issue}`;
  const opened = gitlab.createMergeRequest({
    project,
    author,
    title,
    description: `${scenario.about}.${closes}`,
    ...(issue === undefined ? {} : { sourceBranch: `${author}/sec-${issue}-change` }),
    assignees: [author],
    reviewers: [...scenario.reviewers],
    labels: [...scenario.labels],
    squash: scenario.squash ?? false,
    pipeline: scenario.pipeline ?? 'success',
    ...(scenario.commits === undefined ? {} : { commits: scenario.commits.map((commit) => ({ ...commit })) }),
    at: ago(scenario.opened),
  });
  return steps.reduce((view, step) => take(gitlab, { project, iid: opened.iid }, step) ?? view, opened);
}

function take(gitlab: FakeGitLab, mr: { project: string; iid: number }, step: Step): MergeRequestView | undefined {
  const acts = { ...mr, by: step.by, at: ago(step.ago) };
  switch (step.do) {
    case 'approve':
      return gitlab.approve(acts);
    case 'unapprove':
      return gitlab.unapprove(acts);
    case 'request_changes':
      return gitlab.setReviewState({ ...acts, state: 'requested_changes' });
    case 'merge':
      return gitlab.merge({ ...acts, anyway: true });
    case 'push':
      return gitlab.push({ ...acts, commits: [{ title: step.title }] });
    case 'note':
      gitlab.note({ ...acts, body: step.body });
      return undefined;
  }
}

function ago(hours: number): string {
  return new Date(Date.now() - hours * hour).toISOString();
}
