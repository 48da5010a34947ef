import { randomBytes } from 'node:crypto';
import type { Fault, Faults } from '../faults.ts';
import { serveVendor, type Call, type SandboxAnswer, type SandboxRequest } from '../http.ts';
import { answerMethod, writes, type PlannedError } from './endpoint.ts';
import { createLimits } from './limits.ts';
import { createPeople, type People } from './people.ts';
import { usualSwitches, type SlackSwitches } from './switches.ts';
import { createWorkspace } from './workspace.ts';

export interface SlackOptions {
  readonly faults: Faults;
  readonly calls: Call[];
  readonly port?: number;
  readonly switches?: Partial<SlackSwitches>;
  readonly now?: () => Date;
  /** Of a server that this one stands in for; a new one where it is not given. */
  readonly botToken?: string;
}

/** A running fake Slack with one workspace and one app in it. */
export interface FakeSlack extends People {
  /** What `slackApiUrl` is set to; it ends with a slash. */
  readonly url: string;
  readonly botToken: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly appId: string;
  readonly teamId: string;
  /** Can be set at any time. */
  readonly switches: SlackSwitches;
  setScopes(scopes: readonly string[]): void;
  /** Refuses the token from now on; the code says why. */
  revokeToken(code?: 'token_revoked' | 'token_expired' | 'account_inactive' | 'invalid_auth'): void;
  restoreToken(): void;
  /** Answers the next calls of a method with an error code; with `committed`, after doing what was asked. */
  failNext(error: PlannedError, times?: number): void;
  close(): Promise<void>;
}

/** What an app is usually given for posting and reading back. */
export const usualScopes = ['chat:write', 'channels:history', 'groups:history', 'channels:read', 'groups:read'];

/** Runs a fake Slack on 127.0.0.1. */
export async function startSlack(options: SlackOptions): Promise<FakeSlack> {
  const { faults, calls, port, now = () => new Date() } = options;
  const switches = usualSwitches(options.switches);
  const clock = (): number => now().getTime();
  const workspace = createWorkspace(clock);
  const botToken = options.botToken ?? `xoxb-${randomBytes(16).toString('hex')}`;
  let scopes: ReadonlySet<string> = new Set(usualScopes);
  let refusal: string | undefined;
  let planned: PlannedError[] = [];

  const endpoint = {
    workspace,
    switches,
    limits: createLimits(switches, clock),
    refused: (token: string) => (token === botToken ? refusal : 'invalid_auth'),
    scopes: () => scopes,
    planned(method: string) {
      const found = planned.find((error) => error.method === method);
      planned = planned.filter((error) => error !== found);
      return found;
    },
  };
  const answer = (request: SandboxRequest): SandboxAnswer =>
    answerMethod(endpoint, request.params['method'] ?? '', request);
  const server = await serveVendor({
    vendor: 'slack',
    faults,
    calls,
    describe: describeRequest,
    wordFault,
    routes: { 'POST /api/:method': answer, 'GET /api/:method': answer },
    otherwise: () => ({
      status: 404,
      body: 'Not found\n',
      headers: { 'content-type': 'text/plain' },
      fact: 'slack 1 form or JSON body',
    }),
    ...(port === undefined ? {} : { port }),
  });

  return {
    ...createPeople(workspace, switches),
    url: `${server.url}/api/`,
    botToken,
    botUserId: workspace.bot.userId,
    botId: workspace.bot.botId,
    appId: workspace.bot.appId,
    teamId: workspace.teamId,
    switches,
    setScopes(given) {
      scopes = new Set(given);
    },
    revokeToken(code = 'token_revoked') {
      refusal = code;
    },
    restoreToken() {
      refusal = undefined;
    },
    failNext(error, times = 1) {
      planned.push(...Array.from({ length: times }, () => ({ ...error })));
    },
    close: () => server.close(),
  };
}

function describeRequest({ params }: SandboxRequest): { operation: string; write: boolean } | undefined {
  const { method } = params;
  return method === undefined ? undefined : { operation: method, write: writes(method) };
}

// A refusal of Slack's own is HTTP 200; everything else is as a proxy would say it.
function wordFault({ kind }: Fault): SandboxAnswer | undefined {
  if (kind !== 'refuse') return undefined;
  return { status: 200, body: { ok: false, error: 'restricted_action' }, fact: 'sandbox answers as it was told to' };
}
