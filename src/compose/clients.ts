import type { Config } from '../config/config.ts';
import { createConfluence } from '../connectors/confluence/client.ts';
import { createGitLab } from '../connectors/gitlab/client.ts';
import { createLinear } from '../connectors/linear/client.ts';
import { createSlack } from '../connectors/slack/client.ts';
import { createLayout } from '../templates/layout.ts';

/** The four vendors, and where on them things go. Read-only clients refuse every call that may write. */
export function createClients(config: Config, { readOnly = false }: { readonly readOnly?: boolean } = {}) {
  const { gitlab, linear, confluence, slack, message, policy } = config;
  const { group } = policy.securityReviewers;
  const layout = createLayout({
    columns: config.row.columns,
    messageTemplate: message.template,
    publicUrl: config.server.publicUrl,
  });
  return {
    gitlab: createGitLab({
      url: gitlab.url,
      token: gitlab.token.reveal(),
      readOnly,
      ...(group === null ? {} : { securityReviewersGroup: group }),
    }),
    linear: createLinear({
      url: linear.url,
      readOnly,
      auth:
        linear.auth.kind === 'api_key'
          ? { kind: 'api_key', key: linear.auth.key.reveal() }
          : {
              kind: 'client_credentials',
              clientId: linear.auth.clientId,
              clientSecret: linear.auth.clientSecret.reveal(),
            },
      auditedLabel: linear.auditedLabel,
      ...(linear.completedState === null ? {} : { completedState: linear.completedState }),
      teams: linear.teams,
    }),
    confluence: createConfluence({
      url: confluence.url,
      readOnly,
      flavour: confluence.api,
      auth:
        confluence.auth.kind === 'basic'
          ? { kind: 'basic', email: confluence.auth.email, token: confluence.auth.token.reveal() }
          : { kind: 'bearer', token: confluence.auth.token.reveal() },
    }),
    slack: createSlack({ url: slack.url, token: slack.token.reveal(), readOnly }),
    publicUrl: config.server.publicUrl,
    page: confluence.page,
    pods: slack.pods,
    fallbackChannel: slack.fallbackChannel,
    digestAbove: message.digestAbove,
    layoutOf: () => layout,
  };
}
