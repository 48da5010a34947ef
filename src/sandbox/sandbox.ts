import { randomBytes } from 'node:crypto';
import { startConfluence, type FakeConfluence } from './confluence/confluence.ts';
import type { ConfluenceSwitches } from './confluence/switches.ts';
import { createFaults, type Faults } from './faults.ts';
import { startGitLab, type FakeGitLab } from './gitlab/gitlab.ts';
import type { Tier } from './gitlab/model.ts';
import type { GitLabSwitches } from './gitlab/switches.ts';
import type { Call } from './http.ts';
import type { LinearSecrets } from './linear/credentials.ts';
import { startLinear, type FakeLinear } from './linear/linear.ts';
import type { LinearSwitches } from './linear/switches.ts';
import { startModel, type FakeModel } from './model/model.ts';
import type { ModelSwitches } from './model/switches.ts';
import { control } from './page/control.ts';
import { servePage } from './page/server.ts';
import { seedDemo } from './seed/seed-demo.ts';
import { fallbackChannel, pods } from './seed/people.ts';
import { auditSpace, auditTitle } from './seed/seed-confluence.ts';
import { startSlack, type FakeSlack } from './slack/slack.ts';
import type { SlackSwitches } from './slack/switches.ts';

export interface SandboxOptions {
  readonly ports?: {
    home?: number;
    gitlab?: number;
    linear?: number;
    confluence?: number;
    slack?: number;
    model?: number;
  };
  readonly tier?: Tier;
  readonly gitlabVersion?: string;
  readonly confluence?: 'cloud' | 'data_center';
  readonly switches?: {
    readonly gitlab?: Partial<GitLabSwitches>;
    readonly linear?: Partial<LinearSwitches>;
    readonly confluence?: Partial<ConfluenceSwitches>;
    readonly slack?: Partial<SlackSwitches>;
    readonly model?: Partial<ModelSwitches>;
  };
  /** Whether a model that writes summaries runs beside the vendors. */
  readonly model?: boolean;
  readonly seed?: Seed;
  /** What the vendors take for the time; the machine's clock unless told. */
  readonly now?: () => Date;
}

export type Seed = 'demo' | 'empty';

/** The four vendors, running, and the page that shows them. */
export interface Sandbox {
  readonly home: { readonly url: string };
  readonly gitlab: FakeGitLab;
  readonly linear: FakeLinear;
  readonly confluence: FakeConfluence;
  readonly slack: FakeSlack;
  /** Null unless it was asked for. */
  readonly model: FakeModel | null;
  readonly faults: Faults;
  readonly calls: Call[];
  /** Makes the hook of the group `acme` (of each of its projects on Free) that delivers to this address. */
  connectHook(url: string): void;
  /** The secrets of a service that is to work against the sandbox, by the names of its variables. */
  environment(): Record<string, string>;
  /** What stands in the configuration of such a service. */
  configuration(): Record<string, unknown>;
  /** Starts over, at the same addresses; hooks that were connected stay. */
  reset(seed?: Seed): Promise<void>;
  close(): Promise<void>;
}

/** Ids that one life of the instance may use up. */
const idsEach = 100_000;

interface Vendors {
  readonly gitlab: FakeGitLab;
  readonly linear: FakeLinear;
  readonly confluence: FakeConfluence;
  readonly slack: FakeSlack;
}

