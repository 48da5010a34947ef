import type { ConnectorError } from '../../connectors/errors.ts';
import type { GitLabIdentity, GitLabInspector } from '../../connectors/gitlab/inspect.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { attempt, isPassing, tryAgain } from './attempt.ts';
import { checkClock } from './clock.ts';
import { nameList } from './name-list.ts';

export interface Contact {
  readonly checks: readonly Check[];
  /** Null where nothing else can be told. */
  readonly identity: GitLabIdentity | null;
}

interface Asking {
  readonly url: string;
  readonly now: () => Date;
  /** Whether deliveries are known by their signature. */
  readonly signing: boolean;
}

const dayMs = 24 * 3600 * 1000;
const warnedDays = 30;
/** Signed deliveries whose time is further from ours are refused. */
const toleranceSeconds = 300;

/** Whether GitLab answers, and what it says of the token and of itself. */
export async function checkContact(inspector: GitLabInspector, asking: Asking): Promise<Contact> {
  const asked = await attempt(inspector.whoAmI());
  if (!asked.ok) return { checks: explain(asked.error, asking.url), identity: null };
  const identity = asked.value;
  const reads = mayRead(identity);
  const checks = [
    answers(asking.url),
    checkToken(identity, asking.now()),
    ...checkScopes(identity, reads),
    ...checkVersion(identity),
    ...checkTime(identity, asking.signing),
  ];
  return { checks, identity: reads ? identity : null };
}

function answers(url: string): Check {
  return fine('gitlab.reachable', `GitLab answers at ${url}`);
}

function explain(error: ConnectorError, url: string): Check[] {
  const id = 'gitlab.reachable';
  // A page where JSON was asked for: that does not pass by itself.
  const isPage = error.code === 'server_error' && error.status === 200;
  if (isPassing(error) && !isPage)
    return [failure(id, `${error.message}. Nothing of GitLab could be told`, tryAgain(error))];
  if (error.code === 'unauthorized') return [answers(url), refusedToken(error)];
  if (error.code === 'forbidden') {
    return [
      answers(url),
      failure(
        'gitlab.token',
        'GitLab turns the owner of the token away (403): the account is blocked, or the token may come from certain addresses only',
        'Ask an administrator of GitLab to unblock the account, or make a token of another one, and put it into GITLAB_TOKEN',
      ),
    ];
  }
  if (error.code === 'unreachable') {
    return [
      failure(
        id,
        `${error.message}. Nothing can be read`,
        'Correct gitlab.url in countersign.yaml, and let DNS, firewall and certificate lead from this machine to GitLab',
      ),
    ];
  }
  return [
    failure(
      id,
      `What answers at ${url} is not the API of GitLab (${isPage ? 'it is a page' : (error.status ?? error.code)})`,
      'Set gitlab.url in countersign.yaml to the address that people use for GitLab, with https:// and with its path prefix where it has one; a page to sign in on before it must let /api/v4 through',
    ),
  ];
}

function refusedToken({ vendorCode }: ConnectorError): Check {
  const why =
    vendorCode === 'token_expired' ? 'has expired' : vendorCode === 'token_revoked' ? 'was revoked' : 'is unknown';
  return failure(
    'gitlab.token',
    `The token ${why}: nothing can be read`,
    'Make a new token in GitLab (in the group: Settings, Access tokens) with the role Reporter and the scope read_api, and put it into GITLAB_TOKEN',
  );
}

function checkToken({ user, token }: GitLabIdentity, now: Date): Check {
  const id = 'gitlab.token';
  const who = user === null ? 'The token is valid' : `The token is that of ${readable(user.username, 100)}`;
  const expiresOn = token?.expiresOn ?? null;
  if (expiresOn === null) return fine(id, token === null ? who : `${who} and does not expire`);
  const days = Math.floor((Date.parse(expiresOn) - now.getTime()) / dayMs);
  if (days > warnedDays) return fine(id, `${who} and is valid until ${expiresOn}`);
  return warning(
    id,
    `The token expires on ${expiresOn}: from then on no review can be read, and records say less`,
    'Rotate it in GitLab (Access tokens, Rotate), or make a new one, and put it into GITLAB_TOKEN before that day',
  );
}

function mayRead({ user, token }: GitLabIdentity): boolean {
  return token === null ? user !== null : token.scopes.some((scope) => scope === 'read_api' || scope === 'api');
}

function checkScopes({ token }: GitLabIdentity, reads: boolean): Check[] {
  const id = 'gitlab.scopes';
  if (token === null) return [];
  if (!reads) {
    const has = token.scopes.length === 0 ? 'no scope' : nameList(token.scopes);
    return [
      failure(
        id,
        `The token has ${has}, and not read_api: no review can be read`,
        'Make a token with the scope read_api, and put it into GITLAB_TOKEN: scopes of a token cannot be changed',
      ),
    ];
  }
  if (!token.scopes.includes('api')) return [fine(id, 'The token has read_api, and may change nothing')];
  return [
    fine(
      id,
      'The token has api, which `countersign enable` needs; for everything else read_api is enough, and may change nothing',
    ),
  ];
}

function checkVersion({ server }: GitLabIdentity): Check[] {
  const id = 'gitlab.version';
  if (server === null) return [];
  const shown = `GitLab is version ${readable(server.version, 60)}`;
  const fix = 'Update GitLab to 19.0 or later';
  if (isBefore(server.version, 17, 4)) {
    return [
      warning(
        id,
        `${shown}: webhooks come unsigned and without an id, so an event that comes twice is known by its content alone`,
        fix,
      ),
    ];
  }
  if (isBefore(server.version, 19, 0)) {
    return [
      warning(
        id,
        `${shown}: webhooks come unsigned, with GITLAB_WEBHOOK_TOKEN in plain text; whoever sees one can make up others`,
        fix,
      ),
    ];
  }
  return [fine(id, shown)];
}

/** True for an earlier version; false where the text is no version. */
export function isBefore(version: string, major: number, minor: number): boolean {
  const [, has = '', and = ''] = /^(\d{1,4})\.(\d{1,4})\b/.exec(version) ?? [];
  if (has === '') return false;
  return Number(has) < major || (Number(has) === major && Number(and) < minor);
}

function checkTime({ clockAheadSeconds: ahead }: GitLabIdentity, signing: boolean): Check[] {
  const id = 'gitlab.clock';
  if (ahead !== null && Math.abs(ahead) >= toleranceSeconds && signing) {
    return [
      failure(
        id,
        `This machine's clock is ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} that of GitLab: every signed webhook is refused`,
        'Let both machines set their clocks by a time server, for instance with: timedatectl set-ntp true',
      ),
    ];
  }
  const cost = `times in records do not fit together, and from ${toleranceSeconds} s on signed webhooks are refused`;
  return checkClock(id, 'GitLab', ahead, cost);
}
