import { isConnectorError, type ConnectorError } from '../../connectors/errors.ts';
import type { LinearAuth } from '../../connectors/linear/auth.ts';
import type { LinearIdentity, LinearInspector } from '../../connectors/linear/inspect.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { attempt, isPassing, tryAgain } from './attempt.ts';
import { checkClock } from './clock.ts';

export interface LinearContact {
  readonly checks: readonly Check[];
  /** Null where nothing more can be told. */
  readonly identity: LinearIdentity | null;
}

const reachable = 'linear.reachable';
const credential = 'linear.credential';
const scopes = 'linear.scopes';
const rateLimit = 'linear.rate_limit';

const noIssue = 'no issue is found or closed';
const makeKey = 'in Linear under Settings, Security & access, Personal API keys';
const makeApplication = 'in Linear under Settings, API, OAuth applications';

/** Whether Linear answers, whose the credential is and what it was given. Says of a failure only what it shows. */
export async function checkLinearContact(inspector: LinearInspector, auth: LinearAuth): Promise<LinearContact> {
  const asked = await attempt(inspector.whoAmI());
  if (!asked.ok) return { checks: explain(asked.error, auth), identity: null };
  const identity = asked.value;
  const cost = 'the times in records and those in the history of issues do not fit together, which auditors notice';
  return {
    checks: [
      reached(),
      ownerOf(identity),
      ...grantsOf(identity),
      ...quotasOf(identity),
      ...checkClock('linear.clock', 'Linear', identity.clockAheadSeconds, cost),
    ],
    identity,
  };
}

function reached(): Check {
  return fine(reachable, 'Linear answers');
}

function ownerOf({ kind, name, workspace }: LinearIdentity): Check {
  const where = `the workspace ${readable(workspace.name, 60)} (linear.app/${readable(workspace.urlKey, 60)})`;
  const who = readable(name, 60);
  if (kind === 'app') return fine(credential, `The credential is the application ${who} in ${where}`);
  return warning(
    credential,
    `The credential is the personal key of ${who} in ${where}: issues are closed in that person's name, it ends with ` +
      'their account, and whether it may write only the first issue shows',
    `Make an application with client credentials ${makeApplication}, and set LINEAR_CLIENT_ID and LINEAR_CLIENT_SECRET ` +
      'in place of LINEAR_API_KEY',
  );
}

function grantsOf({ scopes: granted }: LinearIdentity): Check[] {
  if (granted === null) return [];
  if (granted.includes('write') || granted.includes('admin')) return [fine(scopes, 'The token may read and write')];
  return [
    failure(
      scopes,
      'The token was not given the scope write: issues are found, and none can be closed or labelled',
      `Allow the application the scope write ${makeApplication}`,
    ),
  ];
}

function quotasOf({ quotas }: LinearIdentity): Check[] {
  if (quotas.length === 0) return [];
  const low = quotas.filter(({ allowed, remaining }) => remaining < allowed / 10);
  const left = quotas.map(({ of, allowed, remaining }) => `${remaining} of ${allowed} ${words[of]}`).join(', ');
  if (low.length === 0) return [fine(rateLimit, `Left for this hour: ${left}`)];
  return [
    warning(
      rateLimit,
      `Hardly anything is left for this hour: ${left}. Issues are closed later than they could be`,
      'Find out what else uses this credential: all keys of one person share one quota, an application has its own',
    ),
  ];
}

const words = { requests: 'requests', complexity: 'points of complexity' } as const;

function explain(error: ConnectorError, auth: LinearAuth): Check[] {
  if (error.code === 'rate_limited') {
    const message = 'Linear has no requests left for this credential now; nothing else could be looked at';
    return [reached(), failure(rateLimit, message, tryAgain(error))];
  }
  if (isPassing(error)) {
    return [failure(reachable, `${error.message}; nothing else could be looked at`, tryAgain(error))];
  }
  if (error.code === 'unreachable') {
    const fix = 'Check linear.url, and that this machine may connect there: DNS, firewall, proxy, certificate';
    return [failure(reachable, `${error.message}: ${noIssue}`, fix)];
  }
  if (error.code === 'unauthorized') return [reached(), refusedCredential(error, auth)];
  // Only Linear itself gives a code of its own; a proxy in between gives a status.
  if (error.code === 'forbidden' && error.vendorCode !== undefined) {
    const message = `Linear does not let the credential read: ${noIssue}`;
    return [reached(), failure(scopes, message, `Give the key Read and Write ${makeKey}, all teams included`)];
  }
  return [
    failure(
      reachable,
      `What answers is not Linear's API (${error.message}): ${noIssue}`,
      'Set linear.url to https://api.linear.app/graphql, and check any proxy in between',
    ),
  ];
}

function refusedCredential({ status }: ConnectorError, auth: LinearAuth): Check {
  if (auth.kind === 'api_key') {
    const [what, fix] = faultOfKey(auth.key);
    return failure(credential, `Linear does not accept the personal key${what}: ${noIssue}`, fix);
  }
  if (status === 400) {
    return failure(
      credential,
      `Linear gives the application no token by client credentials: ${noIssue}`,
      `Switch on client credentials for the application ${makeApplication}`,
    );
  }
  return failure(
    credential,
    `Linear does not know the client id, or not with this secret: ${noIssue}`,
    `Copy LINEAR_CLIENT_ID and LINEAR_CLIENT_SECRET once more; they stand ${makeApplication}`,
  );
}

function faultOfKey(key: string): readonly [what: string, fix: string] {
  if (/^bearer\s/i.test(key)) return [', which begins with "Bearer"', 'Set LINEAR_API_KEY to the key alone'];
  if (key.startsWith('lin_oauth_')) {
    return [
      ', which is an OAuth token and ends by itself',
      'Set LINEAR_CLIENT_ID and LINEAR_CLIENT_SECRET of the application in its place, or a personal key, lin_api_…',
    ];
  }
  const odd = key.startsWith('lin_api_') ? '' : ', which does not begin with lin_api_';
  return [
    odd,
    `It may have been revoked, or not pasted whole. Make a new one ${makeKey}, and set LINEAR_API_KEY to it`,
  ];
}

/** What a question came to that is asked after Linear let us in. */
export function unanswered(id: string, error: unknown): Check {
  if (!isConnectorError(error)) throw error;
  if (isPassing(error)) return failure(id, `This could not be looked at: ${error.message}`, tryAgain(error));
  const fix = `Give the credential access to what is asked for: a key ${makeKey}, an application ${makeApplication}`;
  return failure(id, `This may not be looked at: ${error.message}`, fix);
}
