import type { Config } from '../config/config.ts';
import { createConfluence } from '../connectors/confluence/client.ts';
import { createGitLab } from '../connectors/gitlab/client.ts';
import { createLinear } from '../connectors/linear/client.ts';
import { createSlack } from '../connectors/slack/client.ts';
import { confluenceAuthOf, linearAuthOf } from './credentials.ts';
import { layoutsOf } from './layouts.ts';

/** The four vendors, and where on them things go. Read-only clients refuse every call that may write. */
export function createClients(config: Config, { readOnly = false }: { readonly readOnly?: boolean } = {}) {
  const { gitlab, linear, confluence, slack, message, policy } = config;
  const { group } = policy.securityReviewers;
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
      auth: linearAuthOf(config),
      auditedLabel: linear.auditedLabel,
      ...(linear.completedState === null ? {} : { completedState: linear.completedState }),
      teams: linear.teams,
    }),
    confluence: createConfluence({
      url: confluence.url,
      readOnly,
      flavour: confluence.api,
      auth: confluenceAuthOf(config),
    }),
    slack: createSlack({ url: slack.url, token: slack.token.reveal(), readOnly }),
    publicUrl: config.server.publicUrl,
    page: confluence.page,
    roll: confluence.roll,
    pods: slack.pods,
    fallbackChannel: slack.fallbackChannel,
    digestAbove: message.digestAbove,
    layoutOf: layoutsOf(config),
  };
}
