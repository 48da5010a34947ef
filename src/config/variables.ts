/** A variable of the environment that is read, and what it is for. */
export interface Variable {
  readonly name: string;
  readonly about: string;
}

/** Every variable that is read. All but `COUNTERSIGN_…` are other people's words for things, and kept. */
export const variables: readonly Variable[] = [
  {
    name: 'GITLAB_TOKEN',
    about: 'GitLab: a token with `read_api`.',
  },
  {
    name: 'GITLAB_HOOK_TOKEN',
    about:
      'A token with `api` that `countersign enable` makes the hook with, for that command alone. Not set: GITLAB_TOKEN makes it.',
  },
  {
    name: 'GITLAB_SIGNING_TOKEN',
    about:
      'GitLab from 19.0 on: the signing token of the webhook, `whsec_…`. A comma separates two that hold during rotation.',
  },
  {
    name: 'GITLAB_WEBHOOK_TOKEN',
    about: 'Older GitLab: the secret token of the webhook. A comma separates two that hold during rotation.',
  },
  { name: 'LINEAR_API_KEY', about: 'Linear: a personal key. Or the next two.' },
  { name: 'LINEAR_CLIENT_ID', about: 'Linear: an OAuth application with client credentials.' },
  { name: 'LINEAR_CLIENT_SECRET', about: 'Linear: its secret.' },
  { name: 'CONFLUENCE_EMAIL', about: 'Confluence Cloud: whose token it is.' },
  { name: 'CONFLUENCE_API_TOKEN', about: 'Confluence Cloud: the token.' },
  {
    name: 'CONFLUENCE_TOKEN',
    about: 'Confluence Data Center: a personal access token. On Cloud, with `confluence.api: cloud`, an OAuth token.',
  },
  { name: 'SLACK_BOT_TOKEN', about: 'Slack: the bot token of the app, `xoxb-…`.' },
  { name: 'SUMMARY_API_KEY', about: 'The key for the model that writes summaries; only where `summary` names one.' },
  {
    name: 'DATABASE_URL',
    about: 'A Postgres of yours, `postgres://user:password@host:5432/database`. Not set: a built-in one.',
  },
  {
    name: 'COUNTERSIGN_SIGNING_KEY',
    about: 'The Ed25519 key of the log, PKCS#8 PEM. Not set: made under the data folder.',
  },
  { name: 'COUNTERSIGN_NEXT_SIGNING_KEY', about: 'The key to go over to, for `countersign keys rotate`.' },
];
