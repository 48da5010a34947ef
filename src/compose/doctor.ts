import type { Config } from '../config/config.ts';
import type { Check } from '../setup/check.ts';
import { checkConfluence } from '../setup/doctor/confluence.ts';
import { checkGitLab } from '../setup/doctor/gitlab.ts';
import { checkLinear } from '../setup/doctor/linear.ts';
import { checkOwn } from '../setup/doctor/own.ts';
import { sampleRow } from '../setup/doctor/sample-row.ts';
import { checkSlack } from '../setup/doctor/slack.ts';
import { linearAuthOf } from './credentials.ts';
import { layoutsOf } from './layouts.ts';

export interface DoctorOptions {
  readonly config: Config;
  readonly dataFolder: string;
  /** Null where there is none. */
  readonly envFile: string | null;
  /** Told when one of the parts has been looked at, and how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Looks at everything that the service will depend on, all of it at once. Writes nothing anywhere. */
export async function examine(options: DoctorOptions): Promise<Check[]> {
  const { config, dataFolder, envFile, onProgress = () => undefined } = options;
  const { gitlab, filter, projects, policy, linear, confluence, slack, server, database, signingKey } = config;
  const parts = [
    checkGitLab({
      url: gitlab.url,
      token: gitlab.token,
      groups: gitlab.groups,
      projects: gitlab.projects,
      labels: [...filter.labels, ...projects.flatMap(({ labels }) => labels ?? [])],
      securityReviewersGroup: policy.securityReviewers.group,
      named: {
        overrides: projects.map(({ path }) => path),
        pods: {
          groups: [...new Set(slack.pods.flatMap(({ groups }) => groups))],
          reviewers: [...new Set(slack.pods.flatMap(({ reviewers }) => reviewers))],
        },
      },
      publicUrl: server.publicUrl,
      webhook: { signing: gitlab.webhook.signing.length > 0, token: gitlab.webhook.token.length > 0 },
    }),
    checkLinear({
      url: linear.url,
      auth: linearAuthOf(config),
      teams: linear.teams,
      completedState: linear.completedState,
      auditedLabel: linear.auditedLabel,
    }),
    checkConfluence({
      url: confluence.url,
      flavour: confluence.api,
      auth: confluence.auth,
      page: confluence.page,
      row: sampleRow(layoutsOf(config)('')),
    }),
    checkSlack({
      url: slack.url,
      token: slack.token.reveal(),
      pods: slack.pods,
      fallbackChannel: slack.fallbackChannel,
    }),
    checkOwn({
      dataFolder,
      databaseUrl: database.url,
      signingKey,
      publicUrl: server.publicUrl,
      listen: server.listen,
      envFile,
    }),
  ];
  let done = 0;
  const told = parts.map(async (part) => {
    const checks = await part;
    onProgress(++done, parts.length);
    return checks;
  });
  return (await Promise.all(told)).flat();
}
