/**
 * What a new `countersign.yaml` looks like before answers are filled in. Values here are placeholders; every key that
 * `init` asks about stands in it, so that its comment finds its place.
 */
export const template = `# Everything that can stand here: docs/configuration.md. Secrets do not: they stand in .env.
# Check it with: countersign config check && countersign doctor

gitlab:
  url: https://gitlab.com
  groups: [] # full paths, subgroups included
  projects: [] # further full paths

# Which merge requests are recorded. * stands for any characters.
filter:
  labels: ['security::*']

linear:
  audited_label: audited # made where it is missing
  # Empty: the first completed state of each issue's own team.
  completed_state: null
  # Empty: every team that the credential can see. An entry may have a completed_state and an audited_label of its own.
  teams: []

confluence:
  url: https://acme.atlassian.net/wiki
  api: cloud # cloud or data_center
  page_id: '1' # the audit page; or space and title

slack:
  # The first pod in this order with any match is the change's pod: labels, reviewers, groups, projects, paths.
  pods: []
  fallback_channel: C0 # for changes that no pod matches

server:
  public_url: https://countersign.acme.example # where GitLab reaches us and links lead
  listen: 127.0.0.1:8080

# What a review must show is the policy: docs/set-up.md. Try it on what was merged: countersign backtest --since 90d
`;