/** Starts fake versions of GitLab, Linear, Confluence and Slack on free ports of this machine. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const faults = createFaults();
  const calls: Call[] = [];
  const signingToken = `whsec_${randomBytes(32).toString('base64')}`;
  const secretToken = randomBytes(16).toString('hex');
  const gitlabToken = `glpat-sandbox-${randomBytes(8).toString('hex')}`;
  const hooks: string[] = [];
  let timesReset = 0;
  let seed = options.seed ?? 'demo';
  let vendors = await startVendors(options, { faults, calls }, options.ports ?? {});
  // It keeps nothing that starting over would have to forget.
  const model = options.model === true ? await startModelOf(options, { faults, calls }) : null;

  const sandbox: Sandbox = {
    get home() {
      return { url: page.url };
    },
    get gitlab() {
      return vendors.gitlab;
    },
    get linear() {
      return vendors.linear;
    },
    get confluence() {
      return vendors.confluence;
    },
    get slack() {
      return vendors.slack;
    },
    model,
    faults,
    calls,
    connectHook(url) {
      hooks.push(url);
      addHook(vendors.gitlab, url, { signingToken, secretToken });
    },
    environment: () => ({
      GITLAB_TOKEN: gitlabToken,
      ...(signs(vendors.gitlab) ? { GITLAB_SIGNING_TOKEN: signingToken } : { GITLAB_WEBHOOK_TOKEN: secretToken }),
      LINEAR_API_KEY: vendors.linear.apiKey,
      ...(vendors.confluence.flavour === 'cloud'
        ? { CONFLUENCE_EMAIL: vendors.confluence.email, CONFLUENCE_API_TOKEN: vendors.confluence.apiToken }
        : { CONFLUENCE_TOKEN: vendors.confluence.personalAccessToken }),
      SLACK_BOT_TOKEN: vendors.slack.botToken,
      ...(model === null ? {} : { SUMMARY_API_KEY: model.apiKey }),
    }),
    configuration: () => ({
      gitlab: { url: vendors.gitlab.url, groups: ['acme'] },
      filter: { labels: ['security::*'], target_branches: ['*'] },
      linear: { url: vendors.linear.url, audited_label: 'audited' },
      confluence: { url: vendors.confluence.url, space: auditSpace.key, title: auditTitle },
      slack: { url: vendors.slack.url, pods: pods.map((pod) => ({ ...pod })), fallback_channel: fallbackChannel.id },
      server: { public_url: 'http://127.0.0.1:8080', listen: '127.0.0.1:0' },
      ...(model === null ? {} : { summary: { model: model.model, url: model.url } }),
    }),
    async reset(next = seed) {
      seed = next;
      const ports = portsOf(vendors);
      await closeVendors(vendors);
      faults.clear();
      calls.length = 0;
      const { apiKey, clientId, clientSecret } = vendors.linear;
      const secrets = { linear: { apiKey, clientId, clientSecret }, slack: vendors.slack.botToken };
      timesReset++;
      vendors = await startVendors(options, { faults, calls }, ports, { ...secrets, idsFrom: timesReset * idsEach });
      fill();
    },
    async close() {
      await page.close();
      await closeVendors(vendors);
      await model?.close();
    },
  };

  function fill(): void {
    if (seed === 'demo') seedDemo(vendors);
    else seedDemo(vendors, { mergeRequests: false });
    vendors.gitlab.createToken({
      name: 'countersign',
      group: 'acme',
      role: 'maintainer',
      scopes: ['read_api'],
      value: gitlabToken,
    });
    for (const url of hooks) addHook(vendors.gitlab, url, { signingToken, secretToken });
  }
  fill();

  const page = await servePage(async (request) => control(sandbox, request), {
    port: options.ports?.home,
    frames: () => [new URL(vendors.confluence.url).origin],
  });
  return sandbox;
}

async function startVendors(
  { tier, gitlabVersion, confluence, switches = {}, now }: SandboxOptions,
  parts: { faults: Faults; calls: Call[] },
  ports: NonNullable<SandboxOptions['ports']>,
  before?: { readonly linear: LinearSecrets; readonly slack: string; readonly idsFrom: number },
): Promise<Vendors> {
  const at = (port: number | undefined) => (port === undefined ? {} : { port });
  const shared = { ...parts, ...(now === undefined ? {} : { now }) };
  const [gitlab, linear, wiki, slack] = await Promise.all([
    startGitLab({
      ...shared,
      ...at(ports.gitlab),
      ...(before === undefined ? {} : { idsFrom: before.idsFrom }),
      ...(tier === undefined ? {} : { tier }),
      ...(gitlabVersion === undefined ? {} : { version: gitlabVersion }),
      ...(switches.gitlab === undefined ? {} : { switches: switches.gitlab }),
    }),
    startLinear({
      ...shared,
      ...at(ports.linear),
      ...(before === undefined ? {} : { secrets: before.linear }),
      ...(switches.linear === undefined ? {} : { switches: switches.linear }),
    }),
    startConfluence({
      ...shared,
      ...at(ports.confluence),
      ...(confluence === undefined ? {} : { flavour: confluence }),
      ...(switches.confluence === undefined ? {} : { switches: switches.confluence }),
    }),
    startSlack({
      ...shared,
      ...at(ports.slack),
      ...(before === undefined ? {} : { botToken: before.slack }),
      ...(switches.slack === undefined ? {} : { switches: switches.slack }),
    }),
  ]);
  return { gitlab, linear, confluence: wiki, slack };
}

function startModelOf(
  { ports, switches }: SandboxOptions,
  shared: { faults: Faults; calls: Call[] },
): Promise<FakeModel> {
  return startModel({
    ...shared,
    ...(ports?.model === undefined ? {} : { port: ports.model }),
    ...(switches?.model === undefined ? {} : { switches: switches.model }),
  });
}

async function closeVendors({ gitlab, linear, confluence, slack }: Vendors): Promise<void> {
  await Promise.all([gitlab.close(), linear.close(), confluence.close(), slack.close()]);
}

function portsOf({ gitlab, linear, confluence, slack }: Vendors) {
  const port = ({ url }: { url: string }): number => Number(new URL(url).port);
  return { gitlab: port(gitlab), linear: port(linear), confluence: port(confluence), slack: port(slack) };
}

// Group hooks belong to paid tiers; on Free every project has its own.
function addHook(gitlab: FakeGitLab, url: string, tokens: { signingToken: string; secretToken: string }): void {
  const secret = signs(gitlab) ? { signingToken: tokens.signingToken } : { token: tokens.secretToken };
  if (gitlab.tier !== 'free') {
    gitlab.createHook({ group: 'acme', url, ...secret });
    return;
  }
  for (const { path } of gitlab.snapshot().projects) gitlab.createHook({ project: path, url, ...secret });
}

// Signing tokens came with GitLab 19.0.
function signs({ version }: FakeGitLab): boolean {
  return Number.parseInt(version, 10) >= 19;
}
